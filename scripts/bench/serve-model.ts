import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { InstanceInfo, InstanceSpec } from '../../src/instance.ts'

export interface ServedModel extends AsyncDisposable {
  readonly info: InstanceInfo
}

/** A fresh model in a process of its own; disposing of it ends the process. */
export async function serveModel(spec: InstanceSpec): Promise<ServedModel> {
  const child = fork(fileURLToPath(new URL('model-process.ts', import.meta.url)), { execArgv: ['--disable-warning=ExperimentalWarning'] })
  const ended = once(child, 'exit')
  child.send(spec)
  const [info] = (await Promise.race([once(child, 'message'), ended.then(() => Promise.reject(new Error('the model ended before it listened')))])) as [
    InstanceInfo,
  ]
  return {
    info,
    async [Symbol.asyncDispose]() {
      child.disconnect()
      await ended
    },
  }
}
