import { states } from '../src/deviation.ts'
import { severities } from '../src/rule.ts'
import { frameworkIds, frameworks } from '../suites/controls.ts'
import { productTitles } from './headline.ts'
import { html, trusted, type Html } from './html.ts'
import type { HeaderLine } from './journal-lines.ts'
import { accessTables } from './page-access.ts'
import { packEvidence, type PackedEvidence, type Shown } from './pack-evidence.ts'
import { pairsAsked, revocations, timeline, type Latency } from './page-course.ts'
import { pill } from './page-marks.ts'
import { groupParts, type PageParts } from './page-rules.ts'
import { coverage, findings, glance, knownDeviations, masthead, notRun, reading, servers, waivers } from './page-sections.ts'
import { pagePolicy } from './page-policy.ts'
import { PageStore } from './page-store.ts'
import { pageScript } from './page.script.ts'
import { pageStyle } from './page.css.ts'
import { controlsFile } from './write-controls.ts'
import type { ReportCase, ReportGroup, ReportModel } from './report-model.ts'

export interface PageOptions {
  /** Names of other pages in the run's folder, to be linked to. */
  readonly beside?: readonly string[]
  /** Of the run's folder, where there is one: by rule, the faults that it was shown to notice. */
  readonly kills?: ReadonlyMap<string, readonly string[]>
  /** Is told all that the page keeps compressed, before it is: what searches the page must read that too. */
  readonly onText?: (text: string) => void
  /** Makes the compressed evidence of a few cases elsewhere; it is not told to `onText` then. */
  readonly pack?: (cases: readonly ReportCase[]) => Promise<PackedEvidence>
}

/**
 * The report that a person reads: one page that needs nothing else, opens from a file and lets nothing run or load but
 * its own style and script, which its policy names by their digests. All that servers said is escaped. It comes in parts.
 */
export async function* writeHtml(model: ReportModel, options: PageOptions = {}): AsyncGenerator<string> {
  const { beside = [], kills = new Map(), onText = () => undefined } = options
  const { groups } = model
  const store = new PageStore({ onText, pack: options.pack ?? ((cases) => packEvidence(cases.map(shownOf), onText)) })
  const page: PageParts = { store, index: [], kills }
  yield head(model, beside, store).markup
  for (const group of groups) {
    for (const part of groupParts(group, page)) {
      yield part.markup
      await store.settled()
    }
  }
  yield foot(model, await store.latencies()).markup
  for await (const block of store.blocks(page.index)) yield block.markup
  yield html`<script>${trusted(pageScript)}</script></body></html>
`.markup
}

const shownOf = (one: ReportCase): Shown => ({ one, exchanges: one.result?.exchanges ?? [] })

function head({ record, lines, suites, groups }: ReportModel, beside: readonly string[], store: PageStore): Html {
  const header = lines.find((line): line is HeaderLine => line.type === 'header')
  const known = knownDeviations(record, suites)
  const open = notRun(
    record,
    groups.flatMap((group) => group.cases),
  )
  const access = accessTables(groups, store)
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${trusted(pagePolicy)}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><title>Assay: ${record.headline}</title><style>${trusted(pageStyle)}</style></head>
<body><a class="skip" href="#rules">To the rules</a><main>
${header === undefined ? '' : masthead(record, header)}
<nav aria-label="Sections"><a href="#findings">Findings</a>${known && html`<a href="#known">Known deviations</a>`}${open && html`<a href="#not-run">Not judged</a>`}${access && html`<a href="#access">Access</a>`}<a href="#rules">Rules</a><a href="#servers">Servers</a><a href="#asked">What was asked</a><a href="#statements">Documents</a><a href="#reading">How to read this</a>${besideLinks(beside)}</nav>
${glance(record, groups)}
${findings(record, groups)}
${known}
${waivers(record, lines)}
${open}
${access}
<section id="rules"><h2>Rules</h2><noscript><p>Without scripts this page shows what does not conform, and not the evidence: that is in <code>journal.ndjson</code> beside it.</p></noscript>${filter(groups)}
`
}

const foot = ({ record, lines, groups }: ReportModel, latencies: readonly Latency[]): Html => html`</section>
${revocations(latencies)}
${servers(record, lines)}
${timeline(record, lines)}
${pairsAsked(groups)}
${coverage(record)}
${reading(record)}
</main>
`

const besideLinks = (files: readonly string[]): Html | undefined => {
  const links = files.flatMap((file) => (file in besideTitles ? [html`<a href="${file}">${besideTitles[file]}</a>`] : []))
  return links.length === 0 ? undefined : html`${links}`
}

const besideTitles: Readonly<Record<string, string>> = {
  'kill-matrix.html': 'Kill matrix',
  'matrix.html': 'Versions side by side',
  ...Object.fromEntries(frameworkIds.map((id) => [controlsFile(id), frameworks[id].title])),
}

/** Works by script only, so the script shows it. */
const filter = (groups: readonly ReportGroup[]): Html =>
  html`<form id="filter" hidden role="search"><div><input type="search" aria-label="Words in a rule or case" placeholder="Filter by words ( / )" autocomplete="off" spellcheck="false"><select aria-label="Product"><option value="">All products</option>${groups.map(({ id, product, version, evidence }) => html`<option value="${id}">${productTitles[product]} ${version}${evidence === 'model' ? ' (model)' : ''}</option>`)}</select><select aria-label="Severity" id="severity"><option value="">Any severity</option>${severities.map((severity) => html`<option value="${severity}">${severity}</option>`)}</select><button type="reset">Clear</button><output></output></div>
<fieldset><legend class="vh">States</legend>${states.map((state) => html`<label><input type="checkbox" value="${state}" checked>${pill(state)}</label>`)}</fieldset></form>`
