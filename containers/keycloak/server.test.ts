import { describe, expect, test } from 'vitest'
import type { InstanceSpec } from '../../src/instance.ts'
import type { Launch, Placement } from '../server.ts'
import { realmFacts } from './facts.ts'
import { credentialNames, profiles, userNames } from './profiles.ts'
import { keycloakServer } from './server.ts'
import { versions } from './versions.ts'

const pki = {
  folder: '/pki',
  ca: '/pki/ca.pem',
  serverCert: '/pki/server.pem',
  serverKey: '/pki/server-key.pem',
  clientCert: '/pki/client.pem',
  clientKey: '/pki/client-key.pem',
}
const ports = { https: 20443, management: 20900 }
const native: Placement = { runtime: 'native', folder: '/run/k', bind: '127.0.0.1', host: 'localhost', ports, publicPorts: ports, pki }
const docker: Placement = {
  ...native,
  runtime: 'docker',
  folder: '/opt/keycloak',
  bind: '0.0.0.0',
  host: 'keycloak.assay.test',
  ports: { https: 8443, management: 9000 },
  publicPorts: { https: 8443, management: 31000 },
}

let made = 0
const credentials: Readonly<Record<string, string>> = profiles.realm.credentials(() => `random-${made++}`)

function launch(version: string, at: Placement): Launch {
  const spec: InstanceSpec = {
    id: 'k',
    product: 'keycloak',
    version,
    profile: 'realm',
    runtime: at.runtime,
    evidence: 'real',
    pki,
    folder: at.folder,
    credentials,
    peers: {},
  }
  return keycloakServer.launch(spec, at)
}

describe('the command', () => {
  test('names one URL for every caller, TLS and loopback, and starts what was built', () => {
    expect(launch('26.4.0', native).args).toEqual([
      'start',
      '--optimized',
      '--import-realm',
      '--hostname=https://localhost:20443',
      '--http-host=127.0.0.1',
      '--https-port=20443',
      '--https-certificate-file=/pki/server.pem',
      '--https-certificate-key-file=/pki/server-key.pem',
      '--http-management-port=20900',
    ])
  })

  test('speaks the older dialect to 24: the host name by another option, health without a port of its own', () => {
    const { args, facts } = launch('24.0.5', native)
    expect(args).toContain('--hostname-url=https://localhost:20443')
    expect(args.join(' ')).not.toContain('management')
    expect(facts['managementPort']).toBe(false)
  })

  test('lets a container build itself, which has no build of ours', () => {
    const { args, env } = launch('26.4.0', docker)
    expect(args).not.toContain('--optimized')
    expect(args).toContain('--hostname=https://keycloak.assay.test:8443')
    expect(env).not.toHaveProperty('ASSAY_KEYCLOAK_HOME')
  })

  test.each(versions)('of $version carries no secret', ({ version }) => {
    const { args } = launch(version, native)
    expect(Object.values(credentials).filter((secret) => args.join(' ').includes(secret))).toEqual([])
  })
})

describe('the realms', () => {
  const files = Object.values(launch('26.4.0', native).files).map(
    (text) =>
      JSON.parse(text) as {
        readonly realm: string
        readonly users: readonly { readonly username: string; readonly credentials?: readonly { readonly value: string }[] }[]
      },
  )

  test('are two, with the same people under either, and a password of the run for each of them', () => {
    expect(files.map(({ realm }) => realm)).toEqual(['assay', 'assay-other'])
    for (const { users } of files) {
      const people = users.filter(({ username }) => !username.startsWith('service-account-'))
      expect(people.map(({ username }) => username)).toEqual([...userNames])
      expect(people.map(({ credentials: [password] = [] }) => password?.value)).toEqual(userNames.map((name) => credentials[credentialNames.passwordOf(name)]))
    }
  })

  test('lie where Keycloak looks for them in its own home', () => {
    expect(Object.keys(launch('26.4.0', docker).files)).toEqual(['data/import/assay-realm.json', 'data/import/assay-other-realm.json'])
  })
})

describe('the facts', () => {
  test('say who the issuer is, as its tokens do', () => {
    const { facts } = launch('26.4.0', docker)
    expect(realmFacts({ facts, host: 'x', ports: {} })).toMatchObject({
      issuer: 'https://keycloak.assay.test:8443/realms/assay',
      otherIssuer: 'https://keycloak.assay.test:8443/realms/assay-other',
    })
  })

  test('of a server that says none are what its place says', () => {
    expect(realmFacts({ facts: {}, host: 'localhost', ports: { https: 8443 } }).issuer).toBe('https://localhost:8443/realms/assay')
  })
})

test('one version is the one that is run when none is named', () => {
  expect(versions.filter((entry) => 'default' in entry).map(({ version }) => version)).toEqual(['26.4.0'])
})
