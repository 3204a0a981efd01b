import { productNames } from '../src/rule.ts'
import type { JournalLine, ResultLine } from './journal-lines.ts'
import type { RunInstance } from './run-schema.ts'

const MOST_TURNED_AWAY = 0.9
/** Fewer cases say nothing about a product as a whole. */
const FEWEST_CASES = 20

/** HTTP 401 and 404, and what gRPC says for them: UNAUTHENTICATED (16) and UNIMPLEMENTED (12). */
const turnedAway = /^(?:401|404|grpc 1[26])\b/

/**
 * A product that turns nearly every case away, against what its cases expect, was asked with a wrong credential or at a wrong address: that is
 * a defect of the harness and no result. Cases that conform are as documented, whatever was answered. Pure.
 */
export function turnedAwayDefects(lines: readonly JournalLine[], instances: readonly RunInstance[]): readonly string[] {
  const products = new Map(instances.map(({ id, product }) => [id, product]))
  const results = lines.filter((line) => line.type === 'result').filter(({ state }) => state !== 'not-applicable')
  return productNames.flatMap((product) => {
    const own = results.filter(({ instance }) => products.get(instance) === product)
    const away = own.filter(wasTurnedAway)
    if (own.length < FEWEST_CASES || away.length <= own.length * MOST_TURNED_AWAY) return []
    return [`${product} answered ${away.length} of ${own.length} cases with 401 or 404, against what they expect: its credentials or its address are wrong`]
  })
}

function wasTurnedAway(line: ResultLine): boolean {
  if (line.state !== 'deviates' && line.state !== 'could-not-run') return false
  const last = line.exchanges.findLast(({ stage }) => stage !== 'clean-up')
  return last !== undefined && turnedAway.test(last.status)
}
