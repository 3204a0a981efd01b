import { html } from './html.ts'
import type { Suites } from './catalogue-counts.ts'
import type { JournalLine } from './journal-lines.ts'
import type { RunRecord } from './run-schema.ts'

export function writeHtml(record: RunRecord, _lines: readonly JournalLine[], _suites: Suites): string {
  return html`<!doctype html><html lang="en"><meta charset="utf-8"><title>Assay</title><p>${record.headline}`.markup
}
