import { allowed, showing, type Case } from '../../src/case.ts'
import { refused, row, type Row } from './row.ts'

const byCode = (given: Omit<Row, 'operation'>): Case => row({ operation: 'log-in-by-code-flow', ...given })
const byHybrid = (given: Omit<Row, 'operation'>): Case => row({ operation: 'log-in-by-hybrid-flow', ...given })

const person = { principal: 'person' } as const

/** No standard says how a login page says no: it is shown again, with a message. */
const pageAgain = refused('unauthenticated', '200 login')
/** OpenID Connect Core 1.0 §3.1.2.1: an address that is not registered is not to be redirected to; it is a page of the issuer's that says so. */
const errorPage = refused('invalid', '400 error page')

const unregistered = ['other-path', 'other-host', 'other-scheme', 'with-user-info', 'path-traversal'] as const

export const codeCases: readonly Case[] = [
  byCode({ ...person, expect: allowed, rules: ['KCL-CODE-01'] }),
  byCode({ ...person, detail: 'any-loopback-port', input: { redirect: 'other-port' }, expect: allowed, rules: ['KCL-REDIRECT-PORT-01'] }),
  ...['wrong-password', 'empty-password', 'unknown-person', 'disabled-person', 'locked-person'].map((principal) =>
    byCode({
      principal,
      twin: person,
      expect: pageAgain,
      rules: [principal === 'disabled-person' ? 'KCL-PWD-DISABLED-01' : principal === 'locked-person' ? 'KCL-PWD-LOCK-01' : 'KCL-CODE-01'],
    }),
  ),
  ...unregistered.map((redirect) =>
    byCode({ ...person, detail: `redirect-to-${redirect}`, input: { redirect }, twin: { input: {} }, expect: errorPage, rules: ['KCL-REDIRECT-01'] }),
  ),
  byCode({ ...person, detail: 'at-an-unknown-client', input: { client: 'unknown' }, twin: { input: {} }, expect: errorPage, rules: ['KCL-CLIENT-01'] }),
]

export const hybridCases: readonly Case[] = [
  byHybrid({ ...person, expect: allowed, rules: ['KCL-HYBRID-01'] }),
  byHybrid({ ...person, detail: 'in-the-fragment', input: { shows: 'fragment' }, expect: showing('code', 'id_token'), rules: ['KCL-HYBRID-01'] }),
  byHybrid({ ...person, detail: 'nonce', input: { shows: 'nonce' }, expect: showing('as sent'), rules: ['KCL-HYBRID-NONCE-01'] }),
  byHybrid({ ...person, detail: 'audience-of-the-id-token', input: { shows: 'audience' }, expect: showing('weaviate'), rules: ['KCL-ID-TOKEN-01'] }),
  byHybrid({
    ...person,
    detail: 'without-nonce',
    input: { parameters: { nonce: '' } },
    twin: { input: {} },
    expect: refused('invalid', '302 invalid_request'),
    rules: ['KCL-HYBRID-NONCE-01'],
  }),
  ...['wrong-password', 'disabled-person'].map((principal) =>
    byHybrid({ principal, twin: person, expect: pageAgain, rules: [principal === 'disabled-person' ? 'KCL-PWD-DISABLED-01' : 'KCL-HYBRID-01'] }),
  ),
  ...unregistered.map((redirect) =>
    byHybrid({ ...person, detail: `redirect-to-${redirect}`, input: { redirect }, twin: { input: {} }, expect: errorPage, rules: ['KCL-REDIRECT-01'] }),
  ),
  byHybrid({
    ...person,
    detail: 'redirect-url-of-the-document',
    input: { parameters: { redirect_uri: '', redirect_url: 'http://127.0.0.1/callback' } },
    expect: allowed,
    rules: ['KCL-DOC-REDIRECT-URL-01'],
  }),
  // OAuth 2.0 Multiple Response Types §5: what holds an ID token must not be put into a query.
  byHybrid({
    ...person,
    detail: 'in-the-query',
    input: { parameters: { response_mode: 'query' } },
    twin: { input: {} },
    expect: refused('invalid', '302 invalid_request'),
    rules: ['KCL-HYBRID-01'],
  }),
  byHybrid({
    ...person,
    detail: 'unknown-response-type',
    input: { parameters: { response_type: 'code identity' } },
    twin: { input: {} },
    expect: refused('invalid', '302 unsupported_response_type'),
    rules: ['KCL-HYBRID-01'],
  }),
  // OpenID Connect Core 1.0 §3.1.2.6: asked not to show a page, and nobody is logged in.
  byHybrid({
    ...person,
    detail: 'silently',
    input: { parameters: { prompt: 'none' } },
    twin: { input: {} },
    expect: refused('unauthenticated', '302 login_required'),
    rules: ['KCL-HYBRID-01'],
  }),
]

const inChromium = { in: 'chromium' } as const

/** The document's fifth step as it says: in a browser. Not judged where there is none. */
export const browserCases: readonly Case[] = [
  byHybrid({ ...person, detail: 'in-chromium', input: inChromium, expect: allowed, rules: ['KCL-HYBRID-01'] }),
  byHybrid({
    ...person,
    detail: 'in-chromium-by-the-fragment',
    input: { ...inChromium, shows: 'fragment' },
    expect: showing('code', 'id_token'),
    rules: ['KCL-HYBRID-01'],
  }),
  byHybrid({
    ...person,
    detail: 'in-chromium-with-the-nonce',
    input: { ...inChromium, shows: 'nonce' },
    expect: showing('as sent'),
    rules: ['KCL-HYBRID-NONCE-01'],
  }),
  byHybrid({ principal: 'wrong-password', detail: 'in-chromium', input: inChromium, twin: person, expect: pageAgain, rules: ['KCL-HYBRID-01'] }),
  byHybrid({ principal: 'disabled-person', detail: 'in-chromium', input: inChromium, twin: person, expect: pageAgain, rules: ['KCL-PWD-DISABLED-01'] }),
  byHybrid({
    ...person,
    detail: 'in-chromium-redirect-to-other-path',
    input: { ...inChromium, redirect: 'other-path' },
    twin: { input: inChromium },
    expect: errorPage,
    rules: ['KCL-REDIRECT-01'],
  }),
  byHybrid({
    ...person,
    detail: 'in-chromium-without-nonce',
    input: { ...inChromium, parameters: { nonce: '' } },
    twin: { input: inChromium },
    expect: refused('invalid', '302 invalid_request'),
    rules: ['KCL-HYBRID-NONCE-01'],
  }),
  byCode({ ...person, detail: 'in-chromium', input: inChromium, expect: allowed, rules: ['KCL-CODE-01'] }),
  byCode({ principal: 'wrong-password', detail: 'in-chromium', input: inChromium, twin: person, expect: pageAgain, rules: ['KCL-CODE-01'] }),
]
