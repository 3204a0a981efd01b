import { availableTo, fuzz, type Fuzzed } from '../fixtures/differential/fuzz.ts'
import { EXIT, type ExitCode } from '../src/errors.ts'
import { countOf, type Arguments, type Command } from './command.ts'
import { interruptSignal } from './interrupt.ts'

const LONGEST_S = 300

export const fuzzCommand: Command = {
  says: 'plays random sequences on a real Qdrant and on the model of its document, and keeps the shortest that tells them apart',
  positionals: '',
  options: {
    version: { type: 'string', value: 'X.Y.Z', says: 'of the real Qdrant; absent: the default one' },
    runs: { type: 'string', value: 'N', says: 'sequences at most; default 200' },
    seconds: { type: 'string', value: 'N', says: 'of time at most; default 300' },
    seed: { type: 'string', value: 'N', says: 'of the sequences; default 1' },
    corpus: { type: 'string', value: 'FOLDER', says: 'where sequences are kept and read again; absent: that of the sources' },
  },
  run,
}

async function run(args: Arguments): Promise<ExitCode> {
  const print = (line: string): void => console.log(line)
  const signal = interruptSignal(print)
  const fuzzed = await fuzz({
    version: availableTo(args.one('version')),
    search: {
      seed: Number(args.one('seed') ?? 1),
      runs: countOf('runs', args.one('runs') ?? '200', '200'),
      timeMs: countOf('seconds', args.one('seconds') ?? String(LONGEST_S), String(LONGEST_S)) * 1000,
    },
    corpus: args.one('corpus'),
    signal,
    print,
  })
  print(lineOf(fuzzed))
  return fuzzed.unknown.length === 0 ? EXIT.conforms : EXIT.deviations
}

function lineOf({ names, replayed, found, unknown }: Fuzzed): string {
  const known = Object.entries(found.known).map(([id, times]) => `${id} ${times} times`)
  const said = [`${replayed} sequences of the corpus`, `${found.sequences} drawn with ${found.steps} steps`, `known differences: ${known.join(', ') || 'none'}`]
  return `${names.join(' against ')}: ${said.join('; ')}; new differences: ${unknown.length}`
}
