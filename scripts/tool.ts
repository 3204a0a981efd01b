import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { packageRoot } from '../src/root.ts'

const manifest = z.object({ name: z.string(), version: z.string() })

/** This tool's name, version and, in a checkout, commit. */
export function toolOf(): { readonly name: string; readonly version: string; readonly commit?: string } {
  const { name, version } = manifest.parse(JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')))
  const commit = commitOf()
  return { name, version, ...(commit === undefined ? {} : { commit }) }
}

function commitOf(): string | undefined {
  try {
    return execFileSync('git', ['-C', packageRoot, 'rev-parse', '--short=12', 'HEAD'], { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}
