import { describe, expect, test } from 'vitest'
import { hasChromium, inChromium } from './example-browser.ts'
import {
  conforms,
  couldNotRun,
  deviates,
  deviation,
  exampleCase,
  exchange,
  footer,
  harnessDefect,
  header,
  instance,
  known,
  notApplicable,
  notJudged,
  plan,
  result,
  rule,
  suite,
  wholeRun,
} from './example-journal.ts'
import type { JournalLine } from './journal-lines.ts'
import { caseAnchor } from './page-marks.ts'
import { whole } from './parts.ts'
import { reportModel } from './report-model.ts'
import { toRunRecord } from './run-record.ts'
import { writeHtml } from './write-html.ts'

const at = instance()
const weaviate = instance('weaviate', { version: '1.39.0' })
const rows = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'].map((name) => exampleCase(`milvus.rest.anonymous.may-not.${name}`))
const other = exampleCase('weaviate.rest.anonymous.may-not.get-schema', { rules: ['WVT-ANON-01'] })
const settled = [conforms, deviates, known('milvus-anonymous-lists'), couldNotRun, notApplicable, harnessDefect]
const suites = {
  milvus: suite('milvus', { cases: rows, deviations: [deviation()] }),
  weaviate: suite('weaviate', { cases: [other], rules: { 'WVT-ANON-01': rule({ product: 'weaviate', says: 'Anonymous access is off.' }) } }),
}
const run: readonly JournalLine[] = [
  ...wholeRun(
    at,
    rows.map((row, index) => [row, settled[index] ?? conforms]),
  ).slice(0, -1),
  notJudged('qdrant'),
  plan(weaviate, [other]),
  result(weaviate, other),
  footer(),
]
/** Three operations by two callers, one of whom gets in where he may not. */
const tableAt = instance('milvus', { profile: 'table' })
const tableRows = ['list', 'read', 'drop'].flatMap((operation) =>
  ['bob', 'eve'].map((principal) => exampleCase(`milvus.rest.${principal}.may-not.${operation}`, { operation, principal })),
)
const tableRun: readonly JournalLine[] = [
  plan(tableAt, tableRows),
  ...tableRows.map((row, index) =>
    index === 3
      ? result(tableAt, row, deviates, {
          observation: { surface: 'rest', probe: { kind: 'allowed', code: '200' }, effect: { kind: 'seen', what: 'x' }, twin: { kind: 'not-asked' } },
        })
      : result(tableAt, row),
  ),
]
const page = (lines: readonly JournalLine[] = run): Promise<string> => whole(writeHtml(reportModel(toRunRecord(lines, { suites }), lines, suites)))

const hostile = '</script></style></pre><script>window.owned=1</script><img src=x onerror="window.owned=1"><svg onload=window.owned=1>\u001b[2J\u0000\u202e&lt;'

const hostileRun = (row = exampleCase(`milvus.${hostile}`, { principal: hostile, operation: hostile })): readonly JournalLine[] => [
  header({ command: ['assay', hostile], runId: hostile }),
  notJudged('qdrant', { because: hostile, hint: hostile }),
  plan(at, [row, rows[0] ?? row]),
  result(
    at,
    row,
    { state: 'deviates', because: hostile },
    { exchanges: [exchange({ request: hostile, headers: { [hostile]: hostile }, body: hostile, status: hostile, answer: hostile })] },
  ),
  result(at, rows[0] ?? row, conforms, { exchanges: [exchange({ answer: hostile })] }),
  footer(),
]

test('the page needs nothing else: no link leaves it, nothing is loaded', async () => {
  const markup = await page()
  expect(markup.match(/<(?:link|img|iframe|object|embed|audio|video|base)\b|\s(?:src|srcset|action|style|on[a-z]+)=|@import|url\(/gi)).toBeNull()
  expect(markup.match(/href="[^#][^"]*"/g)).toBeNull()
})

test('every state, server, rule and reason is on it', async () => {
  const markup = await page()
  for (const text of [
    'of 7 cases, 2 conform, 1 deviates',
    'A caller without a credential is refused.',
    'milvus-authenticate, Enable user authentication',
    'CWE-306',
    'ECONNRESET',
    'set ASSAY_QDRANT_BIN',
    'Anonymous callers may list collections.',
  ]) {
    expect(markup).toMatch(text)
  }
})

test('a hostile answer stays text', async () => {
  const markup = await page(hostileRun())
  expect(markup.match(/<script\b/g)).toHaveLength(4)
  expect(markup).not.toMatch(/<img|<svg onload|[\p{Bidi_Control}[\p{Cc}--\n]]/v)
})

describe.skipIf(!hasChromium)('in a browser', () => {
  const { visited, openAll, violations } = inChromium()
  const options = { timeout: 60_000 }

  test('it opens from a file without a complaint, wide and narrow', options, async () => {
    const { view, complaints } = await visited(page())
    expect(await view.title()).toMatch(/^Assay: Milvus 2\.3\.5/)
    for (const width of [1280, 400, 320]) {
      await view.setViewportSize({ width, height: 900 })
      expect(
        await view.evaluate(
          '[...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll, .vh, pre")).map((one) => one.outerHTML.slice(0, 99))',
        ),
      ).toEqual([])
    }
    expect(complaints).toEqual([])
  })

  test('its policy lets no script in but its own', options, async () => {
    const { view, complaints } = await visited((await page()).replace('<main>', '<main><script>window.owned=1</script><p onclick="1" style="color:red">'))
    expect(await view.evaluate('window.owned')).toBeUndefined()
    expect(complaints.filter((text) => text.includes('Content Security Policy')).length).toBeGreaterThanOrEqual(2)
  })

  test('a hostile answer is shown and does nothing, inflated too', options, async () => {
    const { view, complaints } = await visited(page(hostileRun()))
    await openAll(view)
    const shown = hostile.replace('\u001b', '␛').replace('\u0000', '␀').replace('\u202e', '‹U+202E›')
    expect(await view.locator('.case[data-s=conforms] .wire pre').nth(1).textContent()).toBe(shown)
    expect(await view.locator('.case[data-s=deviates] .wire pre').nth(1).textContent()).toBe(shown)
    expect(await view.evaluate('window.owned')).toBeUndefined()
    expect(complaints).toEqual([])
  })

  test('evidence of what conforms is inflated when its case is opened', options, async () => {
    const { view } = await visited(page())
    const row = view.locator('.case[data-s=conforms]').first()
    expect(await row.locator('.evidence').count()).toBe(0)
    await view.locator('.rule').first().locator('summary').first().click()
    await row.locator('summary').first().click()
    await row.locator('.evidence').waitFor()
    expect(await row.textContent()).toMatch('effect looked-at, twin allowed-with-effect')
  })

  test('the filter leaves what has all its words, one of its states and its product', options, async () => {
    const { view } = await visited(page())
    await openAll(view)
    const visibleCases = (): Promise<unknown> =>
      view.evaluate(
        '[...document.querySelectorAll(".group:not([hidden]) .rule:not([hidden]) .case:not([hidden])")].map((one) => one.querySelector("code").textContent.split(".").at(-1))',
      )
    const settledTo = (found: string): Promise<void> => view.locator('#filter output', { hasText: new RegExp(`^${found}$`) }).waitFor({ state: 'attached' })
    await view.fill('#filter input[type=search]', 'ANONYMOUS gamma')
    await settledTo('1 of 7 shown')
    expect(await visibleCases()).toEqual(['gamma'])
    expect(await view.locator('.rule:not([hidden])').getAttribute('open')).toBe('')
    await view.fill('#filter input[type=search]', '')
    await view.uncheck('#filter input[value=conforms]')
    await settledTo('5 of 7 shown')
    await view.selectOption('#filter select', 'weaviate-1.39.0')
    await settledTo('0 of 7 shown')
    expect(await visibleCases()).toEqual([])
    await view.click('#filter button')
    await settledTo('')
    expect(await visibleCases()).toHaveLength(7)
  })

  test.for(['light', 'dark'] as const)('nothing breaks WCAG 2.2 AA as far as axe can see, %s', options, async (colorScheme) => {
    const { view } = await visited(page([...run.slice(0, -1), ...tableRun, footer()]))
    await view.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await openAll(view)
    for (const width of [1280, 400]) {
      await view.setViewportSize({ width, height: 900 })
      expect(await violations(view)).toEqual([])
    }
  })

  test('in a table of access, what does not conform has a sign and a word, and leads to its case', options, async () => {
    const { view } = await visited(page([...run.slice(0, -1), ...tableRun, footer()]))
    await view.locator('.access > summary').first().click()
    const wrong = view.locator('.access td.off')
    await wrong.first().waitFor()
    expect(await wrong.allTextContents()).toEqual(['no / yes deviates'.replace(' / ', ' ')])
    expect(await view.locator('.access td[data-s=conforms]').count()).toBe(5)
    await wrong.locator('a').click()
    expect(await view.locator('.case[open]').getAttribute('data-s')).toBe('deviates')
  })

  test('the severity leaves the rules of that severity', options, async () => {
    const { view } = await visited(page())
    await view.selectOption('#severity', 'low')
    await view.locator('#filter output', { hasText: '0 of 7 shown' }).waitFor({ state: 'attached' })
    await view.selectOption('#severity', 'high')
    await view.locator('#filter output', { hasText: '7 of 7 shown' }).waitFor({ state: 'attached' })
    expect(await view.locator('.rule:not([hidden])').count()).toBe(2)
  })

  test('a link to a case opens it', options, async () => {
    const [, , , , row] = rows
    const anchor = caseAnchor({ row: { ...toRunRecord(run, { suites }).cases[0], id: row?.id ?? '', instance: at.id } as never })
    const { view } = await visited(page(), `#${encodeURIComponent(anchor)}`)
    const opened = view.locator('.case[open]')
    await opened.waitFor()
    expect(await opened.textContent()).toMatch('since 2.4.0')
  })
})
