import { basename } from 'node:path'
import { z } from 'zod'
import { casesOf } from '../src/product.ts'
import { waiverFault, waiverSchema, type PlacedWaiver, type Waiver } from '../src/waiver.ts'
import type { Suites } from '../reports/catalogue-counts.ts'
import { readYamlFile } from '../src/yaml-file.ts'

const fileSchema = z.strictObject({ waivers: z.array(z.unknown()).readonly() })

const options = {
  code: 'WAIVER_INVALID',
  what: 'the waivers',
  hint: 'a waiver has rule or case, product, versions, surface (optional), owner, reason, link, created, expiry, signature (class, code, message)',
} as const

/**
 * Reads `waivers:`, a list, and checks each of them against the catalogue and the calendar.
 *
 * @throws HarnessError `WAIVER_INVALID` (exit code 4) with file and line: a key that is missing or unknown, no signature, a pattern,
 *   all versions, a rule or case that nobody has, dates that cannot be. An expired one is no error here: the run says so.
 */
export function readWaivers(path: string, suites: Suites, nowMs: number): readonly PlacedWaiver[] {
  const loose = readYamlFile(path, fileSchema, options)
  const unsigned = loose.value.waivers.findIndex((one) => typeof one === 'object' && one !== null && !('signature' in one))
  if (unsigned >= 0) throw loose.error(['waivers', unsigned], 'over-broad: without a signature (class, code, message) it would cover any failure')
  const file = readYamlFile(path, fileSchema.extend({ waivers: z.array(waiverSchema).readonly() }), options)
  return file.value.waivers.map((waiver, index) => {
    const fault = waiverFault(waiver, nowMs) ?? unknownName(waiver, suites)
    if (fault !== undefined) throw file.error(['waivers', index], fault)
    return { ...waiver, at: `${basename(path)}, line ${file.lineOf(['waivers', index])}` }
  })
}

function unknownName({ rule, case: id, product, surface }: Waiver, suites: Suites): string | undefined {
  const suite = suites[product]
  if (rule !== undefined && suite?.rules[rule] === undefined) return `${product} has no rule ${rule}`
  if (id === undefined || suite === undefined) return undefined
  const row = casesOf(suite).find((one) => one.id === id)
  if (row === undefined) return `${product} has no case ${id}`
  return surface === undefined || row.surface === surface ? undefined : `${id} is asked on ${row.surface}, not on ${surface}`
}
