import { existsSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(dirname(fileURLToPath(import.meta.url)))

/** Whether the compiled package runs (`dist/`), not the sources. */
export const isBuilt = basename(here) === 'dist'

/** The folder that holds `suites/`, `containers/` … as they run now. */
export const codeRoot = here

/** The folder of `package.json`. */
export const packageRoot = isBuilt ? dirname(here) : here

/** Installed as somebody's dependency: what is written goes to the folder they are in, not into `node_modules`. */
const isDependency = packageRoot.split(sep).includes('node_modules')

/** Where the folders of runs go, unless `--out` says otherwise. */
export const defaultOutRoot = (): string =>
  isDependency || !existsSync(join(packageRoot, 'reports')) ? join(process.cwd(), 'assay-out') : join(packageRoot, 'reports', 'out')
