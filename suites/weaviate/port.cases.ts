import { certificateKinds } from '../../fixtures/pki/client-certificates.ts'
import { allowed, unauthenticated, type Case, type Expectation } from '../../src/case.ts'
import type { OperationName } from './operations.ts'
import type { RuleId } from './rules.ts'
import { caseOf } from './tables.ts'

const PROFILE = 'api-key-adminlist'
const ports = ['rest', 'grpc'] as const
const handshake = { kind: 'refused', by: 'handshake' } as const satisfies Expectation

const row = (operation: OperationName, expect: Expectation, rule: RuleId): Case =>
  caseOf({ profile: PROFILE, operation, principal: 'stranger', expect, rules: [rule], exempt: 'nobody-may' })

/** TLS is on: the port speaks nothing else, and no version of it that is given up. */
export const handshakeCases: readonly Case[] = ports.flatMap((port) => [
  row(`open-${port}-with-tls`, allowed, 'WVT-TLS-01'),
  row(`open-${port}-with-tls-1-2`, allowed, 'WVT-TLS-01'),
  row(`open-${port}-with-tls-1-3`, allowed, 'WVT-TLS-01'),
  againstTls(row(`open-${port}-without-tls`, handshake, 'WVT-TLS-02'), port),
  againstTls(row(`open-${port}-with-tls-1-0`, handshake, 'WVT-TLS-OLD-01'), port),
  againstTls(row(`open-${port}-with-tls-1-1`, handshake, 'WVT-TLS-OLD-01'), port),
])

/** The twin asks the same port in the current version of TLS. */
function againstTls(refused: Case, port: (typeof ports)[number]): Case {
  return { ...refused, twin: { input: { as: `open-${port}-with-tls-1-3` } } }
}

/** The listener for other nodes is open on all interfaces, without TLS. */
export const clusterPortCases: readonly Case[] = (
  ['read-node-status-at-cluster-port', 'read-raft-statistics-at-cluster-port', 'read-shard-status-at-cluster-port', 'read-object-at-cluster-port'] as const
).map((operation) => row(operation, unauthenticated, 'WVT-PORT-DATA-01'))

const MUTUAL = 'tls-mutual'
const withCertificate: readonly OperationName[] = ['get-object', 'create-object', 'graphql-get']

/** Client certificates are asked for: who shows none of our authority gets no word, and who shows one still needs a key. */
export const mutualCases: readonly Case[] = [
  ...(['2', '3'] as const).flatMap((minor) =>
    certificateKinds.map((kind) => {
      const operation = `open-rest-showing-${kind}-certificate-with-tls-1-${minor}` as const
      const mine = kind === 'ours'
      const one = caseOf({ profile: MUTUAL, operation, principal: 'stranger', expect: mine ? allowed : handshake, rules: ['WVT-TLS-MUTUAL-01'] })
      return mine ? one : { ...one, twin: { input: { as: `open-rest-showing-ours-certificate-with-tls-1-${minor}` } } }
    }),
  ),
  ...withCertificate.flatMap((operation) => [
    caseOf({ profile: MUTUAL, operation, principal: 'admin', expect: allowed, rules: ['WVT-TLS-MUTUAL-02'] }),
    caseOf({ profile: MUTUAL, operation, principal: 'anonymous', expect: unauthenticated, rules: ['WVT-TLS-MUTUAL-02'] }),
  ]),
]
