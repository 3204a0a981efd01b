import { productTitles } from './headline.ts'
import { html, type Html, type Part } from './html.ts'
import type { BootLine, JournalLine, ResultLine } from './journal-lines.ts'
import { breakable, caseAnchor, plural } from './page-marks.ts'
import type { ReportCase, ReportGroup } from './report-model.ts'
import type { RunInstance, RunRecord } from './run-schema.ts'

// When things happened, how long revocations took to be felt, and how much was asked: charts are inline SVG, with the figures beside them.

// The course of the run

interface Span {
  readonly instance: RunInstance
  /** Seconds since the run began. */
  readonly started: number
  readonly ready: number | undefined
  readonly ended: number
  readonly asked: readonly [from: number, to: number] | undefined
}

/** Boots and suites by second. Undefined where nothing was booted. */
export function timeline(record: RunRecord, lines: readonly JournalLine[]): Html | undefined {
  const spans = spansOf(record, lines)
  const end = Math.max(1, ...spans.map(({ ended }) => ended))
  if (spans.length === 0) return undefined
  const rows = spans.map(
    (span) =>
      html`<tr><th scope="row">${productTitles[span.instance.product]} ${span.instance.version}<br><span class="quiet">${span.instance.profile}${span.instance.evidence === 'model' ? ', model' : ''}</span><td class="wide">${spanBar(span, end)}<td class="number">${span.started.toFixed(1)} s<td class="number">${span.ready === undefined ? '–' : `${(span.ready - span.started).toFixed(1)} s`}<td class="number">${span.asked === undefined ? '–' : `${(span.asked[1] - span.asked[0]).toFixed(1)} s`}<td class="number">${span.ended.toFixed(1)} s`,
  )
  return html`<section id="course" aria-labelledby="course-title"><h2 id="course-title">Course of the run</h2><p class="lead">When each server was started, and when its cases ran: seconds since the run began, ${end.toFixed(0)} s in all. The pale stretch is the boot, the full one the cases.</p>
<details><summary>${plural(spans.length, 'server')} by second</summary><div class="scroll" tabindex="0" role="region" aria-label="Course of the run"><table><thead><tr><th scope="col">Server<th scope="col" class="wide">Course<th scope="col" class="number">Started at<th scope="col" class="number">Boot<th scope="col" class="number">Cases<th scope="col" class="number">Ended at<tbody>${rows}</table></div></details></section>`
}

function spansOf({ instances, startedAt }: RunRecord, lines: readonly JournalLine[]): readonly Span[] {
  const zero = Date.parse(startedAt)
  const second = (ms: number): number => Math.max(0, (ms - zero) / 1000)
  const boots = Map.groupBy(
    lines.filter((line): line is BootLine => line.type === 'boot'),
    ({ instance }) => instance,
  )
  const askedAt = askedSpans(lines)
  return instances
    .flatMap((instance): readonly Span[] => {
      const own = boots.get(instance.id) ?? []
      const [first] = own
      if (first === undefined) return []
      const times = askedAt.get(instance.id)
      const ready = own.find(({ phase }) => phase === 'ready')
      const ended = Math.max(...own.map(({ atMs }) => atMs), times?.[1] ?? 0)
      return [
        {
          instance,
          started: second(first.atMs),
          ready: ready === undefined ? undefined : second(ready.atMs),
          ended: second(ended),
          asked: times === undefined ? undefined : [second(times[0]), second(times[1])],
        },
      ]
    })
    .toSorted((a, b) => a.started - b.started)
}

function askedSpans(lines: readonly JournalLine[]): ReadonlyMap<string, readonly [number, number]> {
  const spans = new Map<string, readonly [number, number]>()
  for (const line of lines) {
    if (line.type !== 'result' || line.state === 'not-applicable') continue
    const from = Date.parse(line.startedAt)
    const [first, last] = spans.get(line.instance) ?? [from, from]
    spans.set(line.instance, [Math.min(first, from), Math.max(last, from + line.ms)])
  }
  return spans
}

function spanBar({ started, ready, asked, ended }: Span, end: number): Html {
  const at = (second: number): string => ((second / end) * 100).toFixed(3)
  const stretch = (kind: string, from: number, to: number): Html =>
    html`<rect class="${kind}" x="${at(from)}" width="${at(Math.max(to - from, end / 500))}" height="8"/>`
  return html`<svg class="bar course" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">${stretch('yet', started, ready ?? ended)}${asked === undefined ? undefined : stretch('with', asked[0], asked[1])}</svg>`
}

// Revocations

/** How soon after a credential was taken away it was refused, as a case measured it. */
export interface MeasuredLatency {
  readonly p50Ms: number
  readonly p95Ms: number
}

export interface Latency extends MeasuredLatency {
  readonly one: ReportCase
}

const measured = /\bp50 (\d+(?:\.\d+)?) ms, p95 (\d+(?:\.\d+)?) ms\b/

/** What a driver that repeats a revocation records of it. */
export function measuredLatency(exchanges: ResultLine['exchanges']): MeasuredLatency | undefined {
  for (const { status } of exchanges) {
    const [, p50, p95] = measured.exec(status) ?? []
    if (p50 !== undefined && p95 !== undefined) return { p50Ms: Number(p50), p95Ms: Number(p95) }
  }
  return undefined
}

export function revocations(found: readonly Latency[]): Html | undefined {
  if (found.length === 0) return undefined
  const longest = Math.max(...found.map(({ p95Ms }) => p95Ms))
  const rows = found.map(
    ({ one, p50Ms, p95Ms }) =>
      html`<tr><th scope="row"><a href="#${caseAnchor(one)}"><code>${breakable(one.row.id)}</code></a><br><span class="quiet">${productTitles[one.instance.product]} ${one.instance.version}${one.instance.evidence === 'model' ? ' (model: no evidence)' : ''}, ${one.row.surface}</span><td class="wide">${latencyBar(p50Ms, p95Ms, longest)}<td class="number">${p50Ms} ms<td class="number">${p95Ms} ms`,
  )
  return html`<section id="revocations" aria-labelledby="revocations-title"><h2 id="revocations-title">Revocations</h2><p class="lead">How long a credential that was taken away still worked, as the cases that repeat it measured. The full stretch is the median, the pale one reaches the 95th percentile; on a busy machine the requests themselves are part of it.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Revocations"><table><thead><tr><th scope="col">Case<th scope="col" class="wide">0 to ${longest} ms<th scope="col" class="number">p50<th scope="col" class="number">p95<tbody>${rows}</table></div></section>`
}

function latencyBar(p50Ms: number, p95Ms: number, longest: number): Html {
  const at = (ms: number): string => ((ms / Math.max(longest, 1)) * 100).toFixed(3)
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="without" width="${at(p95Ms)}" height="8"/><rect class="with" width="${at(p50Ms)}" height="8"/></svg>`
}

// How much was asked

/** Operations by callers by surfaces: of all that could be asked with those, how much this run asked. */
export function pairsAsked(groups: readonly ReportGroup[]): Part {
  const rows = groups.flatMap((group) => surfacesOf(group).map((surface) => askedRow(group, surface)))
  if (rows.length === 0) return undefined
  return html`<section id="asked" aria-labelledby="asked-title"><h2 id="asked-title">What was asked</h2><p class="lead">Operations by kinds of caller on each surface. Not every pair means something: a share below the whole says how many pairs no document speaks of, or no case asks yet.</p>
<div class="scroll" tabindex="0" role="region" aria-label="What was asked"><table><thead><tr><th scope="col">Product<th scope="col">Surface<th scope="col" class="number">Operations<th scope="col" class="number">Callers<th scope="col" class="number">Pairs asked<th scope="col" class="number">Of all pairs<th scope="col" class="number">Cases<tbody>${rows}</table></div></section>`
}

const surfacesOf = ({ cases }: ReportGroup): readonly string[] => [...new Set(cases.map(({ row }) => row.surface))].toSorted()

function askedRow({ product, version, evidence, cases }: ReportGroup, surface: string): Html {
  const own = cases.map(({ row }) => row).filter((row) => row.surface === surface && row.state !== 'not-applicable')
  const operations = new Set(own.map(({ operation }) => operation)).size
  const principals = new Set(own.map(({ principal }) => principal)).size
  const pairs = new Set(own.map(({ operation, principal }) => `${operation}\0${principal}`)).size
  const all = operations * principals
  return html`<tr><th scope="row">${productTitles[product]} ${version}${evidence === 'model' ? ' (model)' : ''}<td>${surface}<td class="number">${operations}<td class="number">${principals}<td class="number">${pairs}<td class="number">${all === 0 ? '–' : `${((pairs / all) * 100).toFixed(0)} %`}<td class="number">${own.length}`
}
