import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { OwnServer, type Start } from '../../containers/own-server.ts'
import type { Launch, Placement, ServerDefinition } from '../../containers/server.ts'
import { argumentsOf, bareEnvironment } from '../../containers/weaviate/environment.ts'
import type { Environment } from '../../containers/weaviate/profiles.ts'
import { weaviateServer } from '../../containers/weaviate/server.ts'
import { RogueIssuer } from '../../fixtures/oidc/rogue-issuer.ts'
import type { Probe } from '../../src/case.ts'
import type { Scope } from '../../src/driver.ts'
import { HarnessError } from '../../src/errors.ts'
import type { InstanceInfo } from '../../src/instance.ts'
import type { Outcome } from '../../src/outcome.ts'
import { text } from './shapes.ts'
import type { Own } from './asked-alone.ts'
import { oneKey } from './one-key.ts'
import { startUps, type Settings } from './start-ups.ts'

const PROFILE = 'undifferentiated'

/** What is started has these settings and no others; one of them may be a port for debugging. */
const definition: ServerDefinition = {
  ...weaviateServer,
  ports: { ...weaviateServer.ports, debug: 6060 },
  launch: (_spec, at) => launchOf(at, oneKey),
}

const launchOf = (at: Placement, settings: Environment, args: Settings['args'] = argumentsOf): Launch => ({
  files: {},
  args: args(at),
  env: { ...bareEnvironment(at), ...settings },
  facts: {},
})

/** Starts a server of its own with those settings: allowed where it comes to be ready, refused where it ends and says why. */
export async function start({ operation, input }: Probe, instance: InstanceInfo, scope: Scope): Promise<Outcome> {
  const scenario: Settings | undefined = (startUps as Readonly<Record<string, Settings>>)[operation]
  if (scenario === undefined) throw new HarnessError('HARNESS_DEFECT', `Weaviate has no start-up ${operation}`)
  if (instance.runtime !== 'native')
    throw new HarnessError('RUNTIME_UNAVAILABLE', 'a start-up that fails is asked where the server is a process of this machine', {
      hint: 'use --runtime native',
    })
  const { pki } = instance.endpoint
  // Beside the certificates, in the run's own folder: what a killed run leaves there is found again.
  const folder = join(dirname(pki.folder), `own-${scope.name}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { version } = instance
  await using issuer = scenario.issuer === undefined ? undefined : await RogueIssuer.start({ pki, discovery: scenario.issuer })
  await using server = await OwnServer.create({
    ...{ definition, version, profile: PROFILE, folder, pki, credentials: {}, signal: scope.signal },
    meddling: scope.meddling,
  })
  return await run(server, scenario, { version, issuer, folder, input }, scope)
}

type Around = Omit<Own, 'endpoint'>

async function run(server: OwnServer, scenario: Settings, around: Around, scope: Scope): Promise<Outcome> {
  const started = performance.now()
  let settings: Environment = {}
  const first = await server.start({
    change: (_launch, at) => {
      settings = typeof scenario.settings === 'function' ? scenario.settings({ at, issuer: around.issuer }) : scenario.settings
      return launchOf(at, settings, scenario.args)
    },
  })
  const outcome = await outcomeOf(first, { server, around, scenario }, scope)
  scope.record({
    stage: scope.stage,
    surface: 'process',
    request: `weaviate-server with ${Object.entries(settings)
      .map(([key, value]) => `${key}='${value}'`)
      .join(' ')}`,
    headers: {},
    body: '',
    status: outcome.kind === 'allowed' ? 'ready' : outcome.kind === 'refused' ? outcome.code : outcome.cause,
    answer: scope.vault.redact(server.log().slice(-5).join('\n')),
    ms: performance.now() - started,
  })
  return outcome
}

interface Started {
  readonly server: OwnServer
  readonly around: Around
  readonly scenario: Settings
}

async function outcomeOf(first: Start, { server, around, scenario: { names, asked } }: Started, scope: Scope): Promise<Outcome> {
  if (first.kind !== 'ready' || asked === undefined) return plainly(first, names)
  return (await asked({ ...around, endpoint: first.endpoint }, scope)) ?? plainly(await server.again(), names)
}

function plainly(seen: Start, names: RegExp | undefined): Outcome {
  switch (seen.kind) {
    case 'ready':
      return { kind: 'allowed', code: 'ready' }
    case 'ended':
      return endOf(seen.how, seen.log, names)
    case 'hung':
      return { kind: 'broken', cause: seen.because }
  }
}

/** A refusal ends with a code of its own and says what it does not like in a line of level error or fatal. */
function endOf(how: string, lines: readonly string[], names: RegExp | undefined): Outcome {
  const code = /^ended with exit code ([1-9]\d*)$/.exec(how)?.[1]
  const complaints = lines.map(complaintIn).filter((line) => line !== undefined)
  const message = complaints.findLast((line) => names?.test(line) === true)
  if (code === undefined || message === undefined) return { kind: 'broken', cause: `${how}: ${complaints.at(-1) ?? lines.at(-1) ?? 'no output'}` }
  return { kind: 'refused', by: 'start-up', code: `exit ${code}`, message }
}

function complaintIn(line: string): string | undefined {
  // What the runtime of Go writes when nobody catches a panic.
  if (line.startsWith('panic: ')) return line
  const entry = parsed(line)
  // Flags that are missing it tells at level info, and ends.
  const isOfFlags = /^the required flags? /.test(text(entry, 'msg') ?? '')
  if (!isOfFlags && !['error', 'fatal', 'panic'].includes(text(entry, 'level') ?? '')) return undefined
  return [text(entry, 'error'), text(entry, 'msg')].filter((part) => part !== undefined).join(': ')
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}
