import { closeSync, openSync } from 'node:fs'
import { keptLines, resultAt, type KeptLine, type Place, type Stretch } from './journal.ts'
import type { LeakFinder } from './leaks.ts'
import { packEvidence, type PackedEvidence, type Shown } from './pack-evidence.ts'
import type { ReportCase } from './report-model.ts'
import type { RunInstance } from './run-schema.ts'
import { validate, type Validation } from './validate.ts'

/** One case whose evidence is wanted: what the reports know of it, and where in the journal the rest stands. */
export interface Wanted {
  readonly row: ReportCase['row']
  readonly instance: RunInstance
  readonly expect: ReportCase['expect']
  readonly place: Place | undefined
}

/** What was made, and the labels of the secrets that were found on the way. */
export interface Searched<Made> {
  readonly made: Made
  readonly found: readonly string[]
}

/** The work of reporting that needs little of a run and takes long: done here, or on threads beside. */
export interface ReportTasks extends AsyncDisposable {
  read(stretch: Stretch): Promise<Searched<readonly KeptLine[]>>
  pack(cases: readonly Wanted[]): Promise<Searched<PackedEvidence>>
  validate(file: string, content: string): Promise<Validation | undefined>
}

/** @param journal its path, for the evidence of cases */
export function tasksHere(journal: string, finder: LeakFinder): ReportTasks {
  let fd: number | undefined
  return {
    async read(stretch) {
      const search = finder.search()
      const made = keptLines(stretch, (text) => search.feed(text))
      return { made, found: search.found }
    },
    async pack(cases) {
      const search = finder.search()
      fd ??= openSync(journal, 'r')
      const made = await packEvidence(shown(fd, cases), (text) => search.feed(text))
      return { made, found: search.found }
    },
    validate: (file, content) => validate(file, () => content),
    async [Symbol.asyncDispose]() {
      if (fd !== undefined) closeSync(fd)
      fd = undefined
    },
  }
}

function* shown(fd: number, cases: readonly Wanted[]): Generator<Shown> {
  for (const { place, ...known } of cases) {
    const result = place === undefined ? undefined : resultAt(fd, place)
    yield { one: { ...known, result }, exchanges: result?.exchanges ?? [] }
  }
}
