/** Of a name of four letters one may be wrong, of a longer one more. */
const mostWrong = (length: number): number => Math.max(1, Math.floor(length / 3))

/** The known name that a misspelt one was most likely meant to be; undefined where none is near enough. `*` stays where it was. */
export function nearestOf(given: string, known: readonly string[]): string | undefined {
  const star = given.indexOf('*')
  if (star === 0) return undefined
  if (star > 0) {
    const begins = nearestOf(given.slice(0, star), [...new Set(known.map((name) => name.slice(0, star)))])
    return begins === undefined ? undefined : begins + given.slice(star)
  }
  const wanted = given.toLowerCase()
  const most = mostWrong(given.length)
  const near = known.filter((name) => Math.abs(name.length - given.length) <= most).map((name) => [distance(wanted, name.toLowerCase()), name] as const)
  const [least] = near.filter(([wrong]) => wrong <= most).sort(([a], [b]) => a - b)
  return least?.[1]
}

/** How many letters must be added, removed, changed or swapped with their neighbour (optimal string alignment). */
function distance(from: string, to: string): number {
  let before: readonly number[] = []
  let above = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let row = 1; row <= from.length; row++) {
    const line = [row]
    for (let column = 1; column <= to.length; column++) line.push(cell({ from, to, row, column, before, above, line }))
    before = above
    above = line
  }
  return above[to.length] ?? 0
}

interface Cell {
  readonly from: string
  readonly to: string
  readonly row: number
  readonly column: number
  readonly before: readonly number[]
  readonly above: readonly number[]
  readonly line: readonly number[]
}

function cell({ from, to, row, column, before, above, line }: Cell): number {
  const same = from[row - 1] === to[column - 1]
  const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
  return Math.min(
    (line[column - 1] ?? 0) + 1,
    (above[column] ?? 0) + 1,
    (above[column - 1] ?? 0) + (same ? 0 : 1),
    isSwap ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
  )
}
