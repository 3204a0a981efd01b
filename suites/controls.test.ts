import { describe, expect, test } from 'vitest'
import { controlsOf, controlTitle, frameworkIds, frameworks, mappedControls, mappingKeys } from './controls.ts'
import { suites } from './registry.ts'

const rules = Object.values(suites).flatMap((suite) => Object.entries(suite.rules))

/** How many controls each family of SP 800-53 r5.1.1 has, and how many enhancements the controls that we name have. */
const families = { AC: 25, AU: 16, CM: 14, CP: 13, IA: 13, RA: 10, SC: 51, SI: 23 } as const
const withdrawn = ['AC-13', 'AC-15', 'AU-15', 'CP-5', 'SC-9', 'SC-14', 'SC-19', 'SC-33', 'SI-9']
const enhancements: Readonly<Record<string, number>> = { 'AC-2': 13, 'AC-6': 10, 'IA-5': 18, 'SC-8': 5 }
/** Themes of Annex A, edition 2022, and the criteria of each series of the common criteria. */
const annexA = { 5: 37, 6: 8, 7: 14, 8: 34 } as const
const criteria = { CC1: 5, CC2: 3, CC3: 4, CC4: 2, CC5: 3, CC6: 8, CC7: 5, CC8: 1, CC9: 2, A1: 3, PI1: 5 } as const
/** Sections of ASVS 5.0.0, by chapter. */
const sections = { 1: 5, 2: 4, 3: 7, 4: 4, 5: 4, 6: 8, 7: 6, 8: 4, 9: 2, 10: 7, 11: 7, 12: 3, 13: 4, 14: 3, 15: 4, 16: 5, 17: 3 } as const

const isIn = (table: Readonly<Record<string, number>>, group: string, at: string): boolean => Number(at) >= 1 && Number(at) <= (table[group] ?? 0)

const exists = {
  'nist-800-53': (id: string): boolean => {
    const [, base = '', family = '', at = '', enhancement] = /^(([A-Z]{2})-(\d+))(?:\((\d+)\))?$/.exec(id) ?? []
    return isIn(families, family, at) && !withdrawn.includes(base) && (enhancement === undefined || isIn(enhancements, base, enhancement))
  },
  cwe: (id: string): boolean => /^CWE-[1-9]\d{0,3}$/.test(id),
  'owasp-asvs': (id: string): boolean => isIn(sections, ...(id.slice(1).split('.') as [string, string])),
  'owasp-api': (id: string): boolean => /^API([1-9]|10)$/.test(id),
  'iso-27001': (id: string): boolean => isIn(annexA, ...(id.split('.') as [string, string])),
  'soc-2': (id: string): boolean => isIn(criteria, ...(id.split('.') as [string, string])),
} as const satisfies Record<(typeof frameworkIds)[number], (id: string) => boolean>

describe.for(frameworkIds)('%s', (framework) => {
  test('every id that is listed exists in that edition', () => {
    expect(Object.keys(frameworks[framework].controls).filter((id) => !exists[framework](id))).toEqual([])
  })

  test('every id that the rules lead to is listed, with what it is about', () => {
    const found = rules.flatMap(([rule, entry]) => controlsOf(entry, framework).map((id) => [rule, id] as const))
    expect(found.filter(([, id]) => controlTitle(framework, id) === undefined)).toEqual([])
  })
})

test('the table maps only what is listed, to what is listed', () => {
  expect(mappedControls.filter(([framework, id]) => controlTitle(framework, id) === undefined)).toEqual([])
  expect(mappingKeys.controls.filter((id) => controlTitle('nist-800-53', id) === undefined)).toEqual([])
  expect(mappingKeys.weaknesses.filter((id) => controlTitle('cwe', id) === undefined)).toEqual([])
})

test.for(['nist-800-53', 'iso-27001', 'soc-2'] as const)('every rule is evidence for something of %s', (framework) => {
  expect(rules.filter(([, entry]) => controlsOf(entry, framework).length === 0).map(([id]) => id)).toEqual([])
})

test('an enhancement without a row of its own is mapped as its control', () => {
  expect(controlsOf({ cwe: [], controls: ['SC-8(1)'] }, 'soc-2')).toEqual(['CC6.7'])
})
