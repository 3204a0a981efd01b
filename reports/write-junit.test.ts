import { execa, execaSync } from 'execa'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { deviates, exampleCase, footer, header, notJudged, plan, result } from './example-journal.ts'
import { exampleRun } from './example-run.ts'
import { writeJunit } from './write-junit.ts'
import { element, xmlText } from './xml.ts'

const { at, rows, lines: all, onModel, written } = exampleRun()
const junit = (lines = all): Promise<string> => written(writeJunit, lines)

function testCases(xml: string): Readonly<Record<string, string>> {
  const [, ...elements] = xml.split('<testcase name="')
  return Object.fromEntries(elements.map((text) => [text.slice(0, text.indexOf('"')), /<(failure|error|skipped)/.exec(text)?.[1] ?? 'passed']))
}

test('each state has its outcome, and only what conforms passes', async () => {
  expect(testCases(await junit())).toEqual({
    'milvus.rest.anonymous.may-not.a': 'passed',
    'milvus.rest.anonymous.may-not.b': 'failure',
    'milvus.rest.anonymous.may-not.c': 'skipped',
    'milvus.rest.anonymous.may-not.d': 'error',
    'milvus.rest.anonymous.may-not.e': 'skipped',
    'milvus.rest.anonymous.may-not.f': 'error',
  })
  expect(await junit()).toMatch('<testsuites name="vector-assay" tests="6" failures="1" errors="2" time=')
})

test('the state is in the output of every case', async () => {
  expect([...(await junit()).matchAll(/\[\[PROPERTY\|state=([^\]]*)\]\]/g)].map(([, state]) => state).toSorted((a = '', b = '') => a.localeCompare(b))).toEqual(
    ['conforms', 'could-not-run', 'deviates', 'harness-defect', 'known-deviation', 'not-applicable'],
  )
})

test('a skipped case says why in its message', async () => {
  expect(await junit()).toMatch('<skipped message="not-applicable: version: since 2.4.0"/>')
  expect(await junit()).toMatch('<skipped message="known-deviation: milvus-anonymous-lists: ')
})

test('what conforms on a model does not pass', async () => {
  const xml = await junit(onModel)
  expect(Object.values(testCases(xml)).filter((outcome) => outcome === 'passed')).toEqual([])
  expect(testCases(xml)).toMatchObject({ 'something-real-was-judged': 'error', 'milvus.is-judged': 'skipped' })
})

test('a run that was cut, is stale or judged less than it should says so in a suite of its own', async () => {
  const cut = [header(), notJudged('qdrant'), plan(at, rows), ...rows.map((row) => result(at, row))]
  expect(testCases(await junit(cut))).toMatchObject({
    'the-run-is-complete': 'error',
    'qdrant.is-judged': 'skipped',
    'known-deviation.milvus-anonymous-lists.on-2.3.5': 'failure',
  })
})

const xmlCharacters = /^[\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u

test('whatever a server says, only characters that XML can carry are written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const xml = element('a', { b: text }, [xmlText(text)])
      expect(xml).toMatch(xmlCharacters)
      expect(xml.match(/</g)).toHaveLength(2)
      expect(xml.slice(0, xml.indexOf('>')).match(/"/g)).toHaveLength(2)
    }),
  )
})

const hasPython = execaSync('python3', ['--version'], { reject: false }).exitCode === 0

test.skipIf(!hasPython)('a parser that is not ours reads the file back, hostile answers included', async () => {
  const hostile = ']]>\u0000\u001b[31m<script>alert(1)</script>&nope; "\' \ud800 \uffff \u202e <!-- '
  const row = exampleCase(`milvus.${hostile.replace(/\s/g, '')}`)
  const lines = [header(), plan(at, [row]), result(at, row, { ...deviates, because: hostile }), footer()]
  const script = 'import sys, xml.etree.ElementTree as e; r = e.fromstring(sys.stdin.buffer.read()); print(r.find(".//failure").get("message"))'
  const { stdout } = await execa('python3', ['-c', script], { input: await junit(lines) })
  expect(stdout).toBe('deviates: ]]>␀␛[31m<script>alert(1)</script>&nope; "\' ‹U+D800› ‹U+FFFF› ‹U+202E› <!--')
})
