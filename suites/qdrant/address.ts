import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One file at an address of ours, and how often anybody came for it. */
export interface Offer {
  readonly url: string
  asked(): number
}

export const noOffer: Offer = { url: '', asked: () => 0 }

/** A listener on loopback that hands out files, and counts: who comes there was sent by somebody. */
export class Address implements AsyncDisposable {
  readonly #files = new Map<string, { readonly bytes: Buffer; asked: number }>()
  #server: Promise<Server> | undefined

  /** Offers the bytes under a path that nobody can guess. */
  async offer(name: string, bytes: Buffer): Promise<Offer> {
    const { port } = (await (this.#server ??= this.#listen())).address() as AddressInfo
    const path = `/${name}.snapshot`
    const file = { bytes, asked: 0 }
    this.#files.set(path, file)
    return { url: `http://127.0.0.1:${port}${path}`, asked: () => file.asked }
  }

  async #listen(): Promise<Server> {
    const server = createServer((request, response) => {
      const file = this.#files.get(request.url ?? '')
      if (file === undefined) return void response.writeHead(404).end()
      file.asked++
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.bytes.length }).end(file.bytes)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return server
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = await this.#server
    server?.closeAllConnections()
    server?.close()
  }
}
