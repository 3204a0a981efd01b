import { parentPort, workerData } from 'node:worker_threads'
import { messageOf } from '../src/errors.ts'
import { Secret } from '../src/secret.ts'
import { LeakFinder } from './leaks.ts'
import type { Answer, Asked, ForWorker } from './report-pool.ts'
import { tasksHere, type Wanted } from './report-tasks.ts'

// One thread of a pool. What is sent is text where it is many small objects: that is several times quicker than to clone them.

const { journal, secrets } = workerData as ForWorker
const tasks = tasksHere(journal, new LeakFinder(secrets.map(({ value, label }) => new Secret(value, label))))

async function answer(asked: Asked): Promise<string> {
  switch (asked.kind) {
    case 'read':
      return JSON.stringify(await tasks.read(asked.stretch))
    case 'pack':
      return JSON.stringify(await tasks.pack(JSON.parse(asked.cases) as Wanted[]))
    case 'validate':
      return JSON.stringify((await tasks.validate(asked.file, asked.content)) ?? null)
  }
}

parentPort?.on('message', (asked: Asked) => {
  void answer(asked).then(
    (made) => parentPort?.postMessage({ made } satisfies Answer, []),
    (thrown: unknown) => parentPort?.postMessage({ failed: messageOf(thrown) } satisfies Answer, []),
  )
})
