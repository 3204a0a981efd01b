import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makePki } from '../../../fixtures/pki/make-pki.ts'
import { contentsOf, pkiInside } from './contents.ts'

test("a container gets its files, the run's certificates but not the authority's key, and folders that any user may write in", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assay-contents-'))
  try {
    const contents = await contentsOf('/srv/data', { 'a/b.yaml': 'text' }, await makePki(folder, []))
    expect(contents.map(({ target, mode }) => `${target} ${mode.toString(8)}`)).toEqual([
      '/srv/data/ 777',
      '/srv/data/a/ 777',
      '/srv/data/pki/ 777',
      '/srv/data/pki/ca.pem 644',
      '/srv/data/pki/server.pem 644',
      '/srv/data/pki/server-key.pem 644',
      '/srv/data/pki/client.pem 644',
      '/srv/data/pki/client-key.pem 644',
      '/srv/data/a/b.yaml 644',
    ])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a server sees the certificates where they were copied to', async () => {
  const outside = { folder: '/x', ca: '/x/ca.pem', serverCert: '/x/s.pem', serverKey: '/x/s-key.pem', clientCert: '/x/c.pem', clientKey: '/x/c-key.pem' }
  expect(pkiInside(outside, '/srv')).toMatchObject({ folder: '/srv/pki', ca: '/srv/pki/ca.pem', serverKey: '/srv/pki/s-key.pem' })
})
