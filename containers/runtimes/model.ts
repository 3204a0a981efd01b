import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import type { Fault } from '../../fixtures/models/qdrant/settings.ts'
import { startQdrantModel } from '../../fixtures/models/qdrant/server.ts'
import { HarnessError } from '../../src/errors.ts'
import { systemClock, type Clock } from '../../src/driver.ts'
import type { Availability, Endpoint, Instance, InstanceSpec, Runtime } from '../../src/instance.ts'
import type { ProductName } from '../../src/rule.ts'
import { factsOf, qdrantProfile, qdrantServer } from '../qdrant/server.ts'

export interface ModelRuntimeOptions {
  readonly clock?: Clock
  /** Documented rules to break, for the kill matrix. */
  readonly faults?: ReadonlySet<Fault>
}

/** The reference server in this process: for self-tests, and where nothing real can be had. Never evidence about a release. */
export function modelRuntime({ clock = systemClock, faults = new Set() }: ModelRuntimeOptions = {}): Runtime {
  return {
    kind: 'model',
    available: (product, version) => Promise.resolve(availability(product, version)),
    fetch: () => Promise.resolve(),
    start: (spec) => startModel(spec, clock, faults),
    async [Symbol.asyncDispose]() {},
  }
}

function availability(product: ProductName, version: string): Availability {
  if (product !== 'qdrant') return { kind: 'unavailable', because: `there is no model of ${product}`, hint: 'use --runtime docker or native' }
  if (qdrantServer.versions.some((entry) => entry.version === version)) return { kind: 'ready' }
  return {
    kind: 'unavailable',
    because: `the model knows no Qdrant ${version}`,
    hint: `one of ${qdrantServer.versions.map((entry) => entry.version).join(', ')}`,
  }
}

async function startModel(spec: InstanceSpec, clock: Clock, faults: ReadonlySet<Fault>): Promise<Instance> {
  if (spec.product !== 'qdrant') throw new HarnessError('RUNTIME_UNAVAILABLE', `there is no model of ${spec.product}`)
  const { security } = qdrantProfile(spec.profile)
  const { 'api-key': apiKey = '', 'read-only-key': readOnlyApiKey = '' } = spec.credentials
  const model = await startQdrantModel({
    version: spec.version,
    pki: spec.pki,
    clock,
    faults,
    jwtRbac: security.jwtRbac,
    clustered: security.clustered === true,
    verifyClientCertificate: security.verifyClientCertificate,
    ...(security.apiKey ? { apiKey } : {}),
    ...(security.readOnlyApiKey ? { readOnlyApiKey } : {}),
  })
  const endpoint: Endpoint = {
    host: 'localhost',
    address: '127.0.0.1',
    ports: model.ports,
    pki: spec.pki,
    credentials: spec.credentials,
    facts: { ...factsOf(security), snapshots: '/snapshots' },
  }
  const { id, product, version, profile, runtime } = spec
  return {
    info: { id, product, version, profile, runtime, evidence: 'model', origin: 'local-build', digest: await digestOfModel(), endpoint },
    exited: new Promise(() => undefined),
    logTail: () => [],
    [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
  }
}

/** Over the model's own source, so that two runs can tell whether they met the same one. */
async function digestOfModel(): Promise<string> {
  const folder = new URL('../../fixtures/models/qdrant/', import.meta.url)
  const hash = createHash('sha256')
  for (const name of (await readdir(folder)).toSorted()) hash.update(`${name}\0`).update(await readFile(new URL(name, folder)))
  return `sha256:${hash.digest('hex')}`
}
