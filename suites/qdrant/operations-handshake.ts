import type { Handshake } from './operation.ts'

/** The list of collections, asked for over a connection of its own: what is probed is the connection. */
export const handshakes = {
  'connect-rest': { nature: 'read', at: 'library', speaks: 'rest', labels: ({ collection }) => ({ mine: `"${collection}"` }) },
  'connect-grpc': { nature: 'read', at: 'library', speaks: 'grpc', labels: ({ collection }) => ({ mine: `"${collection}"` }) },
} as const satisfies Readonly<Record<string, Handshake>>
