import { readFile } from 'node:fs/promises'
import { basename, dirname, posix } from 'node:path'
import type { Pki } from '../../../src/instance.ts'

/** What Testcontainers copies into a container before it starts; a target that ends in `/` is a folder. */
export interface Content {
  readonly content: string | Buffer
  readonly target: string
  readonly mode: number
}

// The image's own user must read them and write beside them, whoever that is: nobody else is in the container.
const FILE_MODE = 0o644
const FOLDER_MODE = 0o777

const pemNames = ['ca', 'serverCert', 'serverKey', 'clientCert', 'clientKey'] as const satisfies readonly (keyof Pki)[]

/** The certificates of the run as the server in the container sees them. */
export function pkiInside(pki: Pki, folder: string): Pki {
  const inside = Object.fromEntries(pemNames.map((name) => [name, `${folder}/pki/${basename(pki[name])}`]))
  return { ...pki, ...inside, folder: `${folder}/pki` }
}

/** Everything that goes into the container's folder, with the folders themselves: no bind mount, so that the engine may be elsewhere. */
export async function contentsOf(folder: string, files: Readonly<Record<string, string>>, pki: Pki): Promise<readonly Content[]> {
  const inside = pkiInside(pki, folder)
  const pems = await Promise.all(pemNames.map(async (name) => ({ content: await readFile(pki[name]), target: inside[name], mode: FILE_MODE })))
  const written = Object.entries(files).map(([path, content]) => ({ content, target: posix.join(folder, path), mode: FILE_MODE }))
  const all = [...pems, ...written]
  return [...foldersOf(folder, all), ...all]
}

function foldersOf(root: string, contents: readonly Content[]): readonly Content[] {
  const folders = new Set([root])
  for (const { target } of contents) for (let folder = dirname(target); folder.startsWith(`${root}/`); folder = dirname(folder)) folders.add(folder)
  return [...folders].toSorted().map((folder) => ({ content: '', target: `${folder}/`, mode: FOLDER_MODE }))
}
