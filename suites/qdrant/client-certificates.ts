import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCA, createCert, type Certificate } from 'mkcert'
import type { Pki } from '../../src/instance.ts'

export type Named = 'none' | 'right' | 'of-another-authority' | 'expired'

/** What `tls.connect` takes. */
export interface Pair {
  readonly cert?: string | Buffer
  readonly key?: string | Buffer
}

const CLIENT = 'client.assay.test'

/** Client certificates that a server should take, and those that it should not; made when they are first needed. */
export class ClientCertificates {
  readonly #pki: Pki
  readonly #made = new Map<Named, Promise<Pair>>()

  constructor(pki: Pki) {
    this.#pki = pki
  }

  of(name: Named): Promise<Pair> {
    const known = this.#made.get(name)
    if (known !== undefined) return known
    const made = this.#make(name)
    this.#made.set(name, made)
    return made
  }

  async #make(name: Named): Promise<Pair> {
    switch (name) {
      case 'none':
        return {}
      case 'right':
        return { cert: readFileSync(this.#pki.clientCert), key: readFileSync(this.#pki.clientKey) }
      case 'of-another-authority':
        return issued(await createCA({ organization: 'Another authority', countryCode: 'ZZ', state: 'none', locality: 'none', validity: 5 }), 5)
      case 'expired':
        return issued({ cert: readFileSync(this.#pki.ca, 'utf8'), key: readFileSync(join(this.#pki.folder, 'ca-key.pem'), 'utf8') }, -1)
    }
  }
}

async function issued(ca: Certificate, validity: number): Promise<Pair> {
  const { cert, key } = await createCert({ ca, domains: [CLIENT], validity, organization: 'Assay' })
  return { cert, key }
}
