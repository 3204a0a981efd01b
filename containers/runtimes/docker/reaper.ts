import { getReaper, LABEL_TESTCONTAINERS_SESSION_ID } from 'testcontainers'
import { messageOf } from '../../../src/errors.ts'
import { within, type Engine } from './engine.ts'
import { availabilityOf } from './images.ts'

/** What Testcontainers 12.2 starts as its reaper unless `RYUK_CONTAINER_IMAGE` says otherwise; a self-test compares them. */
export const REAPER_IMAGE = 'testcontainers/ryuk:0.14.0'

const START_WITHIN_MS = 60_000

/** Who removes what a killed run leaves: Ryuk, at once, or the next run of ours, by labels. */
export interface Reaping {
  readonly byRyuk: boolean
  /** Labels that Ryuk looks for; none where there is no Ryuk. */
  readonly labels: Readonly<Record<string, string>>
}

/** Starts Ryuk, unless its image is neither on the engine nor pullable, or the user switched it off; then one line says so. */
export async function chooseReaping(engine: Engine, options: { readonly signal: AbortSignal; readonly log: (line: string) => void }): Promise<Reaping> {
  const why = await whyNoRyuk(engine)
  if (why === undefined) {
    try {
      const { sessionId } = await within(getReaper(engine.client), AbortSignal.any([options.signal, AbortSignal.timeout(START_WITHIN_MS)]))
      return { byRyuk: true, labels: { [LABEL_TESTCONTAINERS_SESSION_ID]: sessionId } }
    } catch (thrown) {
      options.signal.throwIfAborted()
      return withoutRyuk(`it does not start: ${messageOf(thrown)}`, options.log)
    }
  }
  return withoutRyuk(why, options.log)
}

async function whyNoRyuk(engine: Engine): Promise<string | undefined> {
  if (process.env['TESTCONTAINERS_RYUK_DISABLED'] === 'true') return 'TESTCONTAINERS_RYUK_DISABLED is set'
  const image = process.env['RYUK_CONTAINER_IMAGE'] ?? REAPER_IMAGE
  const availability = await availabilityOf(engine, image)
  return availability.kind === 'unavailable' ? `${image} cannot be had` : undefined
}

function withoutRyuk(why: string, log: (line: string) => void): Reaping {
  log(`docker: no Ryuk (${why}): what a killed run leaves is removed by the next run or \`assay clean\``)
  return { byRyuk: false, labels: {} }
}
