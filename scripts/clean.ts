import { rm } from 'node:fs/promises'
import { defaultCacheRoot } from '../containers/cache.ts'
import { sweepDeadRuns } from '../containers/run-folder.ts'
import { EXIT } from '../src/errors.ts'
import type { Command } from './command.ts'

export const cleanCommand: Command = {
  says: 'removes what killed runs left: servers, containers, folders; with --cache the fetched servers too',
  positionals: '',
  options: { cache: { type: 'boolean', says: 'remove the cache of fetched servers' } },
  async run(args) {
    const swept = [...(await sweepDeadRuns()), ...(await sweepContainers())]
    console.log(swept.length === 0 ? 'nothing was left of earlier runs' : swept.join('\n'))
    if (args.is('cache')) {
      const cache = defaultCacheRoot()
      await rm(cache, { recursive: true, force: true })
      console.log(`removed ${cache}`)
    }
    return EXIT.conforms
  },
}

async function sweepContainers(): Promise<readonly string[]> {
  const { sweepDockerLeftovers } = await import('../containers/runtimes/docker.ts')
  return sweepDockerLeftovers()
}
