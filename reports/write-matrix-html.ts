import type { State } from '../src/deviation.ts'
import type { Suites } from './catalogue-counts.ts'
import { productTitles } from './headline.ts'
import { html, trusted, type Html, type Part } from './html.ts'
import { differs, matricesOf, turnOf, type Matrix, type MatrixCell, type MatrixChange, type MatrixColumn, type MatrixRow } from './matrix.ts'
import { breakable, pill, plural, ruleAnchor, tally } from './page-marks.ts'
import { pageStyle } from './page.css.ts'
import { styleOnlyPolicy } from './page-policy.ts'
import type { RunRecord } from './run-schema.ts'

const LISTED_AT_MOST = 200

export interface MatrixPage {
  readonly suites: Suites
  /** Where the page of a run is, seen from this page; absent: nowhere. */
  readonly pageOf: (runId: string) => string | undefined
}

/**
 * Versions side by side, rule by rule, and what changed from each to the next: of one run with several versions, or of
 * several runs. Only real servers; no script.
 */
export function writeMatrixHtml(records: readonly RunRecord[], page: MatrixPage): string {
  const matrices = matricesOf(records)
  const columns = matrices.reduce((sum, one) => sum + one.columns.length, 0)
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${trusted(styleOnlyPolicy)}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><title>Assay: versions side by side</title><style>${trusted(pageStyle)}</style></head>
<body><main><header class="masthead"><p class="kicker">Assay <span>Versions side by side</span></p><h1>${plural(columns, 'version')} of ${plural(matrices.length, 'product')}, rule by rule</h1>
<dl class="meta">${records.map((record) => html`<div><dt>Run<dd>${runLink(record.runId, page)}<br><span class="quiet">${record.startedAt}</span></div>`)}</dl></header>
${records.map(({ headline }) => html`<p class="lead">${headline}</p>`)}
${matrices.length === 0 ? html`<p class="lead">Nothing real was judged.</p>` : matrices.map((matrix) => productSection(matrix, page))}
</main></body></html>
`.markup
}

function runLink(runId: string, { pageOf }: MatrixPage): Html {
  const at = pageOf(runId)
  return at === undefined ? html`${runId}` : html`<a href="${at}">${runId}</a>`
}

function productSection(matrix: Matrix, page: MatrixPage): Html {
  const { product, columns, rows, changes } = matrix
  const turned = rows.filter(differs)
  const same = rows.filter((row) => !differs(row))
  const title = productTitles[product]
  return html`<section id="${product}"><h2>${title}</h2>${changes.map(changeBlock)}
${turned.length === 0 ? undefined : html`<h3 class="of">Rules that are not the same on every version</h3>${table(matrix, turned, page, `${title}: rules that differ`)}`}
${same.length === 0 ? undefined : html`<details ${turned.length === 0 ? html`open` : ''}><summary>${plural(same.length, 'rule')} ${columns.length > 1 ? 'in one state on every version' : 'on this version'}</summary>${table(matrix, same, page, `${title}: rules that do not differ`)}</details>`}</section>`
}

const turnSigns = { better: '▲', worse: '▼' } as const

function changeBlock({ from, to, rules, cases }: MatrixChange): Html {
  const of = (turn: 'better' | 'worse'): number => rules.filter(({ was, is }) => turnOf(was, is) === turn).length
  const [better, worse] = [of('better'), of('worse')]
  const listed = cases.slice(0, LISTED_AT_MOST).map(({ id, was, is }) => html`<li>${stateWord(was)} → ${stateWord(is)} <code>${breakable(id)}</code>`)
  const rest =
    cases.length > LISTED_AT_MOST ? html`<p class="quiet">and ${plural(cases.length - LISTED_AT_MOST, 'more case')}, in the runs' own pages</p>` : undefined
  const said =
    rules.length === 0 ? 'no rule changed its state' : `${plural(worse, 'rule')} worse, ${better} better, ${rules.length - worse - better} otherwise changed`
  return html`<details class="change"><summary><b>${from.label} → ${to.label}</b>: ${said}; ${plural(cases.length, 'case')} changed</summary><ul class="plain one">${listed}</ul>${rest}</details>
`
}

const stateWord = (state: State | undefined): Html => (state === undefined ? html`<span class="quiet">no case</span>` : pill(state))

function table({ product, columns }: Matrix, rows: readonly MatrixRow[], page: MatrixPage, caption: string): Html {
  const rules = page.suites[product]?.rules ?? {}
  const head = columns.map(({ label }) => html`<th scope="col">${label}`)
  const body = rows.map(
    ({ rule, cells }) =>
      html`<tr id="${product}-${rule}"><th scope="row"><code>${breakable(rule)}</code><br><span class="quiet">${rules[rule]?.says}</span>${cells.map((cell, at) => cellMarkup(cell, at === 0 ? undefined : cells[at - 1], { product, rule, column: columns[at], page }))}
`,
  )
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="matrix"><caption class="vh">${caption}</caption><thead><tr><th scope="col">Rule${head}<tbody>${body}</table></div>`
}

interface Place {
  readonly product: string
  readonly rule: string
  readonly column: MatrixColumn | undefined
  readonly page: MatrixPage
}

function cellMarkup(cell: MatrixCell | undefined, before: MatrixCell | undefined, { product, rule, column, page }: Place): Part {
  if (cell === undefined) return html`<td class="none"><span class="quiet">no case</span>`
  const turn = turnOf(before?.state, cell.state)
  const mark = turn === undefined ? undefined : html` <b class="turn ${turn}">${turnSigns[turn]} ${turn}</b>`
  const at = column === undefined ? undefined : page.pageOf(column.runId)
  const state =
    at === undefined
      ? pill(cell.state)
      : html`<a href="${at}#${encodeURIComponent(ruleAnchor(`${product}-${column?.version ?? ''}`, rule))}">${pill(cell.state)}</a>`
  return html`<td data-s="${cell.state}" class="${turn ?? ''}">${state}${mark}<br>${tally(cell.totals)}`
}
