import type { RunRecord } from './run-schema.ts'

/** Of text that servers and runtimes wrote: what is made anew for each run. */
const ofOneRun: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?/g, '‹time›'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '‹uuid›'],
  // What a case makes is called by its scope, and what a driver plants by random letters.
  [/\w*a[0-9a-f]{11}(?:[pt]\d?)?\w*/g, '‹name›'],
  [/\b\w*[0-9a-f]{10,}\b/g, '‹name›'],
  [/\b(localhost|127\.0\.0\.1|\[::1\]|[a-z]+\.assay\.test):\d{2,5}\b/g, '$1:‹port›'],
  [/\b\d{9,20}\b/g, '‹number›'],
  [/\b\d+(\.\d+)?\s?(ns|µs|us|ms|s)\b/g, '‹duration›'],
]

const steady = (text: string): string => ofOneRun.reduce((all, [pattern, name]) => all.replaceAll(pattern, name), text)

/**
 * What of a run does not depend on when and where it was made: no times, ports, generated names and latencies, everything in a fixed
 * order. Two runs with the same canonical view, byte for byte, say the same. Pure.
 */
export function canonicalView(record: RunRecord): string {
  const { runId: _runId, startedAt: _startedAt, finishedAt: _finishedAt, headline, instances, cases, ...rest } = record
  const view = {
    headline: steady(headline),
    instances: instances.map(({ bootMs: _bootMs, ...instance }) => instance).toSorted((a, b) => order(a.id, b.id)),
    cases: cases
      .map(({ ms: _ms, because, message, ...row }) => ({ ...row, because: steady(because), ...(message === undefined ? {} : { message: steady(message) }) }))
      .toSorted((a, b) => order(a.instance, b.instance) || order(a.id, b.id)),
    ...rest,
    rules: rest.rules.toSorted((a, b) => order(a.id, b.id)),
    knownDeviations: rest.knownDeviations.toSorted((a, b) => order(a.id, b.id)),
    staleDeviations: rest.staleDeviations.toSorted((a, b) => order(a.id, b.id) || order(a.version, b.version)),
    rulesWithoutCases: rest.rulesWithoutCases.toSorted(),
    notJudged: rest.notJudged.toSorted((a, b) => order(a.product, b.product) || order(a.because, b.because)),
    defects: rest.defects.map(steady).toSorted(),
  }
  return `${JSON.stringify(view, null, 1)}\n`
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
