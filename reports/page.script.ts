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
  return await new Response(stream).text()
}

const filling = new WeakMap()
function fill(details) {
  if (!filling.has(details)) filling.set(details, filled(details))
  return filling.get(details)
}

async function filled(details) {
  const [number, place] = (details.dataset.at ?? '').split(':')
  if (place === undefined) return
  const inside = details.querySelector(':scope > .inside') ?? details
  try {
    // Made by the writer of this page, which escaped all that servers said; the policy of the page forbids scripts in it.
    inside.insertAdjacentHTML('beforeend', (await chunk(number)).split('\\0')[Number(place)])
  } catch (error) {
    inside.append('This browser cannot inflate the evidence (' + error + '): it is in journal.ndjson beside this page.')
  }
  if (hits.has(details)) showHits(details)
}

document.addEventListener('toggle', ({ target }) => {
  if (target.open && target.dataset.at) fill(target)
}, true)

let parsed
const index = async () => (parsed ??= JSON.parse(await chunk('index')))

/** Cases are in the page only where their rule was opened; the index knows all of them. */
async function ruleOf(anchor) {
  for (const { rules } of await index()) for (const { id, rows } of rules) if (rows.some(([own]) => own === anchor)) return document.getElementById(id)
}

async function openTarget() {
  const anchor = decodeURIComponent(location.hash.slice(1))
  const rule = anchor.startsWith('case:') && !document.getElementById(anchor) ? await ruleOf(anchor) : undefined
  if (rule) await fill(rule)
  const target = document.getElementById(anchor)
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
const hits = new Map()

function showHits(rule) {
  const found = hits.get(rule)
  for (const row of all('.case', rule)) row.hidden = found !== undefined && !found.has(row.id || row.getAttribute('href').slice(1))
}

async function apply() {
  const words = text.value.toLowerCase().split(/\\s+/).filter(Boolean)
  const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value))
  const isFiltered = words.length > 0 || wanted.size < boxes.length || product.value !== '' || severity.value !== ''
  let found = 0
  let of = 0
  const matched = []
  for (const { group, rules } of await index()) {
    const isWanted = product.value === '' || group === product.value
    let inGroup = 0
    for (const { id, rows } of rules) {
      const rule = document.getElementById(id)
      const isGrave = severity.value === '' || rule.dataset.severity === severity.value
      const said = words.length === 0 ? '' : rule.querySelector('summary').textContent.toLowerCase()
      const missing = words.filter((word) => !said.includes(word))
      const own = new Set()
      if (isWanted && isGrave) {
        for (const [anchor, state, line] of rows) {
          if (!wanted.has(state)) continue
          const where = missing.length === 0 ? '' : (anchor + ' ' + line).toLowerCase()
          if (missing.every((word) => where.includes(word))) own.add(anchor)
        }
      }
      if (isFiltered) hits.set(rule, own)
      else hits.delete(rule)
      showHits(rule)
      rule.hidden = own.size === 0
      of += rows.length
      inGroup += own.size
      if (own.size > 0) matched.push(rule)
    }
    document.getElementById(group).hidden = inGroup === 0
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
