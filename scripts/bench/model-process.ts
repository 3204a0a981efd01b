import { modelRuntime } from '../../containers/runtimes/model.ts'
import type { InstanceSpec } from '../../src/instance.ts'

/** Qdrant's model as a process of its own, so that what it costs is not taken for what the harness costs. Told what to start by its parent. */
process.once('message', (spec: InstanceSpec) => void serve(spec))

async function serve(spec: InstanceSpec): Promise<void> {
  const signal = new AbortController().signal
  const instance = await modelRuntime().start(spec, { signal, log: () => undefined })
  process.send?.(instance.info)
}

process.once('disconnect', () => process.exit(0))
