import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { HarnessError } from '../src/errors.ts'
import type { JsonObject } from '../src/json.ts'
import type { Launch } from '../src/launch.ts'
import type { OwnProfile, OwnRules } from '../src/own-rules.ts'
import type { Profile, ServerDefinition } from './server.ts'

/** A product with a user's own profiles beside its own: each is launched as the one that it is like, with other settings. */
export function withOwnProfiles<Definition extends ServerDefinition>(definition: Definition, all: readonly OwnRules[]): Definition {
  const own = all
    .filter(({ product }) => product === definition.product)
    .flatMap(({ file, profiles }) => Object.entries(profiles).map(([name, profile]) => ({ file, name, profile })))
  if (own.length === 0) return definition
  const known = definition.profiles
  for (const { file, name, profile } of own) {
    if (known[name] !== undefined) throw invalid(`${file}: ${definition.product} has a profile ${name} already`)
    if (known[profile.like] === undefined) throw invalid(`${file}: ${name} is like ${profile.like}, which ${definition.product} has not`)
  }
  const byName = new Map(own.map(({ name, profile }) => [name, profile]))
  const added = own.map(({ name, profile }) => [name, { ...known[profile.like], says: profile.says }] as const)
  return {
    ...definition,
    profiles: { ...known, ...(Object.fromEntries(added) as Readonly<Record<string, Profile>>) },
    launch: (spec, at) => {
      const profile = byName.get(spec.profile)
      return profile === undefined ? definition.launch(spec, at) : changed(definition.launch({ ...spec, profile: profile.like }, at), profile)
    },
  }
}

const invalid = (what: string): HarnessError => new HarnessError('CONFIG_INVALID', what, { hint: 'docs/own-rules.md shows a table' })

function changed(launch: Launch, { env, settings }: OwnProfile): Launch {
  const files = Object.entries(settings).map(([name, own]) => {
    const text = launch.files[name]
    if (text === undefined) throw invalid(`no file ${name} is written for that profile, but ${Object.keys(launch.files).join(', ')}`)
    return [name, stringify(merged(mapping.parse(parse(text)), own))] as const
  })
  return { ...launch, env: { ...launch.env, ...env }, files: { ...launch.files, ...Object.fromEntries(files) } }
}

const mapping = z.record(z.string(), z.json())

/** Of two mappings, all of both; whatever else, the second one's. */
function merged(base: JsonObject, own: JsonObject): JsonObject {
  const both = Object.entries(own).map(([key, value]) => {
    const [below, above] = [mapping.safeParse(base[key]), mapping.safeParse(value)]
    return [key, below.success && above.success ? merged(below.data, above.data) : value] as const
  })
  return { ...base, ...Object.fromEntries(both) }
}
