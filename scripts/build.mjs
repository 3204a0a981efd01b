// Compiles the package into dist/: Node strips no types under node_modules, so what is packed must be JavaScript.
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { nodeProgram, root, setUp } from './setup.mjs'

setUp()
rmSync(join(root, 'dist'), { recursive: true, force: true })
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const { status } = spawnSync(nodeProgram(), [tsc, '-p', join(root, 'tsconfig.build.json')], { cwd: root, stdio: ['ignore', 2, 2] })
if (status !== 0) process.exit(1)
// What the code reads beside itself and the compiler does not copy.
for (const file of globSync('{src,suites,fixtures,containers,reports}/**/*.{json,css,html,sh,xsd}', {
  cwd: root,
  exclude: (path) => String(path).includes('reports/out'),
})) {
  cpSync(join(root, file), join(root, 'dist', file), { recursive: true })
}
console.error('built dist')
