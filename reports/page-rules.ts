import { duration } from './duration.ts'
import { productTitles } from './headline.ts'
import { html, type Html, type Part } from './html.ts'
import { evidence } from './page-evidence.ts'
import { bar, breakable, caseAnchor, pill, plural, ruleAnchor, severityMark, tally } from './page-marks.ts'
import type { PageStore } from './page-store.ts'
import type { ReportCase, ReportGroup, ReportRule } from './report-model.ts'

/** One product in one version: its rules from the worst, each with its cases, each with its evidence. */
export function groupSection(group: ReportGroup, store: PageStore): Html {
  const model = group.evidence === 'model' ? html` <span class="tag model">model: no evidence</span>` : undefined
  const shownAt = new Map<ReportCase, string>()
  const rules = group.rules.map((rule) => ruleBlock(group, rule, store, shownAt))
  return html`<section class="group" id="${group.id}" data-group="${group.id}">
<header><h3>${productTitles[group.product]} ${group.version}${model}</h3>${bar(group.totals, group.evidence)}<p>${plural(group.rules.length, 'rule')}, ${plural(group.cases.length, 'case')}: ${tally(group.totals)}</p></header>
<div class="columns" aria-hidden="true"><span>State</span><span>Rule</span><span>Level</span><span>Severity</span><span>Cases</span></div>
${rules}</section>
`
}

function ruleBlock(group: ReportGroup, one: ReportRule, store: PageStore, shownAt: Map<ReportCase, string>): Html {
  const { id, rule, state, totals } = one
  const rows = one.cases.map((row) => caseRow(row, id, store, shownAt))
  return html`<details class="rule" data-s="${state}" data-severity="${rule?.severity ?? 'critical'}" id="${ruleAnchor(group.id, id)}"><summary>${pill(state)}<span class="promise">${rule?.says ?? 'This rule is not in the catalogue.'}<small><code>${breakable(id)}</code>${rule === undefined ? '' : ` ${rule.source.ref}`}${sourceKind(one)}</small></span><span class="level">${rule?.level}</span><span>${rule === undefined ? '' : severityMark(rule.severity)}</span>${tally(totals)}</summary>
<div class="inside">${about(one)}${rows}</div></details>
`
}

const sourceKind = ({ rule }: ReportRule): Part =>
  rule === undefined || rule.source.kind === 'document' ? undefined : html` <span class="tag">${rule.source.kind}</span>`

function about({ rule }: ReportRule): Part {
  if (rule === undefined) return undefined
  const marks = [...rule.cwe, ...rule.controls.map((control) => `SP 800-53 ${control}`)].join(', ')
  return html`<dl class="about"><dt>To make it hold<dd>${rule.remediation}${marks === '' ? undefined : html`<dt>Concerns<dd>${marks}`}${rule.versions === undefined ? undefined : html`<dt>Versions<dd>${rule.versions}`}</dl>`
}

/** A case under several rules is shown under the first; the others point to it. */
function caseRow(one: ReportCase, rule: string, store: PageStore, shownAt: Map<ReportCase, string>): Html {
  const elsewhere = shownAt.get(one)
  if (elsewhere !== undefined)
    return html`<a class="case ref" data-s="${one.row.state}" href="#${caseAnchor(one)}">${caseLine(one)}<span class="quiet">shown under ${elsewhere}</span></a>`
  shownAt.set(one, rule)
  const place = store.isOpenFor(one.row.state) ? { at: '', body: evidence(one) } : { at: html` data-at="${store.put(evidence(one))}"`, body: '' }
  return html`<details class="case" data-s="${one.row.state}" id="${caseAnchor(one)}"${place.at}><summary>${caseLine(one)}</summary>${place.body}</details>
`
}

function caseLine({ row, instance }: ReportCase): Html {
  const claim = row.state === 'conforms' ? html`<code>${row.id}</code>` : html`<span class="claim"><code>${row.id}</code><small>${row.because}</small></span>`
  return html`${pill(row.state)}${claim}<span class="quiet">${instance.profile}, ${row.surface}, ${duration(row.ms)}</span>`
}
