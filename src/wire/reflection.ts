import { readFileSync } from 'node:fs'
import { fromBinary } from '@bufbuild/protobuf'
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { Client, Metadata, credentials, status, type ClientDuplexStream } from '@grpc/grpc-js'
import type { Endpoint } from '../instance.ts'
import type { Secret } from '../secret.ts'

const TIMEOUT_MS = 10_000

/** Fields of ServerReflectionRequest and ServerReflectionResponse, see grpc/reflection/v1/reflection.proto. */
const request = { symbol: 4, services: 7 } as const
const response = { files: 4, services: 6, error: 7 } as const

export interface ReflectionOptions {
  readonly headers: Readonly<Record<string, Secret>>
  readonly clientCertificate: boolean
  /** The generation of the service that the server has. */
  readonly generation: 'v1' | 'v1alpha'
  readonly signal: AbortSignal
}

/**
 * The paths of all methods that a gRPC server describes by its reflection service, `/package.Service/Method`.
 *
 * @throws where it does not answer, or answers that it has no such service
 */
export async function reflectedMethods(endpoint: Endpoint, options: ReflectionOptions): Promise<readonly string[]> {
  using reflection = new Reflection(endpoint, options)
  const services = fields(await reflection.ask(request.services, '*'), response.services).flatMap((list) => fields(list, 1).flatMap((one) => fields(one, 1)))
  const methods: string[] = []
  for (const name of services.map((bytes) => Buffer.from(bytes).toString('utf8'))) {
    const files = fields(await reflection.ask(request.symbol, name), response.files).flatMap((list) => fields(list, 1))
    methods.push(...files.flatMap((file) => methodsIn(file, name)))
  }
  return [...new Set(methods)]
}

function methodsIn(file: Uint8Array, wanted: string): readonly string[] {
  const { package: parent, service } = fromBinary(FileDescriptorProtoSchema, file)
  return service
    .map(({ name, method }) => ({ full: parent === '' ? name : `${parent}.${name}`, method }))
    .filter(({ full }) => full === wanted)
    .flatMap(({ full, method }) => method.map(({ name }) => `/${full}/${name}`))
}

/** All values of one field of a message whose fields are texts, bytes or messages. */
function fields(message: Uint8Array, wanted: number): readonly Uint8Array[] {
  const reader = new BinaryReader(message)
  const found: Uint8Array[] = []
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (field === wanted) found.push(reader.bytes())
    else reader.skip(type, field)
  }
  return found
}

/** One stream of questions and answers, in turn. */
class Reflection implements Disposable {
  readonly #client: Client
  readonly #stream: ClientDuplexStream<Buffer, Buffer>
  readonly #answers: AsyncIterator<Buffer>

  constructor({ host, address, ports, pki }: Endpoint, { headers, clientCertificate, generation, signal }: ReflectionOptions) {
    const own = clientCertificate ? ([readFileSync(pki.clientKey), readFileSync(pki.clientCert)] as const) : []
    this.#client = new Client(`${address}:${ports['grpc'] ?? 0}`, credentials.createSsl(readFileSync(pki.ca), ...own), {
      'grpc.ssl_target_name_override': host,
      'grpc.default_authority': host,
      'grpc.use_local_subchannel_pool': 1,
    })
    const metadata = new Metadata()
    for (const [name, secret] of Object.entries(headers)) metadata.set(name, secret.reveal())
    const path = `/grpc.reflection.${generation}.ServerReflection/ServerReflectionInfo`
    const plain = (bytes: Buffer): Buffer => bytes
    this.#stream = this.#client.makeBidiStreamRequest(path, plain, plain, metadata, { deadline: Date.now() + TIMEOUT_MS })
    signal.addEventListener('abort', () => this.#stream.cancel(), { once: true })
    this.#answers = this.#stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  }

  async ask(field: number, text: string): Promise<Uint8Array> {
    this.#stream.write(Buffer.from(new BinaryWriter().tag(field, WireType.LengthDelimited).string(text).finish()))
    const { value, done } = await this.#answers.next()
    if (done === true) throw new Error('the reflection service ended without an answer')
    const [error] = fields(value, response.error)
    if (error !== undefined) throw new Error(`the reflection service knows no ${text}`)
    return value
  }

  [Symbol.dispose](): void {
    this.#stream.on('error', () => undefined)
    this.#stream.cancel()
    this.#client.close()
  }
}

/** Whether that is what a server says which has no such service. */
export const servesNoReflection = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === status.UNIMPLEMENTED
