import type { JsonObject } from '../../src/json.ts'
import type { Profile } from '../server.ts'

/** The part of `common.security` and of TLS that a profile sets; absent means that the line is not written at all. */
export interface Security {
  /** 0 none, 1 the server shows a certificate, 2 the client too. */
  readonly tlsMode: 0 | 1 | 2
  readonly authorizationEnabled?: boolean
  /** As written in the file, blanks included: the documents' own spelling is one of the things under test. */
  readonly superUsers?: string
  /** Whole sections beside those, as a document spells them. */
  readonly extra?: JsonObject
}

export interface MilvusProfile extends Profile {
  readonly security: Security
}

/** The password that the documents give for the root user of a new server. */
const DOCUMENTED_ROOT_PASSWORD = 'Milvus'

const credentials = (): Readonly<Record<string, string>> => ({ 'root-password': DOCUMENTED_ROOT_PASSWORD })

export const profiles = {
  authorization: {
    says: 'TLS, authorization on, no super users',
    credentials,
    security: { tlsMode: 1, authorizationEnabled: true },
  },
  'super-users': {
    says: "TLS, authorization on, super users spelt as in the document: 'root, foo'",
    credentials,
    security: { tlsMode: 1, authorizationEnabled: true, superUsers: 'root, foo' },
  },
  'super-users-tight': {
    says: 'TLS, authorization on, super users spelt without blanks: root,foo',
    credentials,
    security: { tlsMode: 1, authorizationEnabled: true, superUsers: 'root,foo' },
  },
  'super-users-empty': {
    says: 'TLS, authorization on, an empty list of super users',
    credentials,
    security: { tlsMode: 1, authorizationEnabled: true, superUsers: '' },
  },
  'super-users-root': {
    says: 'TLS, authorization on, root the only super user',
    credentials,
    security: { tlsMode: 1, authorizationEnabled: true, superUsers: 'root' },
  },
  'tls-mutual': {
    says: 'TLS in both directions, authorization on',
    credentials,
    security: { tlsMode: 2, authorizationEnabled: true },
  },
  open: {
    says: 'TLS, authorization not mentioned',
    credentials,
    security: { tlsMode: 1 },
  },
  plain: {
    says: 'no TLS, authorization on',
    credentials,
    security: { tlsMode: 0, authorizationEnabled: true },
  },
  'plain-open': {
    says: 'as shipped: no TLS, authorization not mentioned',
    credentials,
    security: { tlsMode: 0 },
  },
  'tls-mutual-open': {
    says: 'TLS in both directions, authorization not mentioned',
    credentials,
    security: { tlsMode: 2 },
  },
} as const satisfies Readonly<Record<string, MilvusProfile>>

export type ProfileName = keyof typeof profiles
