import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Secret, Vault } from './secret.ts'

const value = 'p4ss/w+rd "q" é%'

describe('a secret', () => {
  const secret = new Secret(value, "root's password")

  test('shows itself in no way but by being revealed', () => {
    const shown = [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: { secret } }, { depth: 5, showHidden: true }),
      Object.values(secret).join(),
    ]
    expect(shown.filter((text) => text.includes('p4ss'))).toEqual([])
    expect(secret.reveal()).toBe(value)
  })

  test('says what it is', () => {
    expect(secret.label).toBe("root's password")
    expect([String(secret), JSON.stringify(secret), inspect(secret)]).toEqual(['[secret]', '"[secret]"', '[secret]'])
  })
})

describe('a vault', () => {
  const forms: readonly (readonly [string, string])[] = [
    ['as it is', value],
    ['in JSON', JSON.stringify({ password: value })],
    ['in base64', Buffer.from(value).toString('base64')],
    ['in base64url', Buffer.from(value).toString('base64url')],
    ['percent-encoded', `/x?p=${encodeURIComponent(value)}`],
    ['percent-encoded in lower case', `/x?p=${encodeURIComponent(value).replaceAll(/%../g, (escape) => escape.toLowerCase())}`],
    ['in a form', new URLSearchParams({ password: value }).toString()],
    ['in HTTP Basic, whatever the length of the name', ['a', 'ab', 'abc'].map((name) => Buffer.from(`${name}:${value}`).toString('base64')).join()],
    [
      'in the claims of a token',
      ['{"k":"', '{"kk":"', '{"kkk":"'].map((head) => Buffer.from(`${head}${value.slice(0, 10)}${value.slice(10)}"}`).toString('base64url')).join(),
    ],
  ]

  test.each(forms)('redacts what it knows %s', (_, text) => {
    const vault = new Vault()
    vault.secret(value, 'password')
    const clean = vault.redact(text)
    expect(clean).toContain('‹password›')
    expect(clean).not.toContain(core(text))
  })

  test('redacts every occurrence, inside other words too', () => {
    const vault = new Vault()
    vault.secret('abcd1234', 'key')
    expect(vault.redact('abcd1234 xabcd1234abcd1234x')).toBe('‹key› x‹key›‹key›x')
  })

  test('knows the secrets of its parent, and keeps its own from it', () => {
    const run = new Vault()
    const own = new Vault(run)
    run.secret('of-the-run', 'admin key')
    own.secret('of-the-case', 'user key')
    expect(own.redact('of-the-run of-the-case')).toBe('‹admin key› ‹user key›')
    expect(run.redact('of-the-run of-the-case')).toBe('‹admin key› of-the-case')
  })

  test('leaves no rest of a longer secret that begins with a shorter one, whoever knows which', () => {
    for (const [first, second] of [
      ['aaaaaa', 'aaaaaaSECRET'],
      ['aaaaaaSECRET', 'aaaaaa'],
    ] as const) {
      const run = new Vault()
      const own = new Vault(run)
      run.secret(first, 'a')
      own.secret(second, 'b')
      expect(own.redact('x aaaaaaSECRET y')).not.toContain('SECRET')
    }
  })

  test('does not redact inside the labels that it writes', () => {
    const vault = new Vault()
    vault.secret('password', 'default password')
    expect(vault.redact('the password')).toBe('the ‹default password›')
  })

  test('takes values of less than four characters for words: they are not redacted', () => {
    const vault = new Vault()
    expect(vault.secret('abc').reveal()).toBe('abc')
    expect(vault.secret('').reveal()).toBe('')
    expect(vault.redact('abc, abcd')).toBe('abc, abcd')
  })

  test('treats no character of a secret as a pattern', () => {
    const vault = new Vault()
    vault.secret('.*+?^${}()|[]\\/', 'odd')
    expect(vault.redact('a .*+?^${}()|[]\\/ b')).toBe('a ‹odd› b')
  })

  test('bears values with half a surrogate pair', () => {
    const vault = new Vault()
    vault.secret('half \ud83d pair', 'odd')
    expect(vault.redact('a half \ud83d pair')).toBe('a ‹odd›')
  })

  test('leaves texts alone that contain no secret', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const vault = new Vault()
        vault.secret('c0rrect-horse-battery-staple')
        expect(vault.redact(text)).toBe(text)
      }),
    )
  })

  test('never lets a registered value through, whatever it is and wherever it stands', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 4, unit: 'binary' }), { minLength: 1, maxLength: 4 }), fc.string(), (values, between) => {
        const vault = new Vault()
        const text = values.map((one) => between + vault.secret(one, '·').reveal()).join(between)
        const left = vault.redact(text).split('‹·›')
        expect(left.filter((part) => values.some((one) => part.includes(one)))).toEqual([])
      }),
    )
  })
})

/** The middle of the secret as it stands in that text, where its form is not the plain one. */
function core(text: string): string {
  return text.includes('p4ss/w') ? 'p4ss/w' : 'cDRzcy93'
}

test('whoever searches the reports in the end is told of each secret, of a case too', () => {
  const told: Secret[] = []
  const parent = new Vault(undefined, (secret) => void told.push(secret))
  parent.secret('correct-horse', 'api key')
  new Vault(parent, (secret) => void told.push(secret)).secret('battery-staple', 'a user of the case')
  expect(told.map((secret) => [secret.label, secret.reveal()])).toEqual([
    ['api key', 'correct-horse'],
    ['a user of the case', 'battery-staple'],
  ])
})
