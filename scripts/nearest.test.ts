import { expect, test } from 'vitest'
import { nearestOf } from './nearest.ts'

const known = ['qdrant', 'milvus', 'weaviate', 'keycloak', 'QDR-JWT-EXP-01', 'QDR-KEY-ALL-01', 'MLV-SUPER-LISTED-01']

test.each([
  ['milvius', 'milvus'],
  ['Qdrant', 'qdrant'],
  ['kecyloak', 'keycloak'],
  ['QDR-JTW-EXP-01', 'QDR-JWT-EXP-01'],
  ['QDR-JTW-*', 'QDR-JWT-*'],
  ['mlv-super-listed-01', 'MLV-SUPER-LISTED-01'],
])('%s is most likely %s', (given, meant) => {
  expect(nearestOf(given, known)).toBe(meant)
})

test.each(['postgres', '', '*', '*.rest.*', 'XYZ-*'])('nothing is near %j', (given) => {
  expect(nearestOf(given, known)).toBeUndefined()
})
