import { isDeepStrictEqual } from 'node:util'
import type { BootEvent } from '../containers/fleet.ts'
import type { State } from '../src/deviation.ts'
import type { PlannedInstance } from '../src/plan.ts'

const PAINT_EVERY_MS = 150
const MOST_ROWS = 10
const BAR = 20
const SHOW_CURSOR = '\u001B[?25h'

/** What a person sees of a run while it goes on. Disposing of it leaves only the lines. */
export interface View extends Disposable {
  /** Something worth keeping: stays on the screen, and in a CI's log. */
  line(text: string): void
  plan(instances: readonly PlannedInstance[]): void
  boot(instance: string, kind: BootEvent['kind']): void
  judged(instance: string, state: State): void
}

/** For a file, a pipe or a CI: lines alone. */
const plainView = (print: (line: string) => void): View => ({
  line: print,
  plan() {},
  boot() {},
  judged() {},
  [Symbol.dispose]() {},
})

/** The part of a terminal that the live view needs. */
export interface Screen {
  readonly columns?: number
  write(text: string): unknown
}

interface Row {
  readonly planned: number
  phase: 'waiting' | 'boots' | 'ready' | 'over'
  asked: number
  readonly states: Map<State, number>
}

/** On a terminal: below the lines, what boots and what is asked at the moment. Painted at most a few times a second. */
export class LiveView implements View {
  readonly #screen: Screen
  readonly #now: () => number
  readonly #began: number
  readonly #rows = new Map<string, Row>()
  readonly #timer: NodeJS.Timeout
  #painted: readonly string[] = []

  constructor(screen: Screen, now: () => number) {
    this.#screen = screen
    this.#now = now
    this.#began = now()
    this.#timer = setInterval(() => this.paint(), PAINT_EVERY_MS)
    this.#timer.unref()
  }

  line(text: string): void {
    this.#erase()
    this.#screen.write(`${text}\n`)
    this.paint()
  }

  plan(instances: readonly PlannedInstance[]): void {
    for (const { id, cases } of instances) this.#rows.set(id, { planned: cases.length, phase: 'waiting', asked: 0, states: new Map() })
  }

  boot(instance: string, kind: BootEvent['kind']): void {
    const row = this.#rows.get(instance)
    if (row !== undefined) row.phase = kind === 'started' ? 'boots' : kind === 'ready' ? 'ready' : 'over'
  }

  judged(instance: string, state: State): void {
    const row = this.#rows.get(instance)
    if (row === undefined) return
    row.asked += 1
    row.states.set(state, (row.states.get(state) ?? 0) + 1)
  }

  paint(): void {
    const lines = this.#lines()
    if (isDeepStrictEqual(lines, this.#painted)) return
    this.#erase()
    if (lines.length > 0) this.#screen.write(`${lines.join('\n')}\n`)
    this.#painted = lines
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#erase()
    this.#rows.clear()
    // Vitest hides it.
    this.#screen.write(SHOW_CURSOR)
  }

  #erase(): void {
    if (this.#painted.length > 0) this.#screen.write(`\u001B[${this.#painted.length}A\u001B[0J`)
    this.#painted = []
  }

  #lines(): readonly string[] {
    const rows = [...this.#rows]
    if (rows.length === 0) return []
    const sum = (of: (row: Row) => number): number => rows.reduce((total, [, row]) => total + of(row), 0)
    const seconds = Math.floor((this.#now() - this.#began) / 1000)
    const waiting = rows.filter(([, { phase }]) => phase === 'waiting').length
    const head = `${seconds} s: ${sum(({ asked }) => asked)} of ${sum(({ planned }) => planned)} cases judged, ${waiting} servers still to start`
    const busy = rows.filter(([, { phase, asked, planned }]) => phase === 'boots' || (phase === 'ready' && asked < planned))
    return [head, ...busy.slice(0, MOST_ROWS).map(([id, row]) => rowText(id, row))].map((line) => line.slice(0, (this.#screen.columns ?? 80) - 1))
  }
}

function rowText(id: string, { phase, asked, planned, states }: Row): string {
  if (phase === 'boots') return `  ${id} boots`
  const full = Math.round((asked / Math.max(1, planned)) * BAR)
  const notable = [...states].filter(([state]) => state !== 'conforms').map(([state, count]) => `${count} ${state}`)
  return `  ${'#'.repeat(full)}${'.'.repeat(BAR - full)} ${asked}/${planned} ${id} ${notable.join(', ')}`.trimEnd()
}

export interface ViewOptions {
  readonly screen: NodeJS.WriteStream
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => number
}

/** Live on a terminal that can move its cursor, unless a CI reads it. */
export function viewFor({ screen, env, now }: ViewOptions): View {
  const isLive = screen.isTTY && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === ''
  return isLive ? new LiveView(screen, now) : plainView((line) => void screen.write(`${line}\n`))
}
