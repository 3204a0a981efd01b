import { allowed, showing, type Case } from '../../src/case.ts'
import { refused, row } from './row.ts'

const anyone = 'anyone'

/** OpenID Connect Discovery 1.0 §3: REQUIRED, and the token endpoint, which only the implicit flow goes without. */
const required = [
  'issuer',
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
  'response_types_supported',
  'subject_types_supported',
  'id_token_signing_alg_values_supported',
] as const

export const discoveryCases: readonly Case[] = [
  row({
    operation: 'discover',
    principal: anyone,
    detail: 'issuer',
    input: { shows: 'issuer' },
    expect: showing('the URL that was asked'),
    rules: ['KCL-DISC-ISSUER-01'],
  }),
  row({
    operation: 'discover',
    principal: anyone,
    detail: 'issuer-of-other-realm',
    input: { shows: 'issuer', realm: 'other' },
    expect: showing('the URL that was asked'),
    rules: ['KCL-DISC-ISSUER-01'],
  }),
  row({
    operation: 'discover',
    principal: anyone,
    detail: 'required-members',
    input: { shows: 'members', of: required },
    expect: showing(...required),
    rules: ['KCL-DISC-MEMBERS-01'],
  }),
  row({
    operation: 'discover',
    principal: anyone,
    detail: 'own-endpoints',
    input: { shows: 'foreign-endpoints' },
    expect: showing(),
    rules: ['KCL-DISC-TLS-01'],
  }),
  row({
    operation: 'discover',
    principal: anyone,
    detail: 'grant-type-password',
    input: { shows: 'values', member: 'grant_types_supported', of: ['password'] },
    expect: showing('password'),
    rules: ['KCL-DISC-PASSWORD-01'],
  }),
  row({
    operation: 'discover',
    principal: anyone,
    detail: 'grant-types-of-every-flow',
    input: { shows: 'values', member: 'grant_types_supported', of: ['authorization_code', 'client_credentials', 'implicit', 'refresh_token'] },
    expect: showing('authorization_code', 'client_credentials', 'implicit', 'refresh_token'),
    rules: ['KCL-DISC-PASSWORD-01'],
  }),
  row({
    operation: 'discover',
    principal: anyone,
    detail: 'hybrid-response-type',
    input: { shows: 'values', member: 'response_types_supported', of: ['code id_token'] },
    expect: showing('code id_token'),
    rules: ['KCL-DISC-HYBRID-01'],
  }),
  row({
    operation: 'discover',
    principal: anyone,
    detail: 'fragment-response-mode',
    input: { shows: 'values', member: 'response_modes_supported', of: ['fragment'] },
    expect: showing('fragment'),
    rules: ['KCL-DISC-HYBRID-01'],
  }),
  row({
    operation: 'discover',
    principal: anyone,
    detail: 'rs256',
    input: { shows: 'values', member: 'id_token_signing_alg_values_supported', of: ['RS256', 'none'] },
    expect: showing('RS256'),
    rules: ['KCL-DISC-RS256-01'],
  }),
  row({
    operation: 'discover',
    principal: anyone,
    detail: 'realm-that-is-not-there',
    input: { realm: 'no-such-realm' },
    twin: { input: {} },
    expect: refused('not-found', '404'),
    rules: ['KCL-DISC-REALM-01'],
  }),
  row({
    operation: 'discover',
    principal: anyone,
    detail: 'realm-in-other-letters',
    input: { realm: 'ASSAY' },
    twin: { input: {} },
    expect: refused('not-found', '404'),
    rules: ['KCL-DISC-REALM-01'],
  }),
  row({ operation: 'read-keys', principal: anyone, detail: 'nothing-private', input: { shows: 'private-members' }, expect: showing(), rules: ['KCL-KEYS-01'] }),
  row({ operation: 'read-keys', principal: anyone, detail: 'by-use', input: { shows: 'uses' }, expect: showing('enc', 'sig'), rules: ['KCL-KEYS-01'] }),
  row({ operation: 'read-health', principal: anyone, detail: 'ready', surface: 'port', input: { of: 'ready' }, expect: allowed, rules: ['KCL-HEALTH-01'] }),
  row({ operation: 'read-health', principal: anyone, detail: 'live', surface: 'port', input: { of: 'live' }, expect: allowed, rules: ['KCL-HEALTH-01'] }),
]
