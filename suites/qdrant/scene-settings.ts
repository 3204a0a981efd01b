import { parse, stringify } from 'yaml'
import { z } from 'zod'
import type { Launch } from '../../containers/server.ts'
import type { Json, JsonObject } from '../../src/json.ts'

const FILE = 'config/assay.yaml'

/** How a server of a case's own differs from what its profile starts. */
export interface Settings {
  /** Values in its file by their dotted names; `null` takes a name out. */
  readonly file?: Readonly<Record<string, Json>>
  readonly env?: Readonly<Record<string, string>>
  /** More arguments. */
  readonly args?: readonly string[]
  /** More facts for its driver and for the look whether it is ready. */
  readonly facts?: JsonObject
}

const shape = z.record(z.string(), z.json())

/** The launch with other settings. */
export function withSettings(launch: Launch, { file = {}, env = {}, args = [], facts = {} }: Settings): Launch {
  const settings = Object.entries(file).reduce<JsonObject>((made, [name, value]) => placed(made, name.split('.'), value), configured(launch))
  return {
    ...launch,
    files: { ...launch.files, [FILE]: stringify(settings) },
    args: [...launch.args, ...args],
    env: { ...launch.env, ...env },
    facts: { ...launch.facts, ...facts },
  }
}

const configured = (launch: Launch): JsonObject => shape.parse(parse(launch.files[FILE] ?? '{}'))

function placed(into: JsonObject, [first = '', ...rest]: readonly string[], value: Json): JsonObject {
  if (rest.length > 0) {
    const inner = into[first]
    const known = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as JsonObject) : {}
    return { ...into, [first]: placed(known, rest, value) }
  }
  if (value === null) return Object.fromEntries(Object.entries(into).filter(([key]) => key !== first))
  return { ...into, [first]: value }
}
