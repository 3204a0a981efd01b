/** A list whose items are made while it is written: nobody holds all of them at once. */
export class Lazy {
  readonly items: Iterable<unknown>

  constructor(items: Iterable<unknown>) {
    this.items = items
  }
}

/** @param make what each of the sources becomes, when its turn comes */
export const lazily = <Source>(sources: Iterable<Source>, make: (source: Source) => object): Lazy => new Lazy(made(sources, make))

function* made<Source>(sources: Iterable<Source>, make: (source: Source) => object): Generator<object> {
  for (const source of sources) yield make(source)
}

/**
 * JSON of a value, in parts, with a line feed at its end; each item of a lazy list stands on a line of its own. Whoever
 * writes the parts one by one needs memory for one item, whatever the length of the lists.
 */
export function* jsonParts(value: unknown): Generator<string> {
  yield* partsOf(value)
  yield '\n'
}

function* partsOf(value: unknown): Generator<string> {
  if (value instanceof Lazy) yield* listed(value.items)
  else if (!holdsLazy(value)) yield JSON.stringify(value)
  else if (Array.isArray(value)) {
    const items: readonly unknown[] = value
    yield* joined(items.map(partsOf), '[', ']')
  } else yield* joined(membersOf(value), '{\n', '\n}')
}

const membersOf = (value: object): readonly Iterable<string>[] =>
  Object.entries(value).flatMap(([name, item]) => (item === undefined ? [] : [member(name, item)]))

function* member(name: string, item: unknown): Generator<string> {
  yield `${JSON.stringify(name)}: `
  yield* partsOf(item)
}

function* joined(items: readonly Iterable<string>[], open: string, close: string): Generator<string> {
  for (const [at, item] of items.entries()) {
    yield at === 0 ? open : ',\n'
    yield* item
  }
  yield close
}

function* listed(items: Iterable<unknown>): Generator<string> {
  let isFirst = true
  for (const item of items) {
    yield (isFirst ? '[\n' : ',\n') + JSON.stringify(item)
    isFirst = false
  }
  yield isFirst ? '[]' : '\n]'
}

const holdsLazy = (value: unknown): value is object =>
  value instanceof Lazy || (typeof value === 'object' && value !== null && Object.values(value).some(holdsLazy))
