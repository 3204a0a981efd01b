import { describe, expect, test } from 'vitest'
import { hasChromium, inChromium } from './example-browser.ts'
import { conforms, deviates, footer, header, instance, plan, result, wholeRun } from './example-journal.ts'
import { exampleRun } from './example-run.ts'
import { largeSuites, largeRun } from './large-journal.ts'
import { whole } from './parts.ts'
import { reportModel } from './report-model.ts'
import { toRunRecord } from './run-record.ts'
import { writeControls } from './write-controls.ts'
import { writeHtml } from './write-html.ts'
import { writeMatrixHtml } from './write-matrix-html.ts'

const { rows, suites, recordOf, modelOf, lines } = exampleRun()
const [first, second = first] = rows
const older = wholeRun(instance('milvus', { version: '2.2.16' }), [
  [first, deviates],
  [second, conforms],
])
const pages = {
  'the page of versions': () => writeMatrixHtml([recordOf(older), recordOf(lines)], { suites, pageOf: (runId) => `${runId}/index.html` }),
  'the page of a framework': () => writeControls(modelOf(lines), 'nist-800-53'),
}

describe.skipIf(!hasChromium).for(Object.entries(pages))('%s', ([, write]) => {
  const { visited, openAll, violations } = inChromium()

  test('breaks nothing of WCAG 2.2 AA as far as axe can see, wide and narrow, light and dark', { timeout: 120_000 }, async () => {
    const { view, complaints } = await visited(write())
    await openAll(view)
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 400]) {
        await view.setViewportSize({ width, height: 900 })
        await view.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        expect(await violations(view)).toEqual([])
      }
    }
    expect(complaints).toEqual([])
  })
})

describe.skipIf(!hasChromium)('a page of very many cases', () => {
  const { visited } = inChromium()
  const elements = async (results: number): Promise<number> => {
    const run = largeRun(results)
    const { view } = await visited(whole(writeHtml(reportModel(toRunRecord(run, { suites: largeSuites }), run, largeSuites))))
    return Number(await view.evaluate('document.querySelectorAll("*").length'))
  }

  test('opens with as much as one of few: the rest comes when it is looked for', { timeout: 120_000 }, async () => {
    const [few, many] = [await elements(1000), await elements(5000)]
    expect(many).toBeLessThan(few * 1.5)
  })
})

test('where a server said a hundred megabytes, the page has their beginning', { timeout: 60_000 }, async () => {
  const [at, said] = [instance(), '<script>'.repeat((100 * 2 ** 20) / 8)]
  const probe = { kind: 'refused', by: 'forbidden', code: '403', message: said } as const
  const observation = { surface: 'rest', probe, effect: { kind: 'none', what: 'x' }, twin: { kind: 'not-asked' } } as const
  const long = [header(), plan(at, [first]), result(at, first, { state: 'deviates', because: said }, { observation }), footer()]
  const markup = await whole(writeHtml(modelOf(long)))
  expect(markup.match(/<script\b/g)).toHaveLength(3)
  expect(markup.length).toBeLessThan(200_000)
})
