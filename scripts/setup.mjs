// Zero-dependency: runs before anything is installed, on any Node ≥ 20.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const OLDEST_SYSTEM_NODE = 20
const NODE = 24

const lockfile = join(root, 'package-lock.json')
const stamp = join(root, 'node_modules', '.assay-setup')

/** Installed as a package: npm has done the set-up, and there is no lockfile to compare with. */
const isInstalled = root.split(/[\\/]/).includes('node_modules')

/** What the installed packages must match: the lockfile, and the platform that they were installed for. */
function wanted() {
  const hash = createHash('sha256').update(readFileSync(lockfile)).digest('hex')
  return `${hash} ${process.platform} ${process.arch}`
}

function fail(message) {
  console.error(`assay: ${message}`)
  process.exit(2)
}

/** Installs the packages of the lockfile where they are missing or others. Does nothing, and no network, otherwise. */
export function setUp() {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_SYSTEM_NODE)
    fail(`Node ${process.versions.node} is too old: ${OLDEST_SYSTEM_NODE} or later is needed to begin`)
  if (isInstalled || !existsSync(lockfile)) return
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted()) return
  console.error('assay: installing the packages of package-lock.json (once) …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status, error } = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] })
  if (error !== undefined) fail(`npm could not be started (${error.message}): install Node with npm`)
  if (status !== 0) fail(`\`npm ci\` ended with ${status}: see its message above; is the package registry reachable?`)
  writeFileSync(stamp, wanted())
}

/** The Node 24 of the project; the system's own where that is new enough and the project's could not be installed. */
export function nodeProgram() {
  for (const folder of [join(root, 'node_modules'), join(root, '..')]) {
    const program = join(folder, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    if (existsSync(program)) return program
  }
  if (Number(process.versions.node.split('.')[0]) >= NODE) return process.execPath
  return fail(`Node ${NODE} is not installed beside the project (is \`ignore-scripts\` set?): run \`npm rebuild node\`, or use Node ${NODE} yourself`)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) setUp()
