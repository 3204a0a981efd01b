import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { stringify } from 'yaml'
import type { RunCase, RunInstance } from '../reports/run-schema.ts'
import { EXIT, HarnessError } from '../src/errors.ts'
import { matchesPattern } from '../src/deviation.ts'
import { packageRoot } from '../src/root.ts'
import { isExpired, waiverFault, type Waiver } from '../src/waiver.ts'
import { suites } from '../suites/registry.ts'
import type { Arguments, Command } from './command.ts'
import { readRun } from './read-run.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const DEFAULT_DAYS = 90

export const waiveCommand: Command = {
  says: 'writes a waiver from a result of a run: who accepts which failure of one case, why, and until when',
  positionals: '<case>',
  options: {
    from: { type: 'string', value: 'RUN', says: 'its folder, run.json or journal; absent: reports/out/latest' },
    owner: { type: 'string', value: 'WHO', says: 'who answers for it' },
    reason: { type: 'string', value: 'WHY', says: 'why it may stay for now' },
    link: { type: 'string', value: 'URL', says: 'where it is tracked' },
    expiry: { type: 'string', value: 'DAY', says: `the last day on which it holds, at most a year ahead; absent: in ${DEFAULT_DAYS} days` },
    product: { type: 'string', value: 'INSTANCE', says: "which instance's result, where several ran: a pattern" },
    file: { type: 'string', value: 'FILE', says: 'appended to this; absent: printed' },
  },
  run: async (args) => {
    const [id] = args.positionals
    if (id === undefined) throw new HarnessError('USAGE', 'assay waive: which case?', { hint: 'name one that deviates in the run' })
    const nowMs = Date.now()
    const { record } = await readRun(args.one('from') ?? `${packageRoot}/reports/out/latest`, suites)
    const rows = record.cases.filter((row) => row.id === id && matchesPattern(args.one('product') ?? '*', row.instance))
    const waiver = waiverOf(failingOf(id, rows, record.instances), wordsOf(args), nowMs)
    const fault = waiverFault(waiver, nowMs) ?? (isExpired(waiver, nowMs) ? `expiry ${waiver.expiry} is over` : undefined)
    if (fault !== undefined) throw new HarnessError('WAIVER_INVALID', fault)
    const file = args.one('file')
    if (file === undefined) console.log(`waivers:\n${entryOf(waiver)}`)
    else append(file, waiver)
    return EXIT.conforms
  },
}

interface Failing {
  readonly row: RunCase
  readonly instance: RunInstance
}

function failingOf(id: string, rows: readonly RunCase[], instances: readonly RunInstance[]): Failing {
  if (rows.length === 0) throw new HarnessError('UNKNOWN_NAME', `the run has no case ${JSON.stringify(id)}`, { hint: 'a whole id, as in run.json' })
  const failing = rows.find(({ class: kind }) => kind !== undefined)
  const instance = instances.find(({ id: other, evidence }) => other === failing?.instance && evidence === 'real')
  if (failing === undefined || instance === undefined) {
    throw new HarnessError('USAGE', `${id} did not deviate on a real server: ${rows.map(({ state }) => state).join(', ')}`, {
      hint: 'only a deviation can be accepted; what could not run must be made to run',
    })
  }
  return { row: failing, instance }
}

type Words = Pick<Waiver, 'owner' | 'reason' | 'link'> & { readonly expiry: string | undefined }

function wordsOf(args: Arguments): Words {
  const needed = (name: string): string => {
    const given = args.one(name)
    if (given !== undefined && given.trim() !== '') return given
    throw new HarnessError('USAGE', `assay waive: --${name} is missing`, { hint: 'a waiver has an owner, a reason and a link' })
  }
  return { owner: needed('owner'), reason: needed('reason'), link: needed('link'), expiry: args.one('expiry') }
}

/** This case, this very version, this failure: nothing wider than what was seen. */
function waiverOf({ row, instance }: Failing, words: Words, nowMs: number): Waiver {
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
  const { class: kind = 'allowed', code = '', message = '' } = row
  return {
    case: row.id,
    product: instance.product,
    versions: instance.version,
    surface: row.surface,
    owner: words.owner,
    reason: words.reason,
    link: words.link,
    created: day(nowMs),
    expiry: words.expiry ?? day(nowMs + DEFAULT_DAYS * DAY_MS),
    signature: { class: kind, code, message },
  }
}

const entryOf = (waiver: Waiver): string =>
  stringify([waiver], { lineWidth: 0 })
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')

function append(file: string, waiver: Waiver): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8').trimEnd() : 'waivers:'
  writeFileSync(file, `${before}\n${entryOf(waiver)}\n`)
  console.log(`${file}: ${waiver.case} until ${waiver.expiry}`)
}
