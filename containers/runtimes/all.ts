import type { Runtime, RuntimeKind } from '../../src/instance.ts'
import type { ProductName } from '../../src/rule.ts'
import { Cache, defaultCacheRoot } from '../cache.ts'
import type { ServerDefinition } from '../server.ts'
import { nativeRuntime } from './native.ts'

export interface RuntimesOptions {
  readonly kind: RuntimeKind | 'auto'
  readonly servers: Readonly<Record<ProductName, ServerDefinition>>
  readonly runId: string
  /** Images to use in place of the official ones. */
  readonly images: Readonly<Partial<Record<ProductName, string>>>
}

/** The runtimes that a run may use. Testcontainers and the model are loaded only where they are among them. */
export async function makeRuntimes({ kind, servers, runId, images }: RuntimesOptions): Promise<Partial<Record<RuntimeKind, Runtime>>> {
  const wants = (one: RuntimeKind): boolean => kind === 'auto' || kind === one
  return {
    ...(wants('docker') ? { docker: (await import('./docker.ts')).dockerRuntime({ servers, runId, images }) } : {}),
    ...(wants('native') ? { native: nativeRuntime({ servers, cache: new Cache(defaultCacheRoot()) }) } : {}),
    ...(wants('model') ? { model: (await import('./model.ts')).modelRuntime() } : {}),
  }
}
