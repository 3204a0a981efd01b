import { HarnessError } from '../src/errors.ts'

/**
 * Aborts at the first Ctrl-C (or SIGTERM, or when the process that started us is gone), so that servers are stopped and
 * the report is written; the second Ctrl-C does not wait for that: the next run removes what is left.
 */
export function interruptSignal(print: (line: string) => void): AbortSignal {
  const controller = new AbortController()
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130)
    print('\ninterrupted: stopping the servers and writing what there is (once more: at once)')
    controller.abort(new HarnessError('INTERRUPTED', 'interrupted'))
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  process.on('SIGHUP', interrupt)
  process.on('disconnect', interrupt)
  // The channel to `bin/assay` must not keep us alive.
  process.channel?.unref()
  return controller.signal
}
