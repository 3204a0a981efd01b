/** What the page does by itself: opens what a link points to, inflates evidence when it is looked at, filters. */
export const pageScript = `'use strict'
const all = (selector, at = document) => [...at.querySelectorAll(selector)]
const chunks = new Map()

function chunk(number) {
  if (!chunks.has(number)) chunks.set(number, inflate(document.getElementById('chunk-' + number).textContent))
  return chunks.get(number)
}

async function inflate(packed) {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return JSON.parse(await new Response(stream).text())
}

async function fill(details) {
  const [number, index] = details.dataset.at.split(':')
  details.removeAttribute('data-at')
  try {
    // Made by the writer of this page, which escaped all that servers said; the policy of the page forbids scripts in it.
    details.insertAdjacentHTML('beforeend', (await chunk(number))[Number(index)])
  } catch (error) {
    details.append('This browser cannot inflate the evidence (' + error + '): it is in journal.ndjson beside this page.')
  }
}

document.addEventListener('toggle', ({ target }) => {
  if (target.open && target.dataset.at) fill(target)
}, true)

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (!target) return
  for (let at = target; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true
  target.scrollIntoView({ block: 'start' })
}
addEventListener('hashchange', openTarget)

const filter = document.getElementById('filter')
const text = filter.querySelector('input[type=search]')
const [product, severity] = all('select', filter)
const boxes = all('input[type=checkbox]', filter)
const shown = filter.querySelector('output')
let index

const lower = (element) => element.textContent.toLowerCase()
const indexOf = () => all('.group').map((element) => ({
  element,
  rules: all('.rule', element).map((rule) => ({
    element: rule,
    text: lower(rule.querySelector('summary')),
    rows: all('.case', rule).map((row) => ({ element: row, state: row.dataset.s, text: lower(row.querySelector('summary') ?? row) })),
  })),
}))

function apply() {
  index ??= indexOf()
  const words = text.value.toLowerCase().split(/\\s+/).filter(Boolean)
  const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value))
  const has = (where) => words.every((word) => where.includes(word))
  const isFiltered = words.length > 0 || wanted.size < boxes.length || product.value !== '' || severity.value !== ''
  let found = 0
  let of = 0
  const matched = []
  for (const group of index) {
    const isWanted = product.value === '' || group.element.dataset.group === product.value
    let inGroup = 0
    for (const rule of group.rules) {
      let inRule = 0
      const isGrave = severity.value === '' || rule.element.dataset.severity === severity.value
      for (const row of rule.rows) {
        const hit = isWanted && isGrave && wanted.has(row.state) && (words.length === 0 || has(rule.text + ' ' + row.text))
        if (row.element.hidden === hit) row.element.hidden = !hit
        if (hit) inRule++
      }
      rule.element.hidden = inRule === 0
      of += rule.rows.length
      inGroup += inRule
      if (inRule > 0) matched.push(rule.element)
    }
    group.element.hidden = inGroup === 0
    found += inGroup
  }
  shown.textContent = isFiltered ? found.toLocaleString('en-GB') + ' of ' + of.toLocaleString('en-GB') + ' shown' : ''
  if (words.length > 0 && found <= 40) for (const rule of matched) rule.open = true
}

let pending = 0
function later() {
  cancelAnimationFrame(pending)
  pending = requestAnimationFrame(apply)
}
filter.hidden = false
filter.addEventListener('input', later)
filter.addEventListener('reset', () => setTimeout(apply))
filter.addEventListener('submit', (event) => event.preventDefault())
addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return
  event.preventDefault()
  text.focus()
})
openTarget()
`
