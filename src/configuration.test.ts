import { expect, test } from 'vitest'
import { configurationOf } from './configuration.ts'

const pki = { folder: '/run/pki', ca: '', serverCert: '', serverKey: '', clientCert: '', clientKey: '' }

test('a configuration is shown without secrets, registered or named, and without places of this machine', () => {
  const launch = {
    args: ['--config-path', '/data/qdrant/config.yaml', '--hint=correct-horse-battery'],
    env: { ADMIN_PASSWORD: 'nobody-registered-this', AUTHENTICATION_APIKEY_ENABLED: 'true', CA: '/run/pki/ca.pem' },
    files: { 'config.yaml': 'api_key: correct-horse-battery\njwt_rbac: true\ntoken_ttl: 60\n', 'realm.json': `{"password":"another-one"}${' '.repeat(7000)}` },
    facts: {},
  }
  const shown = configurationOf(launch, { credentials: { 'api key': 'correct-horse-battery' }, pki }, '/data/qdrant')
  expect(shown).toMatchObject({
    args: ['--config-path', '‹folder›/config.yaml', '--hint=‹api key›'],
    env: { ADMIN_PASSWORD: '‹redacted›', AUTHENTICATION_APIKEY_ENABLED: 'true', CA: '‹certificates›/ca.pem' },
    files: { 'config.yaml': 'api_key: ‹api key›\njwt_rbac: true\ntoken_ttl: 60\n' },
  })
  expect(shown.files['realm.json']).toMatch(/^7026 characters, sha256:[0-9a-f]{64}$/)
  expect(JSON.stringify(shown)).not.toMatch(/correct-horse|nobody-registered|another-one|\/data|\/run/)
})
