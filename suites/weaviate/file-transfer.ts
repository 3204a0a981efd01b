import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { Endpoint } from '../../src/instance.ts'
import type { Outcome } from '../../src/outcome.ts'
import { GrpcClient, type GrpcAnswer } from '../../src/wire/grpc.ts'

const UNIMPLEMENTED = 12
const SERVICE = '/clusterapi.FileReplicationService'
const OPERATION = 'assay'
/** As deep as any folder that a release keeps files of a shard in, counted from the folder of the server. */
const DEEPEST = 8

/** Which file of the server is asked for. */
export const fileNames = ['own', 'above', 'absolute'] as const
export type FileName = (typeof fileNames)[number]

interface Wanted {
  readonly index: string
  readonly shard: string
}

/** One generation of the service: releases replaced its methods. The numbers are those of the fields on the wire. */
interface Dialect {
  readonly open: string
  readonly metadata: string
  /** What stands second in a request for a file: the shard, or the operation that opened it. */
  readonly second: (wanted: Wanted) => string
  readonly opening: (wanted: Wanted) => readonly string[]
  /** Lists the files; absent: the answer to opening does. */
  readonly list?: string
  readonly sizeField: number
}

const dialects: readonly Dialect[] = [
  {
    ...{ open: 'PauseFileActivity', metadata: 'GetFileMetadata', list: 'ListFiles', sizeField: 4 },
    second: ({ shard }) => shard,
    opening: ({ index, shard }) => [index, shard],
  },
  {
    ...{ open: 'CreateReplicaSnapshot', metadata: 'GetReplicaSnapshotFileMetadata', sizeField: 3 },
    second: () => OPERATION,
    opening: ({ index, shard }) => [index, shard, OPERATION],
  },
]

type Fields = ReadonlyMap<number, readonly (string | number)[]>

/**
 * Asks the service that hands the files of a shard to other nodes, at the port of the cluster, without a credential, for a file:
 * one of the shard's own, or one beside the data that the server has no business to show. Its size gives away that it was read.
 */
export async function askForFile(
  endpoint: Endpoint,
  { folder, wanted, file }: { folder: string; wanted: Wanted; file: FileName },
  scope: Scope,
): Promise<Outcome> {
  await using client = new GrpcClient(endpoint, 'data', { plaintext: true })
  const ask = (method: string, texts: readonly string[]): Promise<GrpcAnswer<Fields>> =>
    client.unary({ path: `${SERVICE}/${method}`, encode: encoded, decode: decoded }, { message: texts }, scope)
  const opened = await open(ask, wanted)
  if (file === 'own') return showing(await ask(opened.dialect.metadata, [wanted.index, opened.dialect.second(wanted), opened.files[0] ?? '']), opened.dialect)
  const size = randomInt(10_000, 1_000_000)
  const secret = join(folder, 'beside-the-data')
  writeFileSync(secret, Buffer.alloc(size, 'x'), { mode: 0o600 })
  const names = file === 'absolute' ? [secret] : Array.from({ length: DEEPEST }, (_, at) => `${'../'.repeat(at + 1)}beside-the-data`)
  const answers: GrpcAnswer<Fields>[] = []
  for (const name of names) answers.push(await ask(opened.dialect.metadata, [wanted.index, opened.dialect.second(wanted), name]))
  return escapeIn(answers, size, opened.dialect)
}

async function open(
  ask: (method: string, texts: readonly string[]) => Promise<GrpcAnswer<Fields>>,
  wanted: Wanted,
): Promise<{ readonly dialect: Dialect; readonly files: readonly string[] }> {
  for (const dialect of dialects) {
    const answer = await ask(dialect.open, dialect.opening(wanted))
    if (answer.kind === 'answered' && answer.code === UNIMPLEMENTED) continue
    const listed = dialect.list === undefined ? answer : await ask(dialect.list, dialect.opening(wanted))
    const files = (shownBy(listed)?.get(3) ?? []).map(String)
    if (files.length > 0) return { dialect, files }
    throw new HarnessError('SET_UP_FAILED', `${dialect.open}: no file of ${wanted.index}: ${listed.kind === 'answered' ? listed.details : listed.cause}`)
  }
  throw new HarnessError('SET_UP_FAILED', 'this release hands files to other nodes in a way that is not known here')
}

const shownBy = (answer: GrpcAnswer<Fields>): Fields | undefined => (answer.kind === 'answered' ? answer.message : undefined)

function showing(answer: GrpcAnswer<Fields>, { sizeField }: Dialect): Outcome {
  if (answer.kind === 'unanswered') return { kind: 'broken', cause: answer.cause }
  const size = shownBy(answer)?.get(sizeField)?.[0]
  if (size === undefined) return { kind: 'broken', cause: `grpc ${answer.code}: ${answer.details}` }
  return { kind: 'allowed', code: 'grpc 0', content: { size } }
}

/** What tells of the path is a refusal, and so is that there is no such file: there is, wherever the path leads outside of the data. */
function escapeIn(answers: readonly GrpcAnswer<Fields>[], size: number, dialect: Dialect): Outcome {
  const found = answers.find((answer) => shownBy(answer)?.get(dialect.sizeField)?.[0] === size)
  if (found !== undefined) return { kind: 'allowed', code: 'grpc 0', content: { size } }
  const silent = answers.find((answer) => answer.kind === 'unanswered' || answer.code === 0)
  if (silent !== undefined) return { kind: 'broken', cause: silent.kind === 'unanswered' ? silent.cause : 'another file was shown' }
  const said = answers.map((answer) => (answer.kind === 'answered' ? answer : { code: 0, details: '' }))
  const refusal = said.find(({ details }) => /outside|absolute|escapes|invalid.*path|unsafe|no such file|not exist/i.test(details))
  if (refusal === undefined) return { kind: 'broken', cause: said.map(({ code, details }) => `grpc ${code}: ${details}`).join('; ') }
  return { kind: 'refused', by: 'invalid', code: `grpc ${refusal.code}`, message: refusal.details }
}

const encoded = (texts: readonly string[]): Buffer => {
  const writer = new BinaryWriter()
  texts.forEach((value, at) => writer.tag(at + 1, WireType.LengthDelimited).string(value))
  return Buffer.from(writer.finish())
}

function decoded(bytes: Buffer): Fields {
  const reader = new BinaryReader(bytes)
  const fields = new Map<number, (string | number)[]>()
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    const values = fields.get(field) ?? []
    fields.set(field, values)
    if (type === WireType.LengthDelimited) values.push(reader.string())
    else if (type === WireType.Varint) values.push(Number(reader.uint64()))
    else reader.skip(type)
  }
  return fields
}
