import type { KnownDeviation } from '../src/deviation.ts'
import type { Rule } from '../src/rule.ts'
import { productTitles } from './headline.ts'
import type { ResultLine } from './journal-lines.ts'
import { quoted, requestCommand } from './reproduce.ts'
import { visible } from './visible.ts'

export interface UpstreamFacts {
  readonly known: KnownDeviation
  readonly rule: Rule | undefined
  /** A case of a run that showed it, with its exchanges; absent: what was captured stands alone. */
  readonly shown: { readonly result: ResultLine; readonly version: string; readonly digest: string | null } | undefined
  /** `semitechnologies/weaviate:1.39.0`; absent where the product has no official image. */
  readonly image: string | undefined
}

/**
 * An issue for the vendor, in Markdown: what the document says, by reference and in our words; what the server did; how
 * to see it again with the official image and curl. Secrets stand as their labels, as in every report.
 */
export function upstreamIssue({ known, rule, shown, image }: UpstreamFacts): string {
  const probe = shown?.result.exchanges.findLast(({ stage }) => stage === 'probe')
  const command = probe === undefined ? undefined : requestCommand(probe)
  const parts = [
    `# ${productTitles[known.product]} ${known.seenOn.join(', ')}: ${known.says.split('. ')[0]?.replace(/\.$/, '') ?? known.id}`,
    `## What is documented\n\n${rule === undefined ? `Rule ${known.rule}.` : `${rule.says}\n\nSource: ${rule.source.ref} (${rule.source.kind}).`}`,
    `## What happens\n\n${known.says}\n\nSeen on ${known.seenOn.join(', ')}.${shown === undefined ? '' : ` The answer below is of ${shown.version}${shown.digest === null ? '' : `, ${shown.digest}`}.`}`,
    ...(probe === undefined
      ? []
      : [`Request:\n\n${fenced(`${probe.request}\n${probe.body}`.trim())}\n\nAnswer, ${inline(probe.status)}:\n\n${fenced(probe.answer)}`]),
    ...(probe === undefined ? [`Answer, as it was captured:\n\n${fenced(known.captured)}`] : []),
    `## To see it again\n\n${image === undefined ? '' : `With the official image \`${image}\`, configured as in the document, with TLS.\n\n`}${command === undefined ? '' : `${fenced(command, 'sh')}\n\n`}${fenced(again(known, shown), 'sh')}`,
    `## What was expected\n\nThat the server does what the document says, or that the document says what the server does.`,
  ]
  return `${parts.join('\n\n')}\n`
}

const again = ({ product, rule, seenOn }: KnownDeviation, shown: UpstreamFacts['shown']): string =>
  shown === undefined
    ? `bin/assay run --product ${product} --version ${product}=${seenOn[0] ?? ''} --rule ${rule}`
    : `bin/assay replay ${quoted(shown.result.caseId)} --version ${shown.version}`

/** A fence longer than any in the text: what a server said stays inside. */
function fenced(text: string, language = ''): string {
  const shown = visible(text)
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${shown}\n${fence}`
}

const inline = (text: string): string => `\`${visible(text).replaceAll('`', "'").replaceAll('\n', ' ')}\``
