import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gateReport, type GateReport } from '../reports/gate-model.ts'
import { visibleLine } from '../reports/visible.ts'
import { writeGateHtml } from '../reports/write-gate-html.ts'
import { writeGateMarkdown } from '../reports/write-gate-markdown.ts'
import { writeGateSarif } from '../reports/write-gate-sarif.ts'
import { EXIT, HarnessError, type ExitCode } from '../src/errors.ts'
import { defaultStops, differenceClasses, type GatePolicy } from '../src/gate.ts'
import { severities } from '../src/rule.ts'
import { suites } from '../suites/registry.ts'
import { renames } from '../suites/renames.ts'
import { oneOf, type Arguments, type Command, type Option } from './command.ts'
import { readRun } from './read-run.ts'

const PRINTED_AT_MOST = 12

/** Shared by `gate` and `upgrade`. */
export const policyOptions = {
  'stop-at': {
    type: 'string',
    multiple: true,
    value: 'CLASS',
    says: `what stops it: ${defaultStops.join(', ')} (default); also ${differenceClasses.filter((name) => !(defaultStops as readonly string[]).includes(name)).join(', ')}`,
  },
  'fail-on': {
    type: 'string',
    value: 'LEVEL',
    says: `which deviations of the newer side stop it too, known or not, unless waived: ${severities.join(', ')} (default: high), new: none`,
  },
} as const satisfies Readonly<Record<string, Option>>

export const gateCommand: Command = {
  says: 'compares two runs, case by case, and says whether the newer may follow the older',
  positionals: '',
  options: {
    from: { type: 'string', value: 'RUN', says: 'the older one: its folder, run.json or journal' },
    to: { type: 'string', value: 'RUN', says: 'the newer one' },
    ...policyOptions,
    out: { type: 'string', value: 'FOLDER', says: 'where gate.html, gate.md, gate.sarif and gate.json go; absent: beside the newer run, in its folder' },
  },
  run: async (args) => {
    const [from, to] = [needed(args, 'from'), needed(args, 'to')]
    const [older, newer] = await Promise.all([readRun(from, suites), readRun(to, suites)])
    const report = gateReport({ from: older.record, to: newer.record, renames, policy: policyOf(args) })
    await writeGateReports(args.one('out') ?? join(newer.folder, 'gate'), report)
    return exitOf(report)
  },
}

function needed(args: Arguments, name: string): string {
  const given = args.one(name)
  if (given !== undefined) return given
  throw new HarnessError('USAGE', `assay gate: --${name} is missing`, { hint: 'assay gate --from <older run> --to <newer run>' })
}

export function policyOf(args: Arguments): GatePolicy {
  const stops = args.all('stop-at').map((name) => oneOf('the class', name, differenceClasses))
  return { stops: stops.length === 0 ? defaultStops : stops, failOn: oneOf('the level', args.one('fail-on') ?? 'high', ['new', ...severities]) }
}

const exits = { pass: EXIT.conforms, stop: EXIT.deviations, incomplete: EXIT.incomplete } as const

export const exitOf = ({ decision }: GateReport): ExitCode => exits[decision.outcome]

/** Writes the comparison's reports and prints its summary. */
export async function writeGateReports(folder: string, report: GateReport): Promise<void> {
  await mkdir(folder, { recursive: true })
  const files: Readonly<Record<string, string>> = {
    'gate.json': `${JSON.stringify({ schema: 1, ...report }, null, 2)}\n`,
    'gate.html': writeGateHtml(report),
    'gate.md': writeGateMarkdown(report),
    'gate.sarif': writeGateSarif(report, suites),
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  console.log(summaryOf(report, join(folder, 'gate.html')))
}

function summaryOf({ headline, decision, comparison }: GateReport, page: string): string {
  const others = comparison.differences.filter((one) => !decision.stopping.includes(one))
  const shown = [...decision.stopping, ...others].slice(0, PRINTED_AT_MOST)
  const more = comparison.differences.length - shown.length
  return [
    headline,
    ...shown.map((one) => `  ${one.class.padEnd(19)} ${one.id}: ${one.from} → ${one.to}${one.isWaived ? ' (waived)' : ''}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    `report: ${page}`,
  ]
    .map((line) => (line.startsWith('  ') ? `  ${visibleLine(line)}` : visibleLine(line)))
    .join('\n')
}
