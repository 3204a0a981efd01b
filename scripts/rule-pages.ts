import type { Suite } from '../src/product.ts'
import type { Rule } from '../src/rule.ts'

/** The page of one product in `docs/rules/`: each rule with its promise, its source, and what is known of releases that break it. */
export function rulePage({ product, rules, deviations }: Suite): string {
  const sections = Object.entries(rules).map(([id, rule]) =>
    sectionOf(
      id,
      rule,
      deviations.filter((known) => known.rule === id),
    ),
  )
  return [
    `# The rules of ${product}`,
    '',
    `Written by \`assay catalogue write\`; what is changed here is lost. ${Object.keys(rules).length} rules.`,
    '',
    ...sections,
  ].join('\n')
}

function sectionOf(id: string, rule: Rule, known: Suite['deviations']): string {
  const facts = [
    `${rule.level}, ${rule.severity}${rule.versions === undefined ? '' : `, versions ${codeOf(rule.versions)}`}`,
    `from ${rule.source.kind}: ${rule.source.ref}`,
    ...(rule.cwe.length === 0 ? [] : [rule.cwe.join(', ')]),
    ...(rule.controls.length === 0 ? [] : [`NIST SP 800-53 ${rule.controls.join(', ')}`]),
  ]
  return [
    `## ${id}`,
    '',
    textOf(rule.says),
    '',
    ...facts.map((fact) => `- ${fact === facts[0] ? fact : textOf(fact)}`),
    `- what to do: ${textOf(rule.remediation)}`,
    ...known.map((one) => `- known on ${one.seenOn.join(', ')} (${codeOf(one.id)}): ${textOf(one.says)}`),
    '',
  ].join('\n')
}

const codeOf = (text: string): string => `\`${text}\``
/** Marks that a page would take for its own. */
const textOf = (text: string): string => text.replaceAll(/[<>*_[\]|`]/g, (mark) => (mark === '<' ? '&lt;' : mark === '>' ? '&gt;' : `\\${mark}`))
