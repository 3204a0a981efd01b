import type { Configuration } from '../src/configuration.ts'
import { states, type State } from '../src/deviation.ts'
import type { Suites } from './catalogue-counts.ts'
import { duration } from './duration.ts'
import { highest, productTitles, wasJudged } from './headline.ts'
import { html, preformatted, type Html, type Part } from './html.ts'
import type { HeaderLine, JournalLine } from './journal-lines.ts'
import { bar, breakable, caseAnchor, deviationAnchor, pill, plural, ruleAnchor, severityMark, tally } from './page-marks.ts'
import type { ReportCase, ReportGroup, ReportRule } from './report-model.ts'
import type { RunRecord } from './run-schema.ts'

const OPEN_AT_MOST = 3
const LINKED_AT_MOST = 200
const REASONS_AT_MOST = 30

export function masthead(record: RunRecord, header: HeaderLine): Html {
  const took = record.finishedAt === null ? 'it did not finish' : duration(Date.parse(record.finishedAt) - Date.parse(record.startedAt))
  const commit = record.tool.commit === undefined ? '' : `, commit ${record.tool.commit}`
  const rules = Object.values(header.catalogue.rules).reduce((sum, own) => sum + (own ?? 0), 0)
  return html`<header class="masthead"><p class="kicker">Assay <span>Access-control conformance of vector databases</span></p>
<h1>${record.headline}</h1>
<dl class="meta"><div><dt>Started<dd><time datetime="${record.startedAt}">${moment(record.startedAt)}</time></div><div><dt>Took<dd>${took}</div><div><dt>Run<dd>${record.runId}</div><div><dt>Tool<dd>${record.tool.name} ${record.tool.version}${commit}</div>${header.catalogue.digest === undefined ? undefined : html`<div><dt>Catalogue<dd>${plural(rules, 'rule')}, <code title="${header.catalogue.digest}">${header.catalogue.digest.slice(0, 19)}…</code></div>`}<div><dt>Command<dd><code>${header.command.join(' ')}</code></div></dl></header>`
}

const moment = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`

/** How many cases are in each state, on real servers; whatever a model did is a line apart. */
export function glance(record: RunRecord, groups: readonly ReportGroup[]): Html {
  const model = states.reduce((sum, state) => sum + record.modelTotals[state], 0)
  const tiles = states.map(
    (state) =>
      html`<li data-s="${state}" class="${record.totals[state] === 0 ? 'zero' : ''}"><strong>${record.totals[state].toLocaleString('en-GB')}</strong>${pill(state)}</li>`,
  )
  return html`<section id="glance" aria-labelledby="glance-title"><h2 id="glance-title">At a glance</h2>
<p class="lead">Cases on real servers, each in exactly one of seven states. Only the first counts as conforming.</p>
<ul class="tiles">${tiles}</ul>
<table class="products"><thead><tr><th>Product<th>Evidence<th class="wide">Share<th>Cases<tbody>${groups.map(productRow)}</table>
${model === 0 ? undefined : html`<p class="quiet">${plural(model, 'case')} ran on a model, an in-process server made of the documented rules. It is no evidence about the product and is in none of the figures above.</p>`}</section>`
}

const productRow = (group: ReportGroup): Html =>
  html`<tr><th scope="row"><a href="#${group.id}">${productTitles[group.product]} ${group.version}</a><td>${evidenceTag(group)}<td class="wide">${bar(group.totals, group.evidence)}<td>${tally(group.totals)}`

function evidenceTag({ evidence, cases }: ReportGroup): Html {
  if (evidence === 'model') return html`<span class="tag model">model: no evidence</span>`
  return cases.some(({ row }) => wasJudged(row.state)) ? html`<span class="tag real">real</span>` : html`<span class="tag">nothing judged</span>`
}

/** What nobody knew of, by rule, and what is wrong with the harness. */
export function findings(record: RunRecord, groups: readonly ReportGroup[]): Html {
  const defects = record.defects.map((defect) => html`<li>${pill('harness-defect')}<span>${defect}</span></li>`)
  const stale = record.staleDeviations.map(staleFinding)
  const rules = groups
    .filter(({ evidence }) => evidence === 'real')
    .flatMap((group) => group.rules.filter(({ totals }) => totals.deviates > 0).map((one) => finding(group, one)))
  const all = [...defects, ...stale, ...rules]
  return html`<section id="findings"><h2>Findings</h2>${all.length === 0 ? html`<p class="lead">No deviation that is not already known.</p>` : html`<p class="lead">What deviates and was not known, by rule.</p><ul class="findings">${all}</ul>`}</section>`
}

const staleFinding = ({ id, product, version }: RunRecord['staleDeviations'][number]): Html =>
  html`<li><b class="pill" data-s="deviates">no longer seen</b><span><code>${breakable(id)}</code> is recorded for ${productTitles[product]} ${version}, and none of its cases showed it.</span></li>`

function finding(group: ReportGroup, { id, rule, cases }: ReportRule): Html {
  const found = cases.filter(({ row }) => row.state === 'deviates')
  const folded = found.slice(OPEN_AT_MOST, OPEN_AT_MOST + LINKED_AT_MOST)
  const more =
    folded.length === 0
      ? undefined
      : html`<details><summary>${plural(found.length - OPEN_AT_MOST, 'more case')}</summary><ul>${folded.map(foundCase)}</ul>${rest(found.length - OPEN_AT_MOST)}</details>`
  return html`<li>${pill('deviates')}<div><strong>${rule?.says}</strong><small>${severityMark(highest(found.flatMap(({ row }) => row.severity ?? [])) ?? 'critical')}<a href="#${ruleAnchor(group.id, id)}">${id}</a>, ${productTitles[group.product]} ${group.version}</small><ul>${found.slice(0, OPEN_AT_MOST).map(foundCase)}</ul>${more}</div></li>`
}

const foundCase = (one: ReportCase): Html => html`<li><a href="#${caseAnchor(one)}"><code>${breakable(one.row.id)}</code></a><small>${one.row.because}</small>`

const rest = (found: number): Part =>
  found > LINKED_AT_MOST ? html`<p class="quiet">and ${plural(found - LINKED_AT_MOST, 'more case')}, under their rules below</p>` : undefined

export function knownDeviations(record: RunRecord, suites: Suites): Html | undefined {
  if (record.knownDeviations.length === 0) return undefined
  const captured = new Map(Object.values(suites).flatMap((suite) => suite.deviations.map((known) => [known.id, known.captured] as const)))
  return html`<section id="known"><h2>Known deviations</h2><p class="lead">Seen before on these versions and described. Known is not accepted: none of them counts as conforming.</p>
<ul class="cards">${record.knownDeviations.map(({ id, product, rule, severity, count, versions, says }) => html`<li id="${deviationAnchor(id)}"><h3><code>${breakable(id)}</code></h3><p>${says}</p><p class="quiet">${severityMark(severity)} ${productTitles[product]} ${versions.join(', ')}, rule <code>${breakable(rule)}</code>, ${plural(count, 'case')} in this run</p>${answer(captured.get(id))}</li>`)}</ul></section>`
}

const waiverStates = {
  used: (cases: number) => `covers ${plural(cases, 'case')}`,
  'not-here': () => 'none of its cases was judged here',
  expired: () => 'expired: it covers nothing',
  unmatched: () => 'nothing failed that it would cover',
} as const satisfies Record<RunRecord['waivers'][number]['status'], (cases: number) => string>

/** What the user accepted, why and until when. */
export function waivers(record: RunRecord, lines: readonly JournalLine[]): Html | undefined {
  if (record.waivers.length === 0) return undefined
  const given = new Map(lines.flatMap((line) => (line.type === 'waivers' ? line.waivers.map((one) => [one.at, one] as const) : [])))
  const rows = record.waivers.map(
    ({ at, what, product, owner, expiry, status, cases }) =>
      html`<tr><th scope="row"><code>${breakable(what)}</code><br><span class="quiet">${productTitles[product]}; ${at}</span><td>${given.get(at)?.reason}<br><span class="quiet">${given.get(at)?.link}</span><td>${owner}<td>${expiry}<td>${waiverStates[status](cases)}`,
  )
  return html`<section id="waivers"><h2>Waivers</h2><p class="lead">Deviations that the user accepted for a time. They were asked again, and none of them counts as conforming.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Waivers"><table><thead><tr><th scope="col">What<th scope="col">Why<th scope="col">Owner<th scope="col">Until the end of<th scope="col">In this run<tbody>${rows}</table></div></section>`
}

const answer = (captured: string | undefined): Part =>
  captured === undefined ? undefined : html`<details><summary>An answer as it was captured</summary><pre tabindex="0">${captured}</pre></details>`

/** What could not be judged, by its reason, with the products that nothing real was had of. */
export function notRun(record: RunRecord, cases: readonly ReportCase[]): Html | undefined {
  const open = cases.filter(({ row }) => row.state === 'could-not-run' || row.state === 'harness-defect' || row.reason === 'runtime' || row.reason === 'safety')
  if (open.length === 0 && record.notJudged.length === 0) return undefined
  const reasons = [...Map.groupBy(open, ({ row, instance }) => `${row.state}\0${instance.id}\0${row.because}`).values()].toSorted((a, b) => b.length - a.length)
  return html`<section id="not-run"><h2>Not judged</h2><p class="lead">What could not be judged, and why. None of it is green.</p>
<ul class="findings">${record.notJudged.map(({ product, because, hint }) => html`<li><b class="pill" data-s="could-not-run">not judged</b><span><strong>${productTitles[product]}</strong>: ${because}.<br><span class="quiet">To judge it: ${hint}.</span></span></li>`)}${reasons.slice(0, REASONS_AT_MOST).map(reason)}</ul>${reasons.length > REASONS_AT_MOST ? html`<p class="quiet">and ${plural(reasons.length - REASONS_AT_MOST, 'more reason')}, beside their cases below</p>` : undefined}</section>`
}

function reason(rows: readonly ReportCase[]): Part {
  const [first] = rows
  if (first === undefined) return undefined
  const links = rows.slice(0, LINKED_AT_MOST).map((one) => html`<li><a href="#${caseAnchor(one)}"><code>${breakable(one.row.id)}</code></a>`)
  return html`<li>${pill(first.row.state)}<div>${first.row.because}<details><summary>${plural(rows.length, 'case')} on ${first.instance.id}</summary><ul class="plain">${links}</ul>${rest(rows.length)}</details></div></li>`
}

export function servers(record: RunRecord, lines: readonly JournalLine[]): Html {
  const configurations = new Map(
    lines.flatMap((line) => (line.type === 'boot' && line.info?.configuration !== undefined ? [[line.instance, line.info.configuration] as const] : [])),
  )
  const rows = record.instances.map(
    ({ id, product, version, profile, runtime, evidence, origin, digest, status, because, bootMs }) =>
      html`<tr><th scope="row">${productTitles[product]} ${version}<br><span class="quiet">${profile}</span><td><span class="tag ${evidence}">${evidence}</span> ${runtime}<td>${origin ?? '–'}<br>${digest === null ? '' : html`<code class="digest" title="${digest}">${digest.slice(0, 19)}…</code>`}<td>${status}${bootMs === undefined ? '' : ` (boot ${duration(bootMs)})`}${configurationOf(configurations.get(id))}${because === undefined ? undefined : html`<details><summary>why</summary><pre tabindex="0">${because}</pre></details>`}<span class="vh"> ${id}</span>`,
  )
  return html`<section id="servers"><h2>Servers</h2><p class="lead">What was asked, where it came from and how it ran.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Servers"><table><thead><tr><th>Product and profile<th>Evidence<th>Origin<th>State<tbody>${rows}</table></div></section>`
}

function configurationOf(one: Configuration | undefined): Part {
  if (one === undefined) return undefined
  const settings = Object.entries(one.env).map(([name, value]) => `${name}=${value}`)
  const files = Object.entries(one.files).map(([path, content]) => html`<p class="quiet">${path}</p><pre tabindex="0">${preformatted(content)}</pre>`)
  return html`<details><summary>configuration</summary>${one.args.length === 0 ? undefined : html`<p class="quiet">Arguments</p><pre tabindex="0">${preformatted(one.args.join('\n'))}</pre>`}${settings.length === 0 ? undefined : html`<p class="quiet">Environment</p><pre tabindex="0">${preformatted(settings.join('\n'))}</pre>`}${files}</details>`
}

/** How much of what the documents say has rules. */
export function coverage(record: RunRecord): Html {
  const rows = Object.entries(record.statements).map(
    ([document, { listed, withRules, excluded, notYet }]) =>
      html`<tr><th scope="row">${document}<td class="number">${listed}<td class="number">${withRules}<td class="number">${excluded}<td class="number">${notYet}<td class="wide">${share(withRules, excluded, notYet)}`,
  )
  const table = html`<div class="scroll" tabindex="0" role="region" aria-label="Coverage of the documents"><table><thead><tr><th>Document<th class="number">Listed<th class="number">With rules<th class="number">Excluded<th class="number">No rule yet<th class="wide">Share<tbody>${rows}</table></div>`
  const without =
    record.rulesWithoutCases.length === 0
      ? undefined
      : html`<details><summary>${plural(record.rulesWithoutCases.length, 'rule')} of these products had no case in this run</summary><ul class="plain">${record.rulesWithoutCases.map((id) => html`<li><code>${id}</code>`)}</ul></details>`
  return html`<section id="statements"><h2>Coverage of the documents</h2><p class="lead">Every sentence of the documents is listed; each has rules, is left out for a stated reason, or waits.</p>${rows.length === 0 ? html`<p class="quiet">No document is listed yet.</p>` : table}${without}</section>`
}

function share(withRules: number, excluded: number, notYet: number): Html {
  const all = Math.max(1, withRules + excluded + notYet)
  const at = (n: number): string => ((n / all) * 100).toFixed(3)
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="with" width="${at(withRules)}" height="8"/><rect class="without" x="${at(withRules)}" width="${at(excluded)}" height="8"/><rect class="yet" x="${at(withRules + excluded)}" width="${at(notYet)}" height="8"/></svg>`
}

const meanings = {
  conforms:
    'The answer is the documented one, for the documented reason: a refusal was recognised as such, the same request by a caller who may was allowed, and the effect was looked at.',
  deviates: 'The server did something else than its documents say.',
  'known-deviation': 'A deviation of this version that was seen before and described. It was run again and seen again.',
  waived: 'A deviation that the user of this harness accepted, with a reason and an end.',
  'not-applicable': 'The rule does not hold for this version or profile, or could not be judged safely or on this runtime.',
  'could-not-run': 'No verdict: the server or the answer could not be had or read.',
  'harness-defect': 'A fault of the harness itself.',
} as const satisfies Record<State, string>

export function reading(record: RunRecord): Html {
  const { twin, effect } = record.exemptions
  const exempt = [
    [twin['nobody-may'], 'without a twin, because the documents let nobody do it'],
    [twin['started-elsewhere'], 'without a twin, because a server that started is the twin'],
    [effect['never-arrived'], 'without a look at the effect, because the request ended before anything that has a state'],
    [effect.invisible, 'without a look at the effect, because it cannot be seen from outside'],
  ] as const
  const some = exempt.filter(([n]) => n > 0)
  return html`<section id="reading"><h2>How to read this</h2><dl class="meanings">${states.map((state) => html`<dt>${pill(state)}<dd>${meanings[state]}`)}</dl>
<p>A refusal counts only with its twin, and an effect only where it was looked at. ${some.length === 0 ? 'No conforming case of this run is exempt from that.' : 'Conforming cases that were judged otherwise:'}</p>${some.length === 0 ? undefined : html`<ul class="plain">${some.map(([n, why]) => html`<li>${plural(n, 'case')} ${why}`)}</ul>`}
<p>This page shows what these servers did on this machine, with these configurations and in this run, for the rules in the catalogue. It is no statement about what the catalogue does not have, and no certificate.</p></section>`
}
