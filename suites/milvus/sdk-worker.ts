import { parentPort } from 'node:worker_threads'
import { MilvusClient } from '@zilliz/milvus2-sdk-node'
import type { SdkAnswer, SdkRequest } from './sdk-program.ts'

/** Clients by whose they are: a program opens one and keeps it. */
const clients = new Map<string, MilvusClient>()

parentPort?.on('message', (request: SdkRequest) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  void answer(request).then((told) => parentPort?.postMessage(told))
})

async function answer({ id, config, method, args }: SdkRequest): Promise<SdkAnswer> {
  try {
    const key = JSON.stringify(config)
    const client = clients.get(key) ?? new MilvusClient(config)
    clients.set(key, client)
    const serverInfo: unknown = await client.connectPromise
    if (method === 'connect') return { id, kind: 'answered', answer: plain({ serverInfo, ...(await client.getVersion()) }) }
    return { id, kind: 'answered', answer: plain(await client[method](args as never)) }
  } catch (thrown) {
    const { code, details, message } = thrown as { readonly code?: unknown; readonly details?: unknown; readonly message?: unknown }
    return { id, kind: 'failed', code: typeof code === 'number' ? code : undefined, details: String(details ?? message) }
  }
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
