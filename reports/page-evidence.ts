import type { Expectation } from '../src/case.ts'
import type { Effect, Exchange, Outcome } from '../src/outcome.ts'
import type { Observation, Verdict } from '../src/verdict.ts'
import { duration } from './duration.ts'
import { html, preformatted, type Html, type Part } from './html.ts'
import { breakable, deviationAnchor, severityMark } from './page-marks.ts'
import { replayCommand, requestCommand } from './reproduce.ts'
import type { ReportCase } from './report-model.ts'
import { shortened } from './visible.ts'

/** What a case rests on: promise, observation, twin, effect, and the wire. */
export function evidence({ row, instance, expect, result }: Pick<ReportCase, 'row' | 'instance' | 'expect' | 'result'>, exchanges: readonly Exchange[]): Html {
  const seen = result?.observation
  const facts: readonly Fact[] = [
    ['Documented', expect === undefined ? undefined : expectationText(expect)],
    ['Observed', seen === undefined ? undefined : outcomeText(seen.probe)],
    ['Verdict', row.because],
    ['Effect', seen === undefined ? undefined : effectText(seen.effect)],
    ['Twin', seen === undefined ? undefined : twinText(seen.twin)],
    ['Proven by', proofText(result?.verdict)],
    [
      'Severity',
      row.severity === undefined ? undefined : html`${severityMark(row.severity)}${row.class === 'wrong-class' ? ', for the refusal itself stands' : ''}`,
    ],
    ['Known as', row.deviation === undefined ? undefined : html`<a href="#${deviationAnchor(row.deviation)}">${row.deviation}</a>`],
    ['Asked', html`${row.operation} as ${row.principal} on ${row.surface}`],
    ['Where', html`${breakable(instance.id)}, ${instance.runtime}${result === undefined ? '' : `, ${result.startedAt}`}`],
    ['Again', html`<code>${replayCommand(row, instance)}</code>`],
  ]
  return html`<div class="evidence"><dl>${facts.map(fact)}</dl>${wire(exchanges)}</div>`
}

type Fact = readonly [string, Part]

const fact = ([name, value]: Fact): Part => (value === undefined ? undefined : html`<dt>${name}<dd>${value}`)

function expectationText(expect: Expectation): string {
  if (expect.kind === 'allowed') return expect.exactly === undefined ? 'allowed' : `allowed, showing exactly: ${expect.exactly.join(', ') || 'nothing'}`
  return `refused as ${expect.by}${expect.codes === undefined ? '' : ` with ${expect.codes.join(' or ')}`}`
}

function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'allowed':
      return `allowed (${outcome.code})${outcome.shown === undefined ? '' : `, showing: ${outcome.shown.join(', ') || 'nothing'}`}`
    case 'refused':
      return `refused as ${outcome.by} (${outcome.code}): ${shortened(outcome.message)}`
    case 'broken':
      return `no readable answer: ${shortened(outcome.cause)}`
    case 'void':
      return `no valid probe: ${outcome.cause}`
  }
}

function effectText(effect: Observation['effect'] | Effect): string {
  switch (effect.kind) {
    case 'seen':
      return `seen: ${effect.what}`
    case 'none':
      return `none: ${effect.what}`
    case 'unclear':
      return `unclear: ${effect.because}`
    case 'exempt':
      return `not looked at (${effect.exemption})`
  }
}

function twinText(twin: Observation['twin']): string {
  switch (twin.kind) {
    case 'asked':
      return `${outcomeText(twin.outcome)}; effect ${effectText(twin.effect)}`
    case 'exempt':
      return `not asked (${twin.exemption})`
    case 'not-asked':
      return 'not asked: the verdict does not need it'
  }
}

const proofText = (verdict: Verdict | undefined): string | undefined =>
  verdict?.kind === 'conforms' ? `effect ${verdict.proof.effect}, twin ${verdict.proof.twin}` : undefined

/** What was sent and what came back: the probe and its twin open, the rest folded. */
function wire(exchanges: readonly Exchange[]): Part {
  if (exchanges.length === 0) return html`<p class="quiet">Nothing was sent.</p>`
  return html`<ol class="wire">${exchanges.map((one) => html`<li><details ${one.stage === 'probe' || one.stage === 'twin' ? html`open` : ''}>${exchangeSummary(one)}${exchangeBody(one)}${again(one)}</details>`)}</ol>`
}

const exchangeSummary = ({ stage, request, status, ms, askedFor }: Exchange): Html =>
  html`<summary><span class="stage">${stage}</span> <code>${request}</code> <span class="status">${status === '' ? 'no status' : status}</span> <span class="quiet">${duration(ms)}${askedFor === undefined ? '' : `, asked for ${askedFor}`}</span></summary>`

function exchangeBody({ headers, body, answer }: Exchange): Html {
  const sent = [...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), ...(body === '' ? [] : ['', body])].join('\n').trim()
  return html`<div class="io"><div><span>sent</span><pre tabindex="0">${preformatted(sent === '' ? '(no headers of ours, no body)' : sent)}</pre></div><div><span>received</span><pre tabindex="0">${preformatted(answer === '' ? '(no body)' : answer)}</pre></div></div>`
}

function again(exchange: Exchange): Part {
  if (exchange.stage !== 'probe' && exchange.stage !== 'twin') return undefined
  const command = requestCommand(exchange)
  return command && html`<details class="again"><summary>Ask again</summary><pre tabindex="0">${preformatted(command)}</pre></details>`
}
