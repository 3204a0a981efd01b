import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { killMatrixSchema, lineOf, redIn, type FaultRecord, type KillMatrix, type RuleRecord } from '../fixtures/faults/kill-matrix.ts'
import { html, trusted, type Html } from './html.ts'

/** Writes `kill-matrix.json` and `kill-matrix.html` into the run's folder. @returns the page's path */
export async function writeKillMatrix(folder: string, matrix: KillMatrix): Promise<string> {
  const page = join(folder, 'kill-matrix.html')
  await writeFile(join(folder, 'kill-matrix.json'), `${JSON.stringify(killMatrixSchema.parse(matrix), null, 2)}\n`)
  await writeFile(page, killMatrixPage(matrix))
  return page
}

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 75rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
caption { text-align: left; font-weight: 600 }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8886 }
code, pre { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap }
.killed, .by-release { color: light-dark(#0a6b2d, #6fd08c) }
.survived, .unreached, .red { color: light-dark(#b00020, #ff8a95) }
.excused, .not-here { color: light-dark(#6b5900, #e5cf6b) }
`

/** The matrix as one page without scripts: each rule with one kill and its evidence, each fault with what died of it. Pure. */
function killMatrixPage(matrix: KillMatrix): string {
  const red = redIn(matrix)
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Assay: the kill matrix</title><style>${trusted(style)}</style></head>
<body>
<main>
<h1>The kill matrix</h1>
<p><strong>${lineOf(matrix)}</strong></p>
<p>Run ${matrix.runId}, seed ${matrix.seed}, ${(matrix.ms / 1000).toFixed(0)} s. Wrong reasons believed: ${matrix.wrongReasons.believed.length} of ${matrix.wrongReasons.asked}.</p>
${red.length === 0 ? html`<p class="killed">Every rule was shown to notice, and every fault was noticed.</p>` : html`<h2 class="red">What is red</h2><ul>${red.map((line) => html`<li>${line}</li>`)}</ul>`}
<h2>Servers</h2>
<ul>${matrix.instances.map(({ id, evidence, digest }) => html`<li><code>${id}</code>: ${evidence}, <code>${digest}</code></li>`)}</ul>
<h2>Rules</h2>
<table><caption>${matrix.rules.length} rules, and one kill of each</caption><thead><tr><th scope="col">Rule</th><th scope="col">State</th><th scope="col">Killed by</th><th scope="col">Evidence</th></tr></thead>
<tbody>${matrix.rules.map(ruleRow)}</tbody></table>
<h2>Faults</h2>
<table><caption>${matrix.faults.length} faults, and what died of each</caption><thead><tr><th scope="col">Fault</th><th scope="col">Declares</th><th scope="col">Died</th></tr></thead>
<tbody>${matrix.faults.map(faultRow)}</tbody></table>
</main>
</body>
</html>
`.markup
}

const ruleRow = ({ id, says, state, because, by, kill }: RuleRecord): Html =>
  html`<tr id="${id}"><th scope="row"><code>${id}</code><br>${says}</th><td class="${state}">${state}</td><td>${by.map((one) => html`<a href="#${one}"><code>${one}</code></a><br>`)}</td><td>${kill === null ? because : killText(kill)}</td></tr>\n`

const killText = ({ fault, caseId, instance, class: kind, because, evidence, withoutFault }: NonNullable<RuleRecord['kill']>): Html =>
  html`<details><summary>${kind} under <code>${fault}</code></summary><p><code>${caseId}</code> on ${instance}; without the fault: ${withoutFault}. ${because}</p>${evidence.map(
    ({ request, status, answer }) => html`<pre>${request}
${status}
${answer}</pre>`,
  )}</details>`

const faultRow = ({ id, says, kind, declares, dies, kills, survived, undeclared, notTried }: FaultRecord): Html =>
  html`<tr id="${id}"><th scope="row"><code>${id}</code> (${kind})<br>${says}</th><td>${declares.join(' ')}<br>as ${dies.join(' or ')}</td><td class="${kills.length === 0 ? 'survived' : 'killed'}">${notTried ?? undefined}${[...new Set(kills.map(({ rule, class: died }) => `${rule} ${died}`))].join(', ')}${survived.length === 0 ? undefined : html`<br>survived: ${survived.join(' ')}`}${undeclared.length === 0 ? undefined : html`<br>not declared: ${undeclared.map(({ rule, class: died, caseId }) => `${rule} ${died} (${caseId})`).join(', ')}`}</td></tr>\n`
