import { allowed, showing, type Case } from '../../src/case.ts'
import { refused, row, type Row } from './row.ts'

const byPassword = (given: Omit<Row, 'operation'>): Case => row({ operation: 'log-in-by-password', ...given })

/** RFC 6749 §5.2: a wrong password is an invalid grant, and that is 400; 401 is for clients. */
const invalidGrant = refused('unauthenticated', '400 invalid_grant')
const anyInvalidGrant = refused('unauthenticated', '400 invalid_grant', '401 invalid_grant')
const invalidClient = refused('unauthenticated', '400 invalid_client', '401 invalid_client')
/** What Keycloak calls a client whose secret is wrong, beside what the standard does. */
const anyInvalidClient = refused('unauthenticated', '400 invalid_client', '401 invalid_client', '401 unauthorized_client')
const unauthorizedClient = refused('forbidden', '400 unauthorized_client')
const invalidRequest = refused('invalid', '400 invalid_request')

const person = { principal: 'person' } as const
const twin = { twin: person }

export const passwordCases: readonly Case[] = [
  byPassword({ ...person, expect: allowed, rules: ['KCL-PWD-01'] }),
  byPassword({ ...person, detail: 'as-a-form', input: { form: 'urlencoded' }, expect: allowed, rules: ['KCL-PWD-01'] }),
  // One of each kind is held to the very status; that the others are refused at all is a matter of its own.
  ...['wrong-password', 'unknown-person'].map((principal) => byPassword({ principal, ...twin, expect: invalidGrant, rules: ['KCL-PWD-ERROR-01'] })),
  ...['almost-right-password', 'shortened-password', 'other-letter-case', 'empty-password'].map((principal) =>
    byPassword({ principal, ...twin, expect: anyInvalidGrant, rules: ['KCL-PWD-01'] }),
  ),
  byPassword({ principal: 'disabled-person', ...twin, expect: invalidGrant, rules: ['KCL-PWD-DISABLED-01'] }),
  byPassword({ principal: 'locked-person', ...twin, expect: anyInvalidGrant, rules: ['KCL-PWD-LOCK-01'] }),

  byPassword({ ...person, detail: 'at-an-unknown-client', input: { client: 'unknown' }, twin: { input: {} }, expect: invalidClient, rules: ['KCL-CLIENT-01'] }),
  byPassword({
    ...person,
    detail: 'at-a-client-without-that-flow',
    input: { client: 'machine' },
    twin: { input: {} },
    expect: unauthorizedClient,
    rules: ['KCL-CLIENT-FLOW-01'],
  }),
  byPassword({
    ...person,
    detail: 'without-the-client-secret',
    input: { client: 'machine-without-secret' },
    twin: { input: {} },
    expect: anyInvalidClient,
    rules: ['KCL-CLIENT-01'],
  }),
  byPassword({
    ...person,
    detail: 'with-a-wrong-client-secret',
    input: { client: 'machine-with-wrong-secret' },
    twin: { input: {} },
    expect: anyInvalidClient,
    rules: ['KCL-CLIENT-01'],
  }),
  byPassword({
    ...person,
    detail: 'without-client-id',
    input: { form: 'no-client-id' },
    twin: { input: { form: 'urlencoded' } },
    expect: invalidClient,
    rules: ['KCL-CLIENT-01'],
  }),

  ...['query', 'grant-type-twice', 'no-grant-type', 'no-username'].map((form) =>
    byPassword({ ...person, detail: form, input: { form }, twin: { input: { form: 'urlencoded' } }, expect: invalidRequest, rules: ['KCL-TOKEN-REQUEST-01'] }),
  ),
  byPassword({
    ...person,
    detail: 'unknown-grant-type',
    input: { form: 'unknown-grant-type' },
    twin: { input: { form: 'urlencoded' } },
    expect: refused('invalid', '400 unsupported_grant_type'),
    rules: ['KCL-TOKEN-REQUEST-01'],
  }),
  byPassword({
    ...person,
    detail: 'no-password',
    input: { form: 'no-password' },
    twin: { input: { form: 'urlencoded' } },
    expect: invalidRequest,
    rules: ['KCL-TOKEN-REQUEST-01'],
  }),
  byPassword({ ...person, detail: 'json-body-of-the-document', input: { form: 'json' }, expect: allowed, rules: ['KCL-DOC-BODY-01'] }),
]

export const tokenCases: readonly Case[] = [
  byPassword({ ...person, detail: 'audience', input: { shows: 'audience' }, expect: showing('weaviate'), rules: ['KCL-TOKEN-AUD-01'] }),
  byPassword({
    ...person,
    detail: 'no-audience-without-mapper',
    input: { client: 'otherApp', shows: 'audience' },
    expect: showing(),
    rules: ['KCL-TOKEN-AUD-01'],
  }),
  byPassword({
    principal: 'person-in-admins',
    detail: 'groups',
    input: { groups: ['admins'], shows: 'groups' },
    expect: showing('admins'),
    rules: ['KCL-TOKEN-GROUPS-01'],
  }),
  byPassword({
    principal: 'person-in-readers',
    detail: 'groups',
    input: { groups: ['readers'], shows: 'groups' },
    expect: showing('readers'),
    rules: ['KCL-TOKEN-GROUPS-01'],
  }),
  byPassword({
    principal: 'person-in-both',
    detail: 'groups',
    input: { groups: ['admins', 'readers'], shows: 'groups' },
    expect: showing('admins', 'readers'),
    rules: ['KCL-TOKEN-GROUPS-01'],
  }),
  byPassword({ principal: 'person-in-none', detail: 'groups', input: { shows: 'groups' }, expect: showing(), rules: ['KCL-TOKEN-GROUPS-01'] }),
  byPassword({ ...person, detail: 'issuer', input: { shows: 'issuer' }, expect: showing("the realm's"), rules: ['KCL-TOKEN-ISS-01'] }),
  byPassword({ ...person, detail: 'lifetime-of-the-realm', input: { shows: 'lifetime' }, expect: showing('300 s'), rules: ['KCL-TOKEN-LIFE-01'] }),
  byPassword({
    ...person,
    detail: 'lifetime-of-the-client',
    input: { client: 'shortLived', shows: 'lifetime' },
    expect: showing('2 s'),
    rules: ['KCL-TOKEN-LIFE-01'],
  }),
  byPassword({ ...person, detail: 'expires-in', input: { shows: 'expires-in' }, expect: showing('the life of the token'), rules: ['KCL-TOKEN-LIFE-01'] }),
  byPassword({ ...person, detail: 'bearer', input: { shows: 'type' }, expect: showing('bearer'), rules: ['KCL-TOKEN-TYPE-01'] }),
  byPassword({ ...person, detail: 'algorithm', input: { shows: 'algorithm' }, expect: showing('RS256'), rules: ['KCL-TOKEN-TYPE-01'] }),
  byPassword({ ...person, detail: 'client', input: { client: 'otherApp', shows: 'client' }, expect: showing('other-app'), rules: ['KCL-TOKEN-TYPE-01'] }),
  byPassword({ ...person, detail: 'id-token', input: { shows: 'id-token' }, expect: showing("the realm's", 'weaviate'), rules: ['KCL-ID-TOKEN-01'] }),
  byPassword({ ...person, detail: 'refresh-token', input: { shows: 'refresh-token' }, expect: showing('refresh token'), rules: ['KCL-PWD-01'] }),
]

const byCredentials = (given: Omit<Row, 'operation'>): Case => row({ operation: 'log-in-as-machine', ...given })
const machine = { principal: 'machine' } as const
const inTheHeader = { detail: 'in-the-header', input: { authentication: 'basic' }, twin: machine } as const

export const machineCases: readonly Case[] = [
  byCredentials({ ...machine, detail: 'secret-in-the-form', input: { authentication: 'post' }, expect: allowed, rules: ['KCL-MACHINE-01'] }),
  byCredentials({ ...machine, detail: 'secret-in-the-header', input: { authentication: 'basic' }, expect: allowed, rules: ['KCL-MACHINE-01'] }),
  byCredentials({ ...machine, detail: 'no-refresh-token', input: { shows: 'refresh-token' }, expect: showing(), rules: ['KCL-MACHINE-REFRESH-01'] }),
  byCredentials({ ...machine, detail: 'audience', input: { shows: 'audience' }, expect: showing('weaviate'), rules: ['KCL-TOKEN-AUD-01'] }),
  byCredentials({ ...machine, detail: 'groups', input: { shows: 'groups' }, expect: showing('machines'), rules: ['KCL-TOKEN-GROUPS-01'] }),
  byCredentials({ ...machine, detail: 'lifetime-of-the-realm', input: { shows: 'lifetime' }, expect: showing('300 s'), rules: ['KCL-TOKEN-LIFE-01'] }),
  ...['wrong-secret', 'no-secret'].map((principal) => byCredentials({ principal, twin: machine, expect: invalidClient, rules: ['KCL-CLIENT-ERROR-01'] })),
  ...['almost-right-secret', 'shortened-secret', 'unknown-client'].map((principal) =>
    byCredentials({ principal, twin: machine, expect: anyInvalidClient, rules: ['KCL-MACHINE-01'] }),
  ),
  // RFC 6749 §5.2: to a client that tried the header, 401 is a must.
  byCredentials({ principal: 'wrong-secret', ...inTheHeader, expect: refused('unauthenticated', '401 invalid_client'), rules: ['KCL-CLIENT-ERROR-01'] }),
  ...['almost-right-secret', 'unknown-client'].map((principal) =>
    byCredentials({
      principal,
      ...inTheHeader,
      expect: refused('unauthenticated', '401 invalid_client', '401 unauthorized_client'),
      rules: ['KCL-MACHINE-01'],
    }),
  ),
  byCredentials({ principal: 'public-client', twin: machine, expect: unauthorizedClient, rules: ['KCL-CLIENT-FLOW-01'] }),
]
