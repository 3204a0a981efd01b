import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'

// A real browser, for the tests of what people read.

const executablePath = process.env['ASSAY_CHROMIUM'] ?? '/usr/bin/chromium'

export const hasChromium = await access(executablePath).then(
  () => true,
  () => false,
)

export interface Visit {
  readonly view: Page
  /** All that the browser complained of, and every address that it asked but the file's own. */
  readonly complaints: readonly string[]
}

export interface InChromium {
  /** The page opened from a file. */
  visited(making: string | Promise<string>, hash?: string): Promise<Visit>
  /** Opens everything, and what comes with it, until nothing is out of sight. */
  openAll(view: Page): Promise<unknown>
  /** What breaks WCAG 2.2 AA, as far as axe can see. */
  violations(view: Page): Promise<unknown>
}

/** One browser for the tests of a `describe`. */
export function inChromium(): InChromium {
  let browser: Browser
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-page-'))
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--headless', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    })
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })
  return {
    async visited(making, hash = '') {
      const path = join(folder, `${crypto.randomUUID()}.html`)
      await writeFile(path, await making)
      const view = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
      onTestFinished(() => view.close())
      const complaints: string[] = []
      view.on('console', (message) => void complaints.push(message.text()))
      view.on('pageerror', (error) => void complaints.push(error.message))
      view.on('request', (request) => void (request.url().startsWith('file:') || complaints.push(request.url())))
      await view.goto(`${pathToFileURL(path).href}${hash}`)
      return { view, complaints }
    },
    openAll: (view) => view.evaluate(opening),
    async violations(view) {
      await view.evaluate(axe.source)
      return view.evaluate(looking)
    },
  }
}

/** `fill` is the page's own; pages without a script have nothing to be filled. */
const opening = `(async () => {
  for (let closed; (closed = [...document.querySelectorAll('details:not([open])')]).length > 0;)
    for (const one of closed) {
      one.open = true
      await globalThis.fill?.(one)
    }
})()`

const looking = `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html, any }) => html.slice(0, 160) + ' ' + (any[0]?.message ?? '')).join(' | ')))`
