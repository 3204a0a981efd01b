import type { Command } from './command.ts'

/** Each command is loaded when it is called: `assay --help` needs no Vitest. */
export const commands = {
  run: async () => (await import('./run.ts')).runCommand,
  test: async () => (await import('./test.ts')).testCommand,
  list: async () => (await import('./list.ts')).listCommand,
  explain: async () => (await import('./list.ts')).explainCommand,
  replay: async () => (await import('./replay.ts')).replayCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  verify: async () => (await import('./verify.ts')).verifyCommand,
  upstream: async () => (await import('./upstream.ts')).upstreamCommand,
  mutate: async () => (await import('./mutate.ts')).mutateCommand,
  fuzz: async () => (await import('./fuzz.ts')).fuzzCommand,
  gate: async () => (await import('./gate.ts')).gateCommand,
  upgrade: async () => (await import('./upgrade.ts')).upgradeCommand,
  artefacts: async () => (await import('./artefacts.ts')).artefactsCommand,
  matrix: async () => (await import('./matrix.ts')).matrixCommand,
  merge: async () => (await import('./merge.ts')).mergeCommand,
  waive: async () => (await import('./waive.ts')).waiveCommand,
  catalogue: async () => (await import('./catalogue.ts')).catalogueCommand,
  bench: async () => (await import('./bench.ts')).benchCommand,
  soak: async () => (await import('./soak.ts')).soakCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  clean: async () => (await import('./clean.ts')).cleanCommand,
  new: async () => (await import('./new.ts')).newCommand,
  completion: async () => (await import('./completion.ts')).completionCommand,
} as const satisfies Record<string, () => Promise<Command>>

export type CommandName = keyof typeof commands

export const commandNames = Object.keys(commands) as readonly CommandName[]

/** What a first look at the help explains; the others are named there. */
export const everyday = ['run', 'list', 'explain', 'replay', 'waive', 'gate', 'upgrade', 'doctor', 'clean'] as const satisfies readonly CommandName[]
