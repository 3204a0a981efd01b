/** Both clocks are this machine's: what is unsure is when, within the exchange, the server looked at its own. */
const CLOCK_UNCERTAINTY_MS = 5
const LEEWAY_MS = 30_000
/** A `Date` header is in whole seconds, and may be a second old. */
const LARGEST_SKEW_MS = 2500

export interface Bracket {
  readonly sentAt: number
  readonly answeredAt: number
  /** The answer's `Date` header, where it has one. */
  readonly date: string | undefined
}

/**
 * Why an exchange with a token cannot be judged by the clock; `undefined` where it can.
 *
 * The document gives `exp` in whole seconds and a leeway of thirty: whether the thirtieth second itself still counts
 * it does not say, so the whole of that second is a boundary.
 */
export function unsure(exp: number, { sentAt, answeredAt, date }: Bracket): string | undefined {
  if (date !== undefined && Math.abs(Date.parse(date) - answeredAt) > LARGEST_SKEW_MS)
    return `the server's clock says ${date}, ours ${new Date(answeredAt).toUTCString()}`
  const boundary = (Math.floor(sentAt / 1000) + exp) * 1000 + LEEWAY_MS
  const straddles = sentAt - CLOCK_UNCERTAINTY_MS < boundary + 1000 && answeredAt + CLOCK_UNCERTAINTY_MS >= boundary
  return straddles ? 'the token reached the end of its life while it was asked' : undefined
}
