import { array, assert, constantFrom, property } from 'fast-check'
import { expect, test } from 'vitest'
import { digestOf, splitDocument } from './documents.ts'

const lines = (name: string, text: string): readonly string[] => splitDocument(name, text).map((unit) => `${unit.section} | ${unit.kind} | ${unit.text}`)
const digests = (text: string): readonly string[] => splitDocument('a.md', text).map((unit) => unit.digest)

test('a Markdown paragraph becomes its sentences, without marks and under its heading', () => {
  const text = '---\ntitle: Doors\n---\n# Doors\n\nA *door* has a [lock](./lock.md). It opens,\ne.g. With a `key`. "Why?" (Because.)\n\n## Windows\n\nNone\n'
  expect(lines('doors.md', text)).toMatchInlineSnapshot(`
    [
      "Doors | sentence | A door has a lock.",
      "Doors | sentence | It opens, e.g. With a key.",
      "Doors | sentence | "Why?"",
      "Doors | sentence | (Because.)",
      "Windows | sentence | None",
    ]
  `)
})

test('before its first heading a page is under the title of its front matter', () => {
  expect(lines('a.md', '---\nid: a\ntitle: "Doors"\n---\n\nOne.\n\n# Locks\n\nTwo.\n')).toEqual(['Doors | sentence | One.', 'Locks | sentence | Two.'])
  expect(lines('a.html', "---\ntitle: ''\n---\n<p>One.</p>")).toEqual([' | sentence | One.'])
})

test('list items, admonitions, asides and imports are told apart', () => {
  const text =
    '- one\n- two\n  goes on\n    1. inner\n\n:::note Mind it\nThe step.\n:::\n\n<aside role="alert">Wet <b>paint</b>.</aside>\n\nimport Part from \'/part.mdx\';\n\n<Part />\n\n<!-- unseen\n\nat all -->\n'
  expect(lines('a.md', text)).toMatchInlineSnapshot(`
    [
      " | list-item | one",
      " | list-item | two goes on",
      " | list-item | inner",
      " | admonition | Mind it",
      " | admonition | The step.",
      " | admonition | Wet paint.",
      " | include | import Part from '/part.mdx';",
    ]
  `)
})

test('a table row carries the names of its columns', () => {
  expect(lines('a.md', '| Who | May |\n|-----|-----|\n| `guest` | look \\| ask |\n')).toEqual([' | table-row | Who: guest | May: look | ask'])
})

test('a configuration becomes its settings, each with the keys above it, and the sentences of its comments', () => {
  const text = '```yaml\nhouse:\n  ...\n  door:\n    # Locks it. Needs\n    # a key.\n    locked: true\n    keys:\n      - brass\n  roof: red\n```\n'
  expect(lines('a.md', text)).toMatchInlineSnapshot(`
    [
      " | comment | Locks it.",
      " | comment | Needs a key.",
      " | setting | house.door.locked: true",
      " | setting | house.door.keys - brass",
      " | setting | house.roof: red",
    ]
  `)
})

test('JSON in a list item is split as a configuration; a program and a command are one unit each', () => {
  const text =
    '- claim\n\n  ```json\n  {\n    "who": "me", // the caller\n    "may": [\n      { "do": "it" }\n    ]\n  }\n  ```\n\n```python\nimport this\n\nprint(this)\n```\n\n```bash\n# a comment of the shell\nexport HOUSE_KEY=brass\ncurl \\\n  -X GET localhost\n```\n'
  expect(lines('a.md', text)).toMatchInlineSnapshot(`
    [
      " | list-item | claim",
      " | setting | who: "me", // the caller",
      " | setting | may { "do": "it" }",
      " | code | import this print(this)",
      " | comment | a comment of the shell",
      " | setting | export HOUSE_KEY=brass",
      " | code | curl -X GET localhost",
    ]
  `)
})

test('of an HTML page only the article counts, without navigation, footer, scripts and pictures', () => {
  const article =
    '<article><nav>Home</nav><h1>Doors<svg><path d="x"/></svg><button>#</button></h1><p>A door&#x27;s lock &amp; <a href="#">key</a>. It&nbsp;opens.</p><div class="note alert"><p>Mind it.</p></div><footer><footer>f</footer>g</footer></article>'
  expect(
    lines(
      'a.html',
      `<!doctype html><html><head><title>t</title></head><body><aside>side</aside><script>if (a < b) "<p>x</p>"</script>${article}</body></html>`,
    ),
  ).toEqual(["Doors | sentence | A door's lock & key.", 'Doors | sentence | It opens.', 'Doors | admonition | Mind it.'])
})

test('tables, lists and code of an HTML page become the units that they become in Markdown', () => {
  const html =
    '---\nid: x\n---\n<table><thead><tr><th>Who</th><th>May</th></tr></thead><tbody><tr><td>guest</td><td>look</td></tr></tbody></table><ul><li>one<ul><li>two</li></ul></li></ul><pre class="language-yaml"><code><span>a:</span><br><span>  b: 1</span><br></code></pre><pre><code>\nlock:\n   on: true\n</code></pre>'
  const markdown = '| Who | May |\n|---|---|\n| guest | look |\n\n- one\n  - two\n\n```yaml\na:\n  b: 1\n```\n\n```yaml\nlock:\n   on: true\n```\n'
  expect(splitDocument('a.html', html)).toEqual(splitDocument('a.md', markdown))
})

test('a page that has lost its marks keeps its headings, sentences, settings and programs', () => {
  const text =
    'Open a door\nTo open, set door\nto open in house.yaml\n. There is more.\nhouse:\ndoor: open\n...\nAsk a guest\nAsk as follows:\n# ask\nfrom house import ask\nask(\nwho="guest",\n)\nLimits\n- Only one.\n'
  expect(lines('a.md', text)).toMatchInlineSnapshot(`
    [
      "Open a door | sentence | To open, set door to open in house.yaml.",
      "Open a door | sentence | There is more.",
      "Open a door | setting | door: open",
      "Ask a guest | sentence | Ask as follows:",
      "Ask a guest | code | # ask from house import ask ask( who="guest", )",
      "Limits | list-item | Only one.",
    ]
  `)
})

test('white space and line ends change no digest, a word does', () => {
  expect(digests('A door\r\n  has a lock.  It opens.\r\n')).toEqual(digests('A door has a lock. It opens.'))
  expect(digests('A door has a bolt.')).not.toEqual(digests('A door has a lock.'))
  expect(digestOf('A  door')).toBe(digestOf(' A door\n'))
  expect(digestOf('')).toBe('e3b0c44298fc1c14')
})

test('any text is split without an error, twice alike, into units with text', () => {
  const scrap = constantFrom(
    '<',
    '>',
    '|',
    '`',
    '```',
    '\n',
    '\n\n',
    '- ',
    '# ',
    ':::',
    '---\n',
    '|--|\n',
    '<li>',
    '</p>',
    '<pre>',
    '&#99999999;',
    'Word. ',
    'key: 1\n',
    '  ',
    '"',
    '<!--',
    '{',
  )
  assert(
    property(
      constantFrom('a.md', 'a.html'),
      array(scrap).map((parts) => parts.join('')),
      (name, text) => {
        const units = splitDocument(name, text)
        expect(splitDocument(name, text)).toEqual(units)
        for (const unit of units) expect(unit).toMatchObject({ text: expect.stringMatching(/^\S(?:.*\S)?$/), digest: digestOf(unit.text) })
      },
    ),
  )
})
