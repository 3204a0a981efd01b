import { createHash } from 'node:crypto'
import { pageStyle } from './page.css.ts'
import { pageScript } from './page.script.ts'

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const style = `default-src 'none'; style-src ${digest(pageStyle)}`
const end = `base-uri 'none'; form-action 'none'`

/** Nothing may run or load but the page's own style and script, named by their digests. */
export const pagePolicy = `${style}; script-src ${digest(pageScript)}; ${end}`
export const styleOnlyPolicy = `${style}; ${end}`
