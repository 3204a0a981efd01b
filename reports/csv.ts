import { visible } from './visible.ts'

/** What a spreadsheet takes for the start of a formula, full-width forms included. */
const formula = /^[=+\-@\t\r\n|%＝＋－＠]/

/**
 * One record of RFC 4180, with its CRLF. Every field is quoted; one that a spreadsheet would run is led by an
 * apostrophe, which it takes for the mark of a text.
 */
export const csvRecord = (fields: readonly (string | number)[]): string => `${fields.map(csvField).join(',')}\r\n`

function csvField(field: string | number): string {
  if (typeof field === 'number') return String(field)
  const text = visible(field)
  return `"${(formula.test(text.trimStart()) || formula.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
}
