import type { Expectation } from '../src/case.ts'
import type { State } from '../src/deviation.ts'
import { productTitles } from './headline.ts'
import { html, type Html, type Part } from './html.ts'
import { caseAnchor, plural } from './page-marks.ts'
import type { PageStore } from './page-store.ts'
import type { ReportCase, ReportGroup } from './report-model.ts'
import { worstOf } from './run-record.ts'

const FEWEST_OPERATIONS = 3
const FEWEST_PRINCIPALS = 2

interface AccessTable {
  readonly profile: string
  readonly surface: string
  readonly operations: readonly string[]
  readonly principals: readonly string[]
  /** By operation and principal, `\0` between them: all cases of the cell, several where the input differs. */
  readonly cells: ReadonlyMap<string, readonly ReportCase[]>
}

/** Who may do what, as documented and as observed, one table for each configuration and surface of each product. */
export function accessTables(groups: readonly ReportGroup[], store: PageStore): Html | undefined {
  const sections = groups.flatMap((group) => groupTables(group, store))
  if (sections.length === 0) return undefined
  return html`<section id="access"><h2>Tables of access</h2><p class="lead">Operation by caller. In each cell what is documented, then what was observed: <b>yes</b>, <b>some</b> (only what the caller may see), <b>no</b>, or <b>?</b> where none of these could be said. A cell with a sign does not conform; it leads to its case.</p>${sections}</section>`
}

function groupTables(group: ReportGroup, store: PageStore): readonly Html[] {
  const tables = tablesOf(group)
  if (tables.length === 0) return []
  const model = group.evidence === 'model' ? html` <span class="tag model">model: no evidence</span>` : undefined
  return [html`<h3 class="of">${productTitles[group.product]} ${group.version}${model}</h3>${tables.map((table) => tableBlock(table, store))}`]
}

function tablesOf({ cases }: ReportGroup): readonly AccessTable[] {
  const byPlace = Map.groupBy(
    cases.filter(({ row }) => row.surface !== 'process'),
    ({ row, instance }) => `${instance.profile}\0${row.surface}`,
  )
  return [...byPlace.values()].flatMap((own) => {
    const [first] = own
    const operations = [...new Set(own.map(({ row }) => row.operation))]
    const principals = [...new Set(own.map(({ row }) => row.principal))]
    if (first === undefined || operations.length < FEWEST_OPERATIONS || principals.length < FEWEST_PRINCIPALS) return []
    const cells = Map.groupBy(own, ({ row }) => `${row.operation}\0${row.principal}`)
    return [{ profile: first.instance.profile, surface: first.row.surface, operations, principals, cells }]
  })
}

function tableBlock(table: AccessTable, store: PageStore): Html {
  const states = [...table.cells.values()].map(stateOf)
  const wrong = states.filter((state) => state !== 'conforms' && state !== 'not-applicable').length
  const caption = `${table.profile}, ${table.surface}: ${plural(table.operations.length, 'operation')} by ${plural(table.principals.length, 'caller')}`
  const place = store.put(tableMarkup(table, caption))
  return html`<details class="access" data-at="${place}"><summary>${caption} <span class="quiet">${wrong === 0 ? 'all as documented' : `${plural(wrong, 'cell')} not as documented`}</span></summary></details>
`
}

function tableMarkup({ operations, principals, cells }: AccessTable, caption: string): Html {
  const head = principals.map((principal) => html`<th scope="col"><span>${principal}</span>`)
  const rows = operations.map(
    (operation) => html`<tr><th scope="row">${operation}${principals.map((principal) => cell(cells.get(`${operation}\0${principal}`)))}`,
  )
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption class="vh">${caption}</caption><thead><tr><th scope="col">Operation${head}<tbody>${rows}</table></div>`
}

const stateOf = (cases: readonly ReportCase[]): State => worstOf(cases.map(({ row }) => row.state))

function cell(cases: readonly ReportCase[] | undefined): Part {
  if (cases === undefined) return html`<td class="none"><span class="vh">not asked</span>`
  const state = stateOf(cases)
  const shown = cases.find(({ row }) => row.state === state)
  if (shown === undefined) return undefined
  const text = html`<span class="doc">${documented(cases)}</span> <span class="seen">${observed(shown)}</span>${cases.length > 1 ? html` <span class="quiet">×${cases.length}</span>` : undefined}`
  if (state === 'conforms') return html`<td data-s="conforms">${text}`
  return html`<td data-s="${state}" class="off"><a href="#${caseAnchor(shown)}" title="${shown.row.because}">${text}<span class="vh"> ${state}</span></a>`
}

/** Cases with several inputs may be promised different things. */
function documented(cases: readonly ReportCase[]): string {
  const words = new Set(cases.map(({ expect }) => promise(expect)))
  return words.size === 1 ? ([...words][0] ?? '?') : 'both'
}

function promise(expect: Expectation | undefined): string {
  if (expect === undefined) return '?'
  return expect.kind === 'allowed' ? (expect.exactly === undefined ? 'yes' : 'some') : 'no'
}

function observed({ result, expect }: ReportCase): string {
  switch (result?.observation?.probe.kind) {
    case 'allowed':
      return expect?.kind === 'allowed' && expect.exactly !== undefined ? 'some' : 'yes'
    case 'refused':
      return 'no'
    case 'broken':
    case 'void':
      return '?'
    case undefined:
      return '–'
  }
}
