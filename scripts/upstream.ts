import { servers } from '../containers/registry.ts'
import { upstreamIssue, type UpstreamFacts } from '../reports/upstream.ts'
import type { KnownDeviation } from '../src/deviation.ts'
import { EXIT, HarnessError } from '../src/errors.ts'
import { suites } from '../suites/registry.ts'
import { oneOf, type Command } from './command.ts'
import { readRun } from './read-run.ts'

export const upstreamCommand: Command = {
  says: 'writes the text of an issue for the vendor, from a known deviation',
  positionals: '<deviation>',
  options: { run: { type: 'string', value: 'RUN', says: 'a run that showed it: its request and answer go into the text' } },
  async run({ positionals: [id], one }) {
    if (id === undefined) throw new HarnessError('USAGE', 'assay upstream: which deviation?', { hint: 'the page of a run names them under Known deviations' })
    const all = Object.values(suites).flatMap((suite): readonly KnownDeviation[] => suite.deviations)
    const name = oneOf(
      'the deviation',
      id,
      all.map((known) => known.id),
    )
    const known = all.find((deviation) => deviation.id === name)
    if (known === undefined) throw new HarnessError('UNKNOWN_NAME', `there is no deviation ${id}`)
    const run = one('run')
    const rules: UpstreamFacts['rule'] = Object.entries(suites[known.product].rules).find(([rule]) => rule === known.rule)?.[1]
    console.log(upstreamIssue({ known, rule: rules, shown: run === undefined ? undefined : await shownIn(run, known), image: imageOf(known) }))
    return EXIT.conforms
  },
}

function imageOf({ product, seenOn }: KnownDeviation): string | undefined {
  const { docker, versions } = servers[product]
  const entry = versions.find(({ version }) => seenOn.includes(version))
  return docker === undefined || entry === undefined ? undefined : `${docker.repository}:${entry.image}`
}

async function shownIn(run: string, known: KnownDeviation): Promise<UpstreamFacts['shown']> {
  const { lines, record } = await readRun(run, suites)
  const row = record.cases.find(({ deviation }) => deviation === known.id)
  const result = lines.find((line) => line.type === 'result' && line.caseId === row?.id && line.instance === row.instance)
  const instance = record.instances.find(({ id }) => id === row?.instance)
  if (result?.type !== 'result' || instance === undefined)
    throw new HarnessError('USAGE', `${run} did not show ${known.id}`, { hint: 'name a run that did, or none' })
  return { result, version: instance.version, digest: instance.digest }
}
