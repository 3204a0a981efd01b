import { allowed, type Case } from '../../src/case.ts'
import { refused, row } from './row.ts'

const surface = 'port'
const principal = 'anyone'

const ports = ['https', 'management'] as const
/** Health has no port of its own before 25. */
const since = { https: {}, management: { versions: '>=25.0.0' } } as const

/** RFC 8446 §6.2: `protocol_version`. */
const protocolVersion = refused('handshake', 'tls alert 70')

export const tlsCases: readonly Case[] = ports.flatMap((port) => [
  ...['TLSv1.2', 'TLSv1.3'].map((version) => ({
    ...row({ operation: 'speak-tls', principal, surface, detail: `${port}-${version}`, input: { port, version }, expect: allowed, rules: ['KCL-TLS-01'] }),
    ...since[port],
  })),
  ...['TLSv1', 'TLSv1.1'].map((version) => ({
    ...row({
      operation: 'speak-tls',
      principal,
      surface,
      detail: `${port}-${version}`,
      input: { port, version },
      twin: { input: { port, version: 'TLSv1.2' } },
      expect: protocolVersion,
      rules: ['KCL-TLS-01'],
    }),
    ...since[port],
  })),
  {
    ...row({
      operation: 'speak-plainly',
      principal,
      surface,
      detail: port,
      input: { port },
      twin: { input: { port, as: 'tls' } },
      expect: refused('handshake'),
      rules: ['KCL-TLS-ONLY-01'],
    }),
    ...since[port],
  },
])
