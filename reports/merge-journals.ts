import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { HarnessError } from '../src/errors.ts'
import type { FooterLine, HeaderLine, JournalLine, PlanLine } from './journal-lines.ts'

const shardSchema = z.object({ index: z.int().positive(), count: z.int().positive() })

interface Part {
  readonly lines: readonly JournalLine[]
  readonly header: HeaderLine
  readonly shard: z.infer<typeof shardSchema>
}

/**
 * The parts of a run, made one: what one machine would have written. Pure; the parts may come in any order.
 *
 * @throws HarnessError `CONFIG_INVALID` where they are not all the parts, each once, of one and the same run
 */
export function mergeJournals(journals: readonly (readonly JournalLine[])[]): readonly JournalLine[] {
  const parts = journals.map(partOf).toSorted((a, b) => a.shard.index - b.shard.index)
  const [first] = parts
  if (first === undefined) throw invalid('there is nothing to merge')
  checkSame(parts, first)
  checkWhole(parts, first.shard.count)
  const lines = parts.flatMap((part) => part.lines)
  return [
    {
      ...first.header,
      selection: withoutShard(first.header),
      startedAt: [...parts.map(({ header }) => header.startedAt)].toSorted()[0] ?? first.header.startedAt,
    },
    ...first.lines.filter((line) => line.type === 'waivers'),
    ...plans(lines),
    ...once(lines.filter((line) => line.type === 'not-judged')),
    ...lines.filter((line) => line.type === 'boot' || line.type === 'census' || line.type === 'result' || line.type === 'note'),
    footerOf(parts),
  ]
}

const invalid = (message: string): HarnessError =>
  new HarnessError('CONFIG_INVALID', message, { hint: 'name every shard of one run, made with --shard 1/N to N/N' })

function partOf(lines: readonly JournalLine[]): Part {
  const [header] = lines
  if (header?.type !== 'header') throw new TypeError('a journal starts with its header')
  const shard = shardSchema.safeParse(header.selection['shard'])
  if (!shard.success) throw invalid(`${header.runId} is no part of a run: it was not made with --shard`)
  return { lines, header, shard: shard.data }
}

function checkSame(parts: readonly Part[], first: Part): void {
  for (const { header, lines } of parts) {
    const differs = [
      isDeepStrictEqual(header.tool, first.header.tool) ? [] : ['the version of this tool'],
      isDeepStrictEqual(withoutShard(header), withoutShard(first.header)) ? [] : ['what was asked for'],
      isDeepStrictEqual(header.catalogue, first.header.catalogue) ? [] : ['the catalogue'],
      isDeepStrictEqual(waiversOf(lines), waiversOf(first.lines)) ? [] : ['the waivers'],
    ].flat()
    if (differs.length > 0) throw invalid(`${header.runId} and ${first.header.runId} differ in ${differs.join(' and ')}`)
  }
}

function checkWhole(parts: readonly Part[], count: number): void {
  const indexes = parts.map(({ shard }) => shard.index)
  if (parts.some(({ shard }) => shard.count !== count)) throw invalid(`these are parts of runs in ${parts.map(({ shard }) => shard.count).join(', ')} parts`)
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter((index) => !indexes.includes(index))
  if (missing.length > 0) throw invalid(`part ${missing.join(', ')} of ${count} is missing`)
  const twice = indexes.find((index, at) => indexes.indexOf(index) !== at)
  if (twice !== undefined) throw invalid(`part ${twice} of ${count} is there twice`)
}

const withoutShard = ({ selection }: HeaderLine): HeaderLine['selection'] => Object.fromEntries(Object.entries(selection).filter(([name]) => name !== 'shard'))

const waiversOf = (lines: readonly JournalLine[]): readonly JournalLine[] => lines.filter((line) => line.type === 'waivers')

/** One plan an instance: shards are contiguous, so that its cases in the order of the shards are in the order of the whole. */
function plans(lines: readonly JournalLine[]): readonly PlanLine[] {
  const byInstance = Map.groupBy(
    lines.filter((line) => line.type === 'plan'),
    ({ instance }) => instance.id,
  )
  return [...byInstance.values()].flatMap((own) => {
    const [first] = own
    return first === undefined ? [] : [{ ...first, cases: own.flatMap(({ cases }) => cases) }]
  })
}

const once = <Line extends JournalLine>(lines: readonly Line[]): readonly Line[] => [...new Map(lines.map((line) => [JSON.stringify(line), line])).values()]

/** A part without a footer was cut off: the whole is as incomplete as that. */
function footerOf(parts: readonly Part[]): FooterLine {
  const footers = parts.flatMap(({ lines }) => lines.findLast((line) => line.type === 'footer') ?? [])
  const finishedAt =
    footers
      .map((line) => line.finishedAt)
      .toSorted()
      .at(-1) ??
    parts[0]?.header.startedAt ??
    ''
  return {
    type: 'footer',
    finishedAt,
    complete: footers.length === parts.length && footers.every(({ complete }) => complete),
    interrupted: footers.some(({ interrupted }) => interrupted),
  }
}
