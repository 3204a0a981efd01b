import { states, type State } from '../src/deviation.ts'
import type { Severity } from '../src/rule.ts'
import { html, type Html } from './html.ts'
import type { ReportCase } from './report-model.ts'
import type { Totals } from './run-schema.ts'

/** A state in words; its sign comes from the style sheet, so that colour is never all that tells two apart. */
export const pill = (state: State): Html => html`<b class="pill" data-s="${state}">${state}</b>`

/** How many are in each state that has any. */
export const tally = (totals: Totals): Html =>
  html`<span class="tally">${states.filter((state) => totals[state] > 0).map((state) => html`<span data-s="${state}" title="${state}">${totals[state]}<i class="vh"> ${state} </i></span>`)}</span>`

export const severityMark = (severity: Severity): Html => html`<span class="severity" data-severity="${severity}">${severity}</span>`

/** One bar, a stretch for each state; the style sheet gives the colours, and the numbers stand beside it. A model's is faint. */
export function bar(totals: Totals, evidence: 'real' | 'model'): Html {
  const all = states.reduce((sum, state) => sum + totals[state], 0)
  let from = 0
  const stretches = states.flatMap((state) => {
    if (totals[state] === 0) return []
    const width = (totals[state] / all) * 100
    from += width
    return [html`<rect data-s="${state}" x="${(from - width).toFixed(3)}" width="${width.toFixed(3)}" height="8"/>`]
  })
  return html`<svg class="bar ${evidence}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">${stretches}</svg>`
}

/** A long id that may be broken after its dots and dashes. */
export const breakable = (id: string): Html => html`${id.split(/(?<=[./_-])/).map((part) => html`${part}<wbr>`)}`

/** What a link in the page points to. */
export const caseAnchor = ({ row }: Pick<ReportCase, 'row'>): string => anchor(`case:${row.instance}:${row.id}`)
export const ruleAnchor = (group: string, rule: string): string => anchor(`rule:${group}:${rule}`)
export const deviationAnchor = (id: string): string => anchor(`known:${id}`)

const anchor = (text: string): string => text.replace(/[\s%]+/g, '_')

export const plural = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString('en-GB')} ${n === 1 ? one : many}`
