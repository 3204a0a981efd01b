import { rm } from 'node:fs/promises'
import { defaultCacheRoot } from '../containers/cache.ts'
import { sweepDeadRuns } from '../containers/run-folder.ts'
import { EXIT } from '../src/errors.ts'
import type { Command } from './command.ts'
import { cleanTargets } from './external.ts'
import { readTargets } from './target-file.ts'

export const cleanCommand: Command = {
  says: 'removes what killed runs left; with --cache the fetched servers too',
  positionals: '',
  options: {
    cache: { type: 'boolean', says: 'remove the cache of fetched servers' },
    target: { type: 'string', value: 'FILE', says: 'list what runs left on these systems; with --yes remove it' },
    yes: { type: 'boolean', says: 'with --target: remove what is listed' },
    'i-own-this-system': { type: 'boolean', says: 'with --target: also on systems that are not this machine' },
  },
  async run(args) {
    const target = args.one('target')
    if (target !== undefined) return cleanTargets(readTargets(target), { isOwn: args.is('i-own-this-system'), remove: args.is('yes') })
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
