import { availableParallelism, totalmem } from 'node:os'
import { styleText } from 'node:util'
import { defaultCacheRoot } from '../containers/cache.ts'
import { defaultVersion } from '../containers/choose.ts'
import { servers } from '../containers/registry.ts'
import { makeRuntimes } from '../containers/runtimes/all.ts'
import { EXIT } from '../src/errors.ts'
import type { Availability } from '../src/instance.ts'
import { newRunId } from '../src/naming.ts'
import { productNames } from '../src/rule.ts'
import type { Command } from './command.ts'

export const doctorCommand: Command = {
  says: 'says what this machine can run, how, and why not',
  positionals: '',
  options: {},
  async run() {
    console.log(
      `node ${process.versions.node}, ${process.platform} ${process.arch}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB; cache ${defaultCacheRoot()}`,
    )
    if (process.platform !== 'linux' || process.arch !== 'x64') console.log('on this platform Docker is the way: the native servers are for Linux on x86-64')
    const runtimes = await makeRuntimes({ kind: 'auto', servers, runId: newRunId(Date.now()), images: {} })
    for (const product of productNames) {
      const version = defaultVersion(servers[product])
      console.log(styleText('bold', `${product} ${version}`))
      for (const kind of ['docker', 'native', 'model'] as const) {
        const availability = await runtimes[kind]?.available(product, version)
        if (availability !== undefined) console.log(`  ${kind.padEnd(7)} ${say(availability)}`)
      }
    }
    await Promise.all(Object.values(runtimes).map((runtime) => runtime[Symbol.asyncDispose]()))
    return EXIT.conforms
  },
}

function say(availability: Availability): string {
  switch (availability.kind) {
    case 'ready':
      return styleText('green', 'ready')
    case 'fetchable':
      return `can be fetched: ${availability.from}`
    case 'unavailable':
      return `${styleText('red', 'no')}: ${availability.because}${availability.hint === '' ? '' : `\n          ${availability.hint}`}`
  }
}
