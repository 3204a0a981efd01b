/** `python3 -m pip` rather than `pip`: it is the pip of the Python that will also unpack and run. */
export const PYTHON = 'python3'

/** Where pip and Python say what went wrong. */
export const lastLine = (text: string | undefined): string => (text ?? '').trim().split('\n').at(-1) ?? ''
