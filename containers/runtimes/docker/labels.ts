import { hostname } from 'node:os'
import type { ProcessRecord } from '../process-group.ts'
import { isSameProcess, recordOf } from '../process-group.ts'

export const RUN = 'assay.run'
export const INSTANCE = 'assay.instance'
export const LOCAL_BUILD = 'assay.local-build'

const OWNER_PID = 'assay.owner-pid'
const OWNER_STARTED = 'assay.owner-started'
const OWNER_HOST = 'assay.owner-host'

/** What everything of a run carries on the engine, so that a later run can tell a dead run's from a live one's. */
export function labelsOf(runId: string): Readonly<Record<string, string>> {
  const { pid, startedAt } = recordOf(process.pid)
  return { [RUN]: runId, [OWNER_PID]: String(pid), [OWNER_STARTED]: startedAt, [OWNER_HOST]: hostname() }
}

/** Whether its run is known to be dead. An engine may be shared: of another machine's runs we know nothing. */
export function isOrphan(labels: Readonly<Record<string, string>>): boolean {
  const owner: ProcessRecord = { pid: Number(labels[OWNER_PID]), startedAt: labels[OWNER_STARTED] ?? '' }
  return labels[OWNER_HOST] === hostname() && Number.isInteger(owner.pid) && owner.pid > 0 && !isSameProcess(owner)
}
