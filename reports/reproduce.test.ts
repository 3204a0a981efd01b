import { execa } from 'execa'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { exchange, instance } from './example-journal.ts'
import { quoted, replayCommand, requestCommand } from './reproduce.ts'

test('a case is run again by its name, on the version and runtime that it ran on', () => {
  expect(replayCommand({ id: 'milvus.rest.anonymous.may-not.list' }, instance())).toBe(
    'bin/assay replay milvus.rest.anonymous.may-not.list --version 2.3.5 --runtime native',
  )
})

test('an HTTP request is asked again by curl, what was redacted left to fill in', () => {
  expect(requestCommand(exchange())).toMatchInlineSnapshot(`
    "curl --cacert "$CA" --path-as-is -X POST https://localhost:19530/v1/vector/collections \\
      -H 'authorization: Bearer ‹api key›' \\
      -H 'content-type: application/json' \\
      --data-raw '{"dbName":"default"}'"
  `)
})

test('a gRPC call is asked again by grpcurl', () => {
  expect(requestCommand(exchange({ surface: 'grpc', request: '/qdrant.Points/Upsert at localhost:6334', body: '{"wait":true}' }))).toMatchInlineSnapshot(`
    "grpcurl -cacert "$CA" \\
      -H 'authorization: Bearer ‹api key›' \\
      -d '{"wait":true}' \\
      localhost:6334 qdrant.Points/Upsert"
  `)
})

test('a request that was not recorded whole, or is none, has no command', () => {
  expect(requestCommand(exchange({ body: 'abc… (5000 characters)' }))).toBeUndefined()
  expect(requestCommand(exchange({ body: '70000 bytes' }))).toBeUndefined()
  expect(requestCommand(exchange({ request: 'clean-up' }))).toBeUndefined()
})

test('a shell reads back exactly the word that was quoted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: fc.constantFrom('a', "'", '"', '\\', '$', '`', ' ', '\n', ';', '*', '‹', '&') }), async (text) => {
      const { stdout } = await execa('sh', ['-c', `printf %s ${quoted(text)}`], { stripFinalNewline: false })
      expect(stdout).toBe(text)
    }),
    { numRuns: 25 },
  )
})
