/** The style sheet of the page. Every state has a sign and a word beside its colour. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #fcfbf8; --raised: #ffffff; --sunken: #f4f2ec; --ink: #1c1e21; --quiet: #5c6068; --line: #dfdbd2; --link: #1d4f91;
  --conforms: #1c6b45; --deviates: #a81c1c; --known: #8a5200; --waived: #5f4a94; --na: #62666d; --open: #23608f; --defect: #9b1668;
  --serif: 'Iowan Old Style', 'Palatino Linotype', Palatino, 'URW Palladio L', P052, Charter, Georgia, 'Times New Roman', serif;
  --sans: ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14161a; --raised: #1b1e23; --sunken: #20242a; --ink: #e8e6e1; --quiet: #a3a7ae; --line: #343940; --link: #8db8ee;
    --conforms: #6fc99a; --deviates: #ff8f86; --known: #e9b25a; --waived: #bba7f0; --na: #a3a7ae; --open: #86bfec; --defect: #f191cd;
  }
}
[data-s='conforms'] { --c: var(--conforms); --sign: '\\2713' }
[data-s='deviates'] { --c: var(--deviates); --sign: '\\2715' }
[data-s='known-deviation'] { --c: var(--known); --sign: '\\2260' }
[data-s='waived'] { --c: var(--waived); --sign: '~' }
[data-s='not-applicable'] { --c: var(--na); --sign: '\\2013' }
[data-s='could-not-run'] { --c: var(--open); --sign: '?' }
[data-s='harness-defect'] { --c: var(--defect); --sign: '!' }

* { box-sizing: border-box }
html { scroll-behavior: smooth; scroll-padding-top: 6.5rem; -webkit-text-size-adjust: 100% }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 400 0.9375rem/1.55 var(--sans); font-variant-numeric: tabular-nums }
main { max-width: 74rem; margin: 0 auto; padding: clamp(1.25rem, 4vw, 3.5rem) clamp(1rem, 4vw, 2.5rem) 5rem }
h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.25; text-wrap: balance; overflow-wrap: anywhere }
h1 { font-size: clamp(1.3rem, 1.05rem + 1.3vw, 1.8rem); font-weight: 500; max-width: 54rem; margin: 0.4rem 0 1.6rem; line-height: 1.32; text-wrap: pretty }
h2 { font-size: 1.4rem; margin: 0 0 0.35rem }
h3 { font-size: 1.1rem; margin: 0 }
p { margin: 0 0 0.75rem; max-width: 46rem }
a { color: var(--link); text-underline-offset: 0.15em; text-decoration-thickness: 1px }
code, pre { font-family: var(--mono); font-size: 0.86em; overflow-wrap: anywhere }
section { margin-top: 3.25rem }
table + p { margin-top: 0.9rem }
table { border-collapse: collapse; width: 100%; font-size: 0.9em }
th, td { text-align: left; vertical-align: top; padding: 0.55rem 1rem 0.55rem 0; border-bottom: 1px solid var(--line) }
thead th { font-weight: 500; color: var(--quiet); font-size: 0.85em; border-bottom-color: var(--ink) }
tbody th { font-weight: 600 }
.number { text-align: right }
.wide { width: 30% ; vertical-align: middle }
.scroll { overflow-x: auto }
.lead, .quiet { color: var(--quiet) }
.lead { margin-bottom: 1.1rem }
.quiet { font-weight: 400 }
.vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.skip { position: absolute; left: -99rem } .skip:focus { left: 1rem; top: 1rem; background: var(--raised); padding: 0.5rem }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
[hidden] { display: none !important }

.masthead { border-top: 3px solid var(--ink); padding-top: 0.9rem }
.kicker { font: 700 0.95rem/1.4 var(--serif); letter-spacing: 0.01em; margin-bottom: 1.6rem }
.kicker span { font: 400 0.82rem var(--sans); color: var(--quiet); margin-left: 0.5rem; letter-spacing: 0 }
.meta { display: flex; flex-wrap: wrap; gap: 0.5rem 2.25rem; margin: 0; padding: 0.9rem 0; border-block: 1px solid var(--line); font-size: 0.86rem }
.meta ~ .lead, header + .lead { margin-top: 1.1rem } .meta dt { color: var(--quiet); font-size: 0.92em } .meta dd { margin: 0; overflow-wrap: anywhere }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.4rem; margin-top: 0.9rem; font-size: 0.88rem }
nav a { text-decoration: none; padding: 0.15rem 0 } nav a:hover { text-decoration: underline }

.pill { display: inline-flex; align-items: center; gap: 0.4em; font: 600 0.76rem/1.5 var(--sans); color: var(--c); white-space: nowrap }
.pill::before { content: var(--sign) / ''; display: inline-grid; place-items: center; flex: none; width: 1.35em; height: 1.35em; border-radius: 50%; border: 1px solid var(--c); font-weight: 700; font-size: 0.92em; line-height: 1 }
.pill[data-s='deviates']::before, .pill[data-s='harness-defect']::before { background: var(--c); color: var(--paper); border-radius: 0.25em }
.pill[data-s='known-deviation']::before { border-radius: 0.25em }
.pill[data-s='could-not-run']::before, .pill[data-s='not-applicable']::before { border-style: dashed }
.tally { display: inline-flex; flex-wrap: wrap; gap: 0 0.8em; font-size: 0.86rem }
.tally > span { color: var(--c); white-space: nowrap; position: relative } .tally > span::before { content: var(--sign) / ''; margin-right: 0.3em; font-weight: 700 }
.tag { font-size: 0.76rem; border: 1px solid var(--line); border-radius: 0.3em; padding: 0.05em 0.45em; color: var(--quiet); white-space: nowrap; font-family: var(--sans); font-weight: 400 }
.tag.model { border: 1px dashed var(--known); color: var(--known) }
.tag.real { border-color: var(--conforms); color: var(--conforms) }
.severity { font-size: 0.82rem; white-space: nowrap }
.severity::before { content: '\\25CF\\25CB\\25CB\\25CB' / ''; letter-spacing: 0.08em; font-size: 0.62em; margin-right: 0.5em; vertical-align: 0.15em; color: var(--quiet) }
.severity[data-severity='medium']::before { content: '\\25CF\\25CF\\25CB\\25CB' / '' }
.severity[data-severity='high']::before { content: '\\25CF\\25CF\\25CF\\25CB' / ''; color: var(--known) }
.severity[data-severity='critical']::before { content: '\\25CF\\25CF\\25CF\\25CF' / ''; color: var(--deviates) }
.severity[data-severity='high'], .severity[data-severity='critical'] { font-weight: 600 }
.bar { display: block; width: 100%; height: 0.5rem; border-radius: 0.25rem; background: var(--sunken) }
.bar rect { fill: var(--c); stroke: var(--paper); stroke-width: 1px; vector-effect: non-scaling-stroke }
.bar.model { opacity: 0.4 }
.bar.course { min-width: 12rem } .bar .with { fill: var(--link) } .bar .without { fill: var(--quiet); opacity: 0.55 } .bar .yet { fill: var(--line) }

.tiles { list-style: none; margin: 0 0 1.6rem; padding: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(8.6rem, 1fr)); padding-right: 1px }
.tiles li { background: var(--raised); border: 1px solid var(--line); margin: 0 -1px -1px 0; padding: 0.85rem 0.9rem 0.75rem; display: flex; flex-direction: column; gap: 0.3rem }
.tiles strong { font: 500 1.95rem/1.1 var(--serif); font-variant-numeric: lining-nums tabular-nums }
.tiles .zero strong, .tiles .zero .pill { color: var(--quiet) }
.tiles .zero .pill::before { background: none; color: inherit; border-color: currentColor }

.findings { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--line) }
.findings > li { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); gap: 0.25rem 1rem; padding: 0.75rem 0; border-bottom: 1px solid var(--line); align-items: start }
.findings > li > :last-child { overflow-wrap: anywhere; max-width: 54rem }
.findings ul { list-style: none; margin: 0.45rem 0 0; padding: 0 } .findings ul > li { padding: 0.3rem 0 0.3rem 0.9rem; border-left: 2px solid var(--line) } .findings ul > li + li { margin-top: 0.3rem } .findings small { display: block; color: var(--quiet); font-size: 0.84rem } .findings .severity { margin-right: 0.5em }
.cards { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); gap: 1rem }
.cards li { background: var(--raised); border: 1px solid var(--line); border-left: 3px solid var(--known); padding: 0.9rem 1.1rem }
.cards h3 { font: 600 0.92rem/1.4 var(--mono); margin-bottom: 0.4rem } .cards p { margin-bottom: 0.5rem } .cards .severity { margin-right: 0.6em; color: var(--ink) }
.plain { margin: 0.4rem 0 0.8rem; padding-left: 1.1rem; columns: 24rem; column-gap: 2rem }
.plain.one { columns: auto; padding: 0; list-style: none } .plain.one li { margin-bottom: 0.6rem; max-width: 40rem }
.plain li { break-inside: avoid; margin-bottom: 0.15rem }
summary { cursor: pointer }
pre { background: var(--sunken); border-radius: 0.3rem; padding: 0.6rem 0.8rem; margin: 0.3rem 0 0; max-height: 22rem; overflow: auto; white-space: pre-wrap; font-size: 0.78rem; line-height: 1.5 }

.matrix th { min-width: 15rem } .matrix thead th:not(:first-child), .matrix td { min-width: 8.5rem; width: 1% } .matrix thead th { color: var(--ink); font-size: 0.95em } .matrix a { text-decoration: none } .matrix a:hover { text-decoration: underline } .matrix .worse { background: color-mix(in srgb, var(--deviates) 9%, transparent) } .matrix .better { background: color-mix(in srgb, var(--conforms) 9%, transparent) }
.turn { font-size: 0.76rem; white-space: nowrap; background: none !important } .turn.worse { color: var(--deviates) } .turn.better { color: var(--conforms) } .change { border-top: 1px solid var(--line); padding: 0.5rem 0 }
h3.of { margin: 1.4rem 0 0.5rem }
.access { border-top: 1px solid var(--line) } .access:last-of-type { border-bottom: 1px solid var(--line) }
.access > summary { padding: 0.5rem 0 } .access > summary .quiet { margin-left: 0.6em; font-size: 0.9em }
.access .scroll { max-height: 34rem; overflow: auto; border: 1px solid var(--line); margin-bottom: 1rem; background: var(--raised); width: fit-content; max-width: 100% }
.access table { width: auto; font-size: 0.8rem; border-collapse: separate; border-spacing: 0 }
.access th, .access td { padding: 0.22rem 0.6rem; white-space: nowrap; border-bottom: 1px solid var(--line) }
.access thead th { position: sticky; top: 0; z-index: 1; background: var(--raised); vertical-align: bottom; color: var(--ink) } .access thead th span { writing-mode: vertical-rl; rotate: 180deg; max-height: 11rem }
.access tbody th { position: sticky; left: 0; background: var(--raised); font: 400 0.95em var(--mono) } .access thead th:first-child { left: 0; z-index: 2 }
.access .doc { color: var(--quiet) } .access .doc::after { content: ' /' } .access .seen { font-weight: 600 } .access td { color: var(--conforms) } .access td .quiet { font-size: 0.9em }
.access .off { background: color-mix(in srgb, var(--c) 11%, transparent) } .access .off a { color: var(--c); text-decoration: none; display: block } .access .off a::before { content: var(--sign) / ''; font-weight: 700; margin-right: 0.3em } .access .off a:hover { text-decoration: underline }
.access .none { background: var(--sunken) }

#filter { position: sticky; top: 0; z-index: 1; background: var(--paper); padding: 0.75rem 0 0.7rem; margin: 0.4rem 0 0; border-bottom: 1px solid var(--line) }
#filter div { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center }
#filter input[type='search'] { flex: 1 1 16rem; min-width: 0 }
#filter input[type='search'], #filter select, #filter button { font: inherit; font-size: 0.9rem; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: 0.35rem; padding: 0.4rem 0.65rem; min-height: 2.2rem }
#filter button { cursor: pointer }
#filter output { color: var(--quiet); font-size: 0.86rem; min-width: 8rem }
#filter fieldset { border: 0; margin: 0.5rem 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.25rem 1.1rem }
#filter label { display: inline-flex; align-items: center; gap: 0.4rem; min-height: 1.5rem; cursor: pointer }
#filter input[type='checkbox'] { margin: 0; accent-color: var(--ink) }

.group { margin-top: 2.2rem }
.group > header { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0.4rem 2rem; align-items: center; margin-bottom: 0.9rem }
.group > header h3 { font-size: 1.25rem } .group > header p { grid-column: 1 / -1; margin: 0; color: var(--quiet); font-size: 0.88rem; max-width: none } .group > header .tally { margin-left: 0.4em }
.columns, .rule > summary { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr) 4.5rem 6.5rem 9rem; gap: 0 1rem; align-items: baseline }
.columns { color: var(--quiet); font-size: 0.8rem; padding: 0 0.5rem 0.35rem 1.6rem; border-bottom: 1px solid var(--ink) }
.rule { border-bottom: 1px solid var(--line) } .rule:not([open]) { content-visibility: auto; contain-intrinsic-size: auto 4rem }
.rule > summary { padding: 0.7rem 0.5rem 0.7rem 1.6rem; position: relative; list-style: none }
.rule > summary::-webkit-details-marker, .case > summary::-webkit-details-marker { display: none }
.rule > summary::before, .case > summary::before { content: '\\203A' / ''; position: absolute; left: 0.45rem; top: 0.85rem; line-height: 1; color: var(--quiet); font-size: 1.1em; transition: transform 0.12s }
.case > summary::before { top: 0.52rem }
.rule[open] > summary::before, .case[open] > summary::before { transform: rotate(90deg) }
.rule > summary:hover, .case > summary:hover, a.case:hover { background: var(--sunken) }
.promise { overflow-wrap: anywhere; padding-right: 1rem } .promise small { display: block; color: var(--quiet); font-size: 0.8rem; margin-top: 0.1rem } .promise small code { margin-right: 0.5em }
.level { font-size: 0.76rem; letter-spacing: 0.03em; color: var(--quiet) }
.rule > summary > .tally { font-size: 0.84rem }
.inside { padding: 0.1rem 0 1.2rem 1.6rem }
dl.about, .evidence dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.2rem 1.2rem; margin: 0 0 0.9rem; font-size: 0.86rem }
dl.about dt, .evidence dt { color: var(--quiet) } dl.about dd, .evidence dd { margin: 0; overflow-wrap: anywhere; max-width: 56rem }
dl.about { padding-left: 0.1rem }
.case { display: block; border-top: 1px solid var(--line) } .case:not([open]) { content-visibility: auto; contain-intrinsic-size: auto 2.2rem }
.case > summary, a.case { display: grid; grid-template-columns: 9.2rem minmax(0, 1fr) max-content; gap: 0 1rem; align-items: baseline; padding: 0.4rem 0.5rem 0.4rem 1.5rem; position: relative; list-style: none; font-size: 0.9rem }
a.case { color: inherit; text-decoration: none } a.case > :last-child { grid-column: 2 / -1 }
.case .pill { font-size: 0.72rem }
.claim, .case code { overflow-wrap: anywhere } .claim small { display: block; color: var(--quiet); font-size: 0.82rem; max-width: 52rem; overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3 }
.case > summary > .quiet, a.case .quiet { font-size: 0.78rem }
.evidence { background: var(--raised); border: 1px solid var(--line); border-left: 3px solid var(--c); margin: 0.2rem 0.5rem 1rem 1.5rem; padding: 0.9rem 1.1rem }
.case[data-s='conforms'] .evidence { --c: var(--conforms) }
.wire { list-style: none; margin: 0; padding: 0; font-size: 0.84rem }
.wire > li { border-top: 1px solid var(--line); padding: 0.45rem 0 }
.wire summary { overflow-wrap: anywhere }
.stage { display: inline-block; min-width: 4.6rem; font-weight: 600 }
.status { font-family: var(--mono); font-size: 0.86em; border: 1px solid var(--line); border-radius: 0.3em; padding: 0.05em 0.4em; margin-left: 0.3em }
.io { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 0.4rem 1rem; margin-top: 0.35rem }
.io span, .again > summary { font-size: 0.8rem; color: var(--quiet) } .again { margin-top: 0.4rem }
.meanings { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.45rem 1.4rem; margin: 0.8rem 0 1.4rem; max-width: 56rem } .meanings dd { margin: 0 }
:target > summary, li:target { background: var(--sunken) }

@media (max-width: 46rem) {
  .columns { display: none }
  .group { border-top: 1px solid var(--ink); padding-top: 0.9rem } .group > header { grid-template-columns: 1fr }
  .rule > summary { grid-template-columns: minmax(0, 1fr) auto; gap: 0.35rem 0.75rem; padding-left: 1.4rem; padding-right: 0 }
  .rule > summary > .promise { grid-column: 1 / -1; grid-row: 2; padding: 0 }
  .rule > summary > .level { display: none }
  .rule > summary > .tally { grid-column: 1 / -1; grid-row: 3 }
  .inside { padding-left: 0.4rem }
  .case > summary, a.case { grid-template-columns: minmax(0, 1fr); gap: 0.15rem; padding-left: 1.3rem; padding-right: 0 } a.case > :last-child { grid-column: 1 }
  .evidence { margin-left: 0; margin-right: 0; padding: 0.75rem }
  dl.about, .evidence dl, .meanings { grid-template-columns: minmax(0, 1fr); gap: 0 } dl.about dd, .evidence dd, .meanings dd { margin-bottom: 0.5rem }
  .findings > li { grid-template-columns: minmax(0, 1fr) }
  .wide { display: none }
  html { scroll-padding-top: 1rem } #filter { position: static } #filter output { min-width: 0 }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)) } .tiles li { padding-inline: 0.65rem } .tiles li:last-child:nth-child(odd) { grid-column: 1 / -1 }
  .kicker span { display: block; margin: 0.1rem 0 0 }
  th, td { padding-right: 0.7rem } .matrix th { min-width: 8.5rem }
}
@page { margin: 14mm }
@media print {
  :root { --paper: #ffffff; --raised: #ffffff }
  #filter, nav, .skip { display: none } body { font-size: 9pt } main { max-width: none; padding: 0 } section { margin-top: 1.5rem } pre, .access .scroll { max-height: none } .access thead th, .access tbody th { position: static } .rule, .case, .cards li { break-inside: avoid-page }
}
`
