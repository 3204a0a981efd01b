import { copyFile, mkdtemp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clientFlaws, makeHostilePki, type ClientFlaw, type HostilePki } from '../../fixtures/pki/hostile.ts'
import type { Pki } from '../../src/instance.ts'

/** How a client shows itself: with the run's certificate, with none, or with one that is no good in one way. */
export const certificateKinds = ['ours', 'none', ...clientFlaws] as const
export type CertificateKind = (typeof certificateKinds)[number]

/** PEM text. */
export interface Presented {
  readonly cert?: string
  readonly key?: string
}

/** The certificates of one driver; those that are no good are made when the first of them is wanted. */
export class Certificates {
  readonly #pki: Pki
  #hostile: Promise<HostilePki> | undefined

  constructor(pki: Pki) {
    this.#pki = pki
  }

  async presentedBy(kind: CertificateKind): Promise<Presented> {
    if (kind === 'none') return {}
    const pair = kind === 'ours' ? { cert: this.#pki.clientCert, key: this.#pki.clientKey } : await this.#flawed(kind)
    return { cert: await readFile(pair.cert, 'utf8'), key: await readFile(pair.key, 'utf8') }
  }

  async #flawed(flaw: ClientFlaw): Promise<HostilePki['client'][ClientFlaw]> {
    this.#hostile ??= inFolderOfItsOwn(this.#pki).then(makeHostilePki)
    return (await this.#hostile).client[flaw]
  }
}

/** Servers that run side by side share the run's folder: two drivers that write the same names there would mix keys and certificates. */
async function inFolderOfItsOwn(pki: Pki): Promise<Pki> {
  const folder = await mkdtemp(join(pki.folder, 'milvus-'))
  await copyFile(join(pki.folder, 'ca-key.pem'), join(folder, 'ca-key.pem'))
  return { ...pki, folder }
}
