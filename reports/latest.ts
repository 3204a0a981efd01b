import { readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import type { RunRecord } from './run-schema.ts'

/** Points `latest` beside a run's folder to it, unless a run that started later is there already. */
export async function pointLatest(folder: string, record: RunRecord): Promise<void> {
  const latest = join(dirname(folder), 'latest')
  const standing = await startOf(await targetOf(latest))
  if (standing !== undefined && standing > record.startedAt) return
  const staging = `${latest}.${process.pid}.tmp`
  await rm(staging, { force: true })
  // Windows, and some mounted file systems, let nobody make a link: the name in a file says the same.
  await symlink(basename(folder), staging, 'dir').catch(() => writeFile(staging, `${basename(folder)}\n`))
  await rename(staging, latest)
}

const targetOf = async (latest: string): Promise<string> => {
  const name = await readlink(latest).catch(() => readFile(latest, 'utf8').catch(() => ''))
  return join(dirname(latest), name.trim())
}

async function startOf(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, 'run.json'), 'utf8').catch(() => '{}')
  const parsed = z.object({ startedAt: z.string() }).safeParse(jsonOf(text))
  return parsed.success ? parsed.data.startedAt : undefined
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
