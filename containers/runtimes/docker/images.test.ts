import { expect, test } from 'vitest'
import { servers } from '../../registry.ts'
import { officialImage } from './images.ts'

test("an official image is the vendor's repository with the version's tag, and its digest where that is known", () => {
  expect(officialImage(servers.milvus, '2.3.5')).toMatch(/^milvusdb\/milvus:v2\.3\.5(@sha256:|$)/)
  const known = { ...servers.qdrant, versions: [{ version: '9.9.9', image: 'v9.9.9', imageDigest: 'sha256:ab' }] }
  expect(officialImage(known, '9.9.9')).toBe('qdrant/qdrant:v9.9.9@sha256:ab')
})

test('a version that is not known has no official image', () => {
  expect(officialImage(servers.milvus, '0.0.1')).toBeUndefined()
})
