import { z } from 'zod'
import { realmFacts } from '../../containers/keycloak/facts.ts'
import type { Inventory, Listing } from '../../src/census.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import { readJson } from '../../src/wire/read-json.ts'

const notOurs = 'Weaviate takes no part in it, and its documents do not speak of it'

/** What the issuer publishes as its endpoints (OpenID Connect Discovery 1.0 §3), and the operations that ask for them. */
const asked: ReadonlySet<string> = new Set([
  'authorization_endpoint',
  'token_endpoint',
  'introspection_endpoint',
  'userinfo_endpoint',
  'end_session_endpoint',
  'jwks_uri',
])

/** Endpoints that no case asks for, each with the reason. */
const excluded: Readonly<Record<string, string>> = {
  registration_endpoint: `registration of clients: ${notOurs}`,
  revocation_endpoint: 'revocation of tokens: Weaviate never asks the issuer about one, and sessions that end are asked for by logout',
  device_authorization_endpoint: `logins of devices: ${notOurs}`,
  backchannel_authentication_endpoint: `logins without a browser: ${notOurs}`,
  pushed_authorization_request_endpoint: `pushed requests: ${notOurs}`,
  check_session_iframe: `a frame for pages: ${notOurs}`,
}

/** The issuer lists its endpoints in its discovery document. */
export const inventory: Inventory = {
  operations: async (instance, signal) => [await endpoints(instance, signal)],
  knows: (name) => asked.has(name) || Object.hasOwn(excluded, name),
  exposure: { https: { rules: ['KCL-TLS-01', 'KCL-TLS-ONLY-01'] }, management: { rules: ['KCL-HEALTH-01', 'KCL-TLS-ONLY-01'] } },
  ofItsOwn: { most: 1, because: 'the transaction manager takes a port of loopback for a number that no other process has; nothing is served there' },
}

const document = z.record(z.string(), z.unknown())

async function endpoints({ endpoint }: InstanceInfo, signal: AbortSignal): Promise<Listing> {
  const path = `/realms/${realmFacts(endpoint).realm}/.well-known/openid-configuration`
  const published = document.parse(await readJson(endpoint, { port: 'https', path, signal }))
  return { from: path, names: Object.keys(published).filter((name) => /(?:_endpoint|_uri|_iframe)$/.test(name)) }
}
