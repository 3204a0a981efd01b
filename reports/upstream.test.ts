import { expect, test } from 'vitest'
import { deviation, exampleCase, exchange, instance, known, result, rule } from './example-journal.ts'
import { upstreamIssue } from './upstream.ts'

const shown = (answer: string) =>
  ({
    result: result(instance(), exampleCase('milvus.rest.anonymous.may-not.list'), known('milvus-anonymous-lists'), { exchanges: [exchange({ answer })] }),
    version: '2.3.5',
    digest: `sha256:${'ab'.repeat(32)}`,
  }) as const

test('an issue names the section, the answer, the image and the commands', () => {
  const text = upstreamIssue({ known: deviation(), rule: rule(), shown: shown('{"code":200}'), image: 'milvusdb/milvus:v2.3.5' })
  for (const part of [
    '# Milvus 2.3.5: Anonymous callers may list collections',
    'Source: milvus-authenticate, Enable user authentication (document).',
    '{"code":200}',
    'milvusdb/milvus:v2.3.5',
    'curl --cacert "$CA"',
    'bin/assay replay milvus.rest.anonymous.may-not.list --version 2.3.5',
  ])
    expect(text).toContain(part)
})

test('what a server said stays in its fence', () => {
  const text = upstreamIssue({ known: deviation(), rule: rule(), shown: shown('```\n# own heading\u001b[2J'), image: undefined })
  expect(text).toContain('````\n```\n# own heading␛[2J\n````')
})

test('without a run, what was captured stands for the answer', () => {
  expect(upstreamIssue({ known: deviation({ captured: '200 {"code":200}' }), rule: undefined, shown: undefined, image: undefined })).toContain(
    '200 {"code":200}',
  )
})
