import { createHash } from 'node:crypto'
import { differenceClasses, type Difference, type DifferenceClass, type GateItem } from '../src/gate.ts'
import { countsOf, type GateReport, type GateSide } from './gate-model.ts'
import { productTitles } from './headline.ts'
import { html, trusted, type Html } from './html.ts'
import { classTitles } from './write-gate-markdown.ts'

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1c1e21, #e9e7e2); --paper: light-dark(#fcfbf8, #17181a); --quiet: light-dark(#5c6068, #a3a7ae); --line: light-dark(#dfdbd2, #3a3c40);
  --bad: light-dark(#a81c1c, #ff8f86); --open: light-dark(#23608f, #86bfec); --good: light-dark(#1c6b45, #6fc99a) }
body { font: 16px/1.5 ui-sans-serif, system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem } h2 { font-size: 1.15rem; margin-top: 2.2rem; border-top: 1px solid var(--line); padding-top: 1rem }
table { border-collapse: collapse; width: 100%; font-size: .9rem } th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line) }
td { overflow-wrap: anywhere } code { font: .85em ui-monospace, Menlo, Consolas, monospace } .quiet { color: var(--quiet) }
.verdict { font-size: 1.15rem; font-weight: 600; padding: .8rem 1rem; border: 2px solid; border-radius: .4rem }
.stop { color: var(--bad) } .incomplete { color: var(--open) } .pass { color: var(--good) } .scroll { overflow-x: auto }
`

const policy = trusted(`default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`)
const signs = { pass: '✓', stop: '✗', incomplete: '?' } as const

/** The comparison of two runs as one page without scripts, that loads nothing. All that servers said is escaped. */
export function writeGateHtml(report: GateReport): string {
  const { decision, headline, from, to } = report
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>Assay: ${headline}</title><style>${trusted(style)}</style></head>
<body><main><h1>Upgrade gate</h1>
<p class="verdict ${decision.outcome}">${signs[decision.outcome]} ${headline}</p>
<table><caption class="quiet">What was compared</caption><thead><tr><th scope="col">side</th><th scope="col">versions</th><th scope="col">run</th><th scope="col">began</th></tr></thead><tbody>${side('from', from)}${side('to', to)}</tbody></table>
${counts(report)}
${differenceClasses.map((name) => section(report, name))}
${items(report.items)}
${deviating(report)}
</main></body></html>
`.markup
}

const side = (name: string, { versions, runId, startedAt }: GateSide): Html =>
  html`<tr><th scope="row">${name}</th><td>${versions.join(', ')}</td><td><code>${runId}</code></td><td>${startedAt}</td></tr>`

const counts = ({ comparison, policy: { stops } }: GateReport): Html =>
  html`<h2>Differences</h2><table><thead><tr><th scope="col">class</th><th scope="col">differences</th><th scope="col">policy</th></tr></thead><tbody>${countsOf(comparison).map(([name, count]) => html`<tr><th scope="row">${classTitles[name]}</th><td>${count}</td><td>${stops.includes(name) ? 'stops' : 'does not stop'}</td></tr>`)}<tr><th scope="row">The same</th><td>${comparison.same}</td><td></td></tr></tbody></table>`

function section({ comparison }: GateReport, name: DifferenceClass): Html | undefined {
  const own = comparison.differences.filter((one) => one.class === name)
  if (own.length === 0) return undefined
  return html`<section id="${name}"><h2>${classTitles[name]} (${own.length})</h2><div class="scroll" tabindex="0" role="region" aria-label="${classTitles[name]}"><table><thead><tr><th scope="col">case or thing</th><th scope="col">rules</th><th scope="col">severity</th><th scope="col">before</th><th scope="col">after</th><th scope="col">why</th></tr></thead><tbody>${own.map(row)}</tbody></table></div></section>`
}

const row = (one: Difference): Html =>
  html`<tr><th scope="row"><code>${one.id}</code><br><span class="quiet">${productTitles[one.product]}, ${one.profile}</span></th><td>${one.rules.join(', ')}</td><td>${one.severity}${one.isWaived ? ', waived' : ''}</td><td>${one.from}</td><td>${one.to}</td><td>${one.because}</td></tr>`

function items(all: readonly GateItem[]): Html | undefined {
  if (all.length === 0) return undefined
  return html`<section id="carried"><h2>What was carried over (${all.length})</h2><div class="scroll" tabindex="0" role="region" aria-label="What was carried over"><table><thead><tr><th scope="col">thing</th><th scope="col">kind</th><th scope="col">before</th><th scope="col">after</th></tr></thead><tbody>${all.map(({ id, kind, before, after }) => html`<tr><th scope="row">${id}</th><td>${kind}</td><td>${before.state} ${before.code}</td><td>${after.state} ${after.code}</td></tr>`)}</tbody></table></div></section>`
}

function deviating({ decision, policy: { failOn } }: GateReport): Html | undefined {
  if (decision.deviating.length === 0) return undefined
  const byRule = [...Map.groupBy(decision.deviating, ({ rules }) => rules[0] ?? '')]
  return html`<section id="deviating"><h2>Deviations of the newer side, ${failOn} or above (${decision.deviating.length})</h2><ul>${byRule.map(([rule, own]) => html`<li><b>${rule}</b>: ${own.length}, for example <code>${own[0]?.id}</code></li>`)}</ul></section>`
}
