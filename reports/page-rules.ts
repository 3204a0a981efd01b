import type { State } from '../src/deviation.ts'
import { duration } from './duration.ts'
import { productTitles } from './headline.ts'
import { html, type Html, type Part } from './html.ts'
import { bar, breakable, caseAnchor, pill, plural, ruleAnchor, severityMark, tally } from './page-marks.ts'
import type { PageStore } from './page-store.ts'
import type { ReportCase, ReportGroup, ReportRule } from './report-model.ts'

/** What the page's script finds cases by without having them in the page: by group and rule, each row's anchor, state and words. */
export type PageIndex = { readonly group: string; readonly rules: { readonly id: string; readonly rows: readonly IndexRow[] }[] }[]
type IndexRow = readonly [anchor: string, state: State, words: string]

/** What the parts of a page are made with, and what is gathered while they are. */
export interface PageParts {
  readonly store: PageStore
  readonly index: PageIndex
  /** By rule: the faults that it was shown to notice, from the kill matrix. */
  readonly kills: ReadonlyMap<string, readonly string[]>
}

/** One product in one version: its rules from the worst, each with its cases, each with its evidence; a part a rule. */
export function* groupParts(group: ReportGroup, page: PageParts): Generator<Html> {
  const model = group.evidence === 'model' ? html` <span class="tag model">model: no evidence</span>` : undefined
  const rules: PageIndex[number]['rules'] = []
  page.index.push({ group: group.id, rules })
  yield html`<section class="group" id="${group.id}" data-group="${group.id}">
<header><h3>${productTitles[group.product]} ${group.version}${model}</h3>${bar(group.totals, group.evidence)}<p>${plural(group.rules.length, 'rule')}, ${plural(group.cases.length, 'case')}: ${tally(group.totals)}</p></header>
<div class="columns" aria-hidden="true"><span>State</span><span>Rule</span><span>Level</span><span>Severity</span><span>Cases</span></div>
`
  const shownAt = new Map<ReportCase, string>()
  for (const rule of group.rules) {
    const id = ruleAnchor(group.id, rule.id)
    rules.push({ id, rows: rule.cases.map(indexRow) })
    yield ruleBlock(id, rule, page, shownAt)
  }
  yield html`</section>
`
}

const indexRow = (one: ReportCase): IndexRow => {
  const { row, instance } = one
  return [
    caseAnchor(one),
    row.state,
    `${row.principal} ${row.operation} ${instance.profile} ${row.surface}${row.state === 'conforms' ? '' : ` ${row.because}`}`,
  ]
}

/** The first cases that do not conform stand in the page; the others come when the rule is opened. */
function ruleBlock(anchor: string, one: ReportRule, page: PageParts, shownAt: Map<ReportCase, string>): Html {
  const { id, rule, state, totals, cases } = one
  const open: Html[] = []
  while (open.length < cases.length && page.store.isOpenFor(cases[open.length]?.row.state ?? 'conforms'))
    open.push(...cases.slice(open.length, open.length + 1).map((row) => caseRow(row, id, page, shownAt)))
  const folded = cases.slice(open.length).map((row) => caseRow(row, id, page, shownAt))
  const at = folded.length === 0 ? '' : html` data-at="${page.store.put(html`${folded}`)}"`
  return html`<details class="rule" data-s="${state}" data-severity="${rule?.severity ?? 'critical'}" id="${anchor}"${at}><summary>${pill(state)}<span class="promise">${rule?.says ?? 'This rule is not in the catalogue.'}<small><code>${breakable(id)}</code>${rule === undefined ? '' : ` ${rule.source.ref}`}${sourceKind(one)}</small></span><span class="level">${rule?.level}</span><span>${rule === undefined ? '' : severityMark(rule.severity)}</span>${tally(totals)}</summary>
<div class="inside">${about(one, page.kills.get(id))}${open}</div></details>
`
}

const sourceKind = ({ rule }: ReportRule): Part =>
  rule === undefined || rule.source.kind === 'document' ? undefined : html` <span class="tag">${rule.source.kind}</span>`

function about({ rule }: ReportRule, kills: readonly string[] = []): Part {
  if (rule === undefined) return undefined
  const marks = [...rule.cwe, ...rule.controls.map((control) => `SP 800-53 ${control}`)].join(', ')
  return html`<dl class="about"><dt>To make it hold<dd>${rule.remediation}${marks === '' ? undefined : html`<dt>Concerns<dd>${marks}`}${rule.versions === undefined ? undefined : html`<dt>Versions<dd>${rule.versions}`}${kills.length === 0 ? undefined : html`<dt>Notices<dd>${kills.map((fault) => html`<a href="kill-matrix.html#${fault}">${fault}</a> `)}`}</dl>`
}

/** A case under several rules is shown under the first; the others point to it. */
function caseRow(one: ReportCase, rule: string, page: PageParts, shownAt: Map<ReportCase, string>): Html {
  const elsewhere = shownAt.get(one)
  if (elsewhere !== undefined)
    return html`<a class="case ref" data-s="${one.row.state}" href="#${caseAnchor(one)}">${caseLine(one)}<span class="quiet">shown under ${elsewhere}</span></a>`
  shownAt.set(one, rule)
  return html`<details class="case" data-s="${one.row.state}" id="${caseAnchor(one)}" data-at="${page.store.evidenceOf(one)}"><summary>${caseLine(one)}</summary></details>
`
}

function caseLine({ row, instance }: ReportCase): Html {
  const claim = row.state === 'conforms' ? html`<code>${row.id}</code>` : html`<span class="claim"><code>${row.id}</code><small>${row.because}</small></span>`
  return html`${pill(row.state)}${claim}<span class="quiet">${instance.profile}, ${row.surface}, ${duration(row.ms)}</span>`
}
