import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it, and says whether files can be put there. Level by level: where a file system
 * makes no folders at all (`/proc`), Node's own recursive way tries without end.
 *
 * @throws Error of the system's, `ENOENT`, `EACCES`, `ENOTDIR` …
 */
export function makeFolder(path: string, mode = 0o777): void {
  if (!existsSync(path)) {
    makeFolder(dirname(path), mode)
    makeOne(path, mode)
  }
  accessSync(path, constants.W_OK)
}

function makeOne(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode })
  } catch (thrown) {
    // Another run may have made it in between.
    if (!existsSync(path)) throw thrown
  }
}
