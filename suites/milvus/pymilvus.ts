import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { Cache, defaultCacheRoot } from '../../containers/cache.ts'
import { locatePymilvus, type Pymilvus, type PymilvusRelease } from '../../containers/milvus/pymilvus.ts'
import { NotHere, type Scope } from '../../src/driver.ts'
import { messageOf } from '../../src/errors.ts'
import { pymilvusProgram } from './pymilvus-program.ts'
import type { Library, LibraryAnswer, LibraryCall, LibraryQuestion } from './through-library.ts'

/** As the page of 2.1 names them, in the order in which it goes through them. */
const older = {
  'pymilvus-2.1-create-user': { method: 'create_credential', args: ({ subject: { username, password } }) => [username, password.reveal()] },
  'pymilvus-2.1-update-password': {
    method: 'reset_password',
    args: ({ subject, next, given }) => [subject.username, given.password.reveal(), next.password.reveal()],
  },
  'pymilvus-2.1-drop-user': { method: 'delete_credential', args: ({ subject }) => [subject.username] },
  'pymilvus-2.1-list-users': { method: 'list_cred_users', args: () => [] },
} as const satisfies Readonly<Record<string, LibraryCall>>

/** As the newer page names them. */
const newer = {
  'pymilvus-2.4-connect': { method: 'connect', args: () => [] },
  'pymilvus-2.4-create-user': { method: 'create_user', args: ({ subject: { username, password } }) => [username, password.reveal()] },
  'pymilvus-2.4-describe-user': { method: 'describe_user', args: ({ canary }) => [canary] },
  'pymilvus-2.4-update-password': {
    method: 'update_password',
    args: ({ subject, next, given }) => [subject.username, given.password.reveal(), next.password.reveal()],
  },
  'pymilvus-2.4-list-users': { method: 'list_users', args: () => [] },
  'pymilvus-2.4-drop-user': { method: 'drop_user', args: ({ subject }) => [subject.username] },
} as const satisfies Readonly<Record<string, LibraryCall>>

export const pymilvusCalls = { '2.1.0': older, '2.4.9': newer } as const satisfies Readonly<Record<PymilvusRelease, Readonly<Record<string, LibraryCall>>>>
export type PymilvusCall = keyof typeof older | keyof typeof newer

const toldShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answered'), id: z.number(), answer: z.unknown() }),
  /** By the server, in its answer: the code that the library makes of the two that are there. */
  z.object({ kind: z.literal('refused'), id: z.number(), code: z.number(), details: z.string() }),
  z.object({ kind: z.literal('failed'), id: z.number(), code: z.number().optional(), details: z.string() }),
])
type Told = z.infer<typeof toldShape>

/** Milvus's library for Python, of one of its two generations of names. */
export class PymilvusLibrary implements Library {
  readonly name: string
  readonly prefix: string
  readonly calls: Library['calls']
  readonly #release: PymilvusRelease
  #program: Promise<PythonProgram> | undefined

  constructor(release: PymilvusRelease) {
    this.#release = release
    this.name = `pymilvus ${release}`
    this.prefix = `pymilvus-${release.slice(0, 3)}-`
    this.calls = pymilvusCalls[release]
  }

  async open(): Promise<void> {
    await this.#opened()
  }

  #opened(): Promise<PythonProgram> {
    this.#program ??= locatePymilvus(this.#release, new Cache(defaultCacheRoot())).then(
      (found) => new PythonProgram(found),
      (thrown: unknown) => {
        throw new NotHere(`${this.name} is fetched with a server where python3 has pip, and was not: ${messageOf(thrown)}`)
      },
    )
    return this.#program
  }

  async ask({ endpoint, as: { username, password }, method, args }: LibraryQuestion, scope: Scope): Promise<LibraryAnswer> {
    const program = await this.#opened()
    const { address, host, ports, pki } = endpoint
    const port = String(ports['grpc'] ?? 0)
    const shared = { user: username, password: password.reveal(), server_pem_path: pki.ca, server_name: host, timeout: scope.requestTimeoutMs / 1000 }
    const orm = this.#release === '2.1.0'
    const config = orm ? { ...shared, host: address, port, secure: true } : { ...shared, uri: `https://${address}:${port}` }
    const told = await program.ask({ orm, method, config, args }, scope.signal)
    switch (told.kind) {
      case 'answered':
        return { kind: 'answered', message: { status: { errorCode: 0, reason: '', code: 0 } }, shown: JSON.stringify(told.answer) }
      case 'refused':
        return { kind: 'answered', message: { status: { errorCode: told.code, reason: told.details, code: told.code } }, shown: told.details }
      case 'failed':
        return { kind: 'failed', code: told.code, details: told.details }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#program?.catch(() => undefined))?.[Symbol.asyncDispose]()
  }
}

/** One Python, asked one question after the other. */
class PythonProgram implements AsyncDisposable {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #waiting = new Map<number, (told: Told) => void>()
  readonly #ended: Promise<void>
  #last = 0

  constructor({ python, path }: Pymilvus) {
    // Nothing of our environment but what Python needs to find its libraries: a proxy that is set there would be asked.
    const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', LANG: 'C.UTF-8', PYTHONPATH: path, PYTHONDONTWRITEBYTECODE: '1' }
    this.#process = spawn(python, ['-u', '-c', pymilvusProgram], { env })
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#ended = promise
    let complaint = ''
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = `${complaint}${text}`.slice(-1000)))
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#settle(toldShape.parse(JSON.parse(line))))
    const end = (why: string): void => {
      for (const id of [...this.#waiting.keys()]) this.#settle({ kind: 'failed', id, details: `the program ended (${why}): ${complaint}` })
      resolve()
    }
    this.#process.once('error', (error) => end(messageOf(error))).once('close', (code) => end(String(code)))
    this.#process.stdin.on('error', () => undefined)
  }

  ask(question: object, signal: AbortSignal): Promise<Told> {
    const id = ++this.#last
    const { promise, resolve } = Promise.withResolvers<Told>()
    if (this.#process.exitCode !== null) return Promise.resolve({ kind: 'failed', id, details: `the program had ended (${this.#process.exitCode})` })
    this.#waiting.set(id, resolve)
    signal.addEventListener('abort', () => this.#settle({ kind: 'failed', id, details: 'interrupted' }), { once: true })
    this.#process.stdin.write(`${JSON.stringify({ id, ...question })}\n`)
    return promise
  }

  #settle(told: Told): void {
    this.#waiting.get(told.id)?.(told)
    this.#waiting.delete(told.id)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#ended
  }
}
