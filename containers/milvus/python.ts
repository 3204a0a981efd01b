import type { Options } from 'execa'

/** `python3 -m pip` rather than `pip`: it is the pip of the Python that will also unpack and run. */
export const PYTHON = 'python3'

interface Ended {
  readonly failed: boolean
  readonly stderr: string
}

/** Runs it to its end; never throws. What runs it is loaded here: whoever has a server already needs none of it. */
export async function runPython(args: readonly string[], options: Pick<Options, 'timeout' | 'cancelSignal'>): Promise<Ended> {
  const { execa } = await import('execa')
  const { failed, stderr } = await execa(PYTHON, args, { ...options, reject: false })
  return { failed, stderr: typeof stderr === 'string' ? stderr : '' }
}

/** Where pip and Python say what went wrong. */
export const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''
