import { states, type State } from '../src/deviation.ts'
import { controlsOf, controlTitle, frameworks, type FrameworkId } from '../suites/controls.ts'
import { productTitles } from './headline.ts'
import { html, trusted, type Html } from './html.ts'
import { pill, plural, ruleAnchor, severityMark, tally } from './page-marks.ts'
import { pageStyle } from './page.css.ts'
import { styleOnlyPolicy } from './page-policy.ts'
import type { ReportGroup, ReportModel, ReportRule } from './report-model.ts'
import { count, worstOfApplied } from './run-record.ts'

interface Evidence {
  readonly group: ReportGroup
  readonly rule: ReportRule
}

export const controlsFile = (framework: FrameworkId): string => `controls-${framework}.html`

/**
 * One page for one framework: which of its controls this run has evidence for or against, by which rules, on which real
 * servers. It says what the cases showed, never that a control is met.
 */
export function writeControls({ record, groups: all }: ReportModel, framework: FrameworkId): string {
  const groups = all.filter(({ evidence }) => evidence === 'real')
  const byControl = evidenceByControl(groups, framework)
  const { title, edition, controls } = frameworks[framework]
  const without = Object.keys(controls).filter((id) => !byControl.has(id))
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${trusted(styleOnlyPolicy)}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><title>Assay: ${title}</title><style>${trusted(pageStyle)}</style></head>
<body><main><header class="masthead"><p class="kicker">Assay <span>${title}</span></p><h1>${plural(byControl.size, 'control')} of ${title} with evidence from this run</h1>
<dl class="meta"><div><dt>Edition<dd>${edition}</div><div><dt>Run<dd><a href="index.html">${record.runId}</a></div><div><dt>Started<dd>${record.startedAt}</div></dl></header>
<p class="lead">${record.headline}</p>
<p>A rule is counted under every control that it is evidence for: by its own references to SP 800-53 and CWE, and from these by a table of this tool. “Supports” means that every case that applied was judged on a real server and conforms; no line says that a control is met as a whole, which takes more than tests of a server.</p>
<section aria-labelledby="controls-title"><h2 id="controls-title">Controls</h2>${byControl.size === 0 ? html`<p class="lead">Nothing real was judged.</p>` : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="controls-title"><table><thead><tr><th scope="col">Control<th scope="col">This run<th scope="col">Cases<th scope="col">By<tbody>${[...byControl].map(([id, found]) => controlRow(framework, id, found))}</table></div>`}</section>
${without.length === 0 ? undefined : html`<section aria-labelledby="without-title"><h2 id="without-title">Without evidence</h2><p class="lead">Controls that rules of the catalogue lead to, and no case on a real server of this run.</p><ul class="plain">${without.map((id) => html`<li><code>${id}</code> ${controlTitle(framework, id)}`)}</ul></section>`}
</main></body></html>
`.markup
}

function evidenceByControl(groups: readonly ReportGroup[], framework: FrameworkId): ReadonlyMap<string, readonly Evidence[]> {
  const pairs = groups.flatMap((group) =>
    group.rules.flatMap((rule) => (rule.rule === undefined ? [] : controlsOf(rule.rule, framework).map((id) => ({ id, evidence: { group, rule } })))),
  )
  const found = Map.groupBy(pairs, ({ id }) => id)
  return new Map([...found].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })).map(([id, own]) => [id, own.map(({ evidence }) => evidence)]))
}

const words = {
  conforms: 'supports',
  deviates: 'contradicts',
  'known-deviation': 'contradicts',
  waived: 'accepted deviation',
  'could-not-run': 'could not say',
  'harness-defect': 'could not say',
  'not-applicable': 'does not apply',
} as const satisfies Record<State, string>

const stateOf = (found: readonly Evidence[]): State =>
  worstOfApplied([...new Set(found.flatMap(({ rule }) => states.filter((state) => rule.totals[state] > 0)))])

function controlRow(framework: FrameworkId, id: string, found: readonly Evidence[]): Html {
  const state = stateOf(found)
  const cases = new Set(found.flatMap(({ rule }) => rule.cases))
  const rows = found.toSorted((a, b) => states.indexOf(b.rule.state) - states.indexOf(a.rule.state)).map(ruleLine)
  return html`<tr id="${id}"><th scope="row"><code>${id}</code><br><span class="quiet">${controlTitle(framework, id)}</span><td><b class="pill" data-s="${state}">${words[state]}</b><td>${tally(count([...cases].map(({ row }) => row)))}<td><details><summary>${plural(found.length, 'rule')}</summary><ul class="plain one">${rows}</ul></details>
`
}

const ruleLine = ({ group, rule }: Evidence): Html =>
  html`<li>${pill(rule.state)} <a href="index.html#${encodeURIComponent(ruleAnchor(group.id, rule.id))}">${rule.id}</a> ${productTitles[group.product]} ${group.version}${rule.rule === undefined ? undefined : html`, ${severityMark(rule.rule.severity)}<br>${rule.rule.says} <span class="quiet">${rule.rule.source.ref}</span>`}`
