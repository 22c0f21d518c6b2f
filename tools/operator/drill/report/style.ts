import { Html } from './html.ts';

/** Light and dark as the reader's system has it; on paper always light. */
export const STYLE = new Html(`
:root { --ink: #1b2126; --dim: #57616a; --paper: #f4f6f7; --card: #fff; --line: #d9dfe3; --good: #136c34; --warn: #8a5300; --bad: #b3261e; --accent: #1b5fa8;
  --ok-bar: #9cc3a9; --slow-bar: #e0ad4c; --failed-bar: #cf4a41; --range: #c5d8ec; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e4e8eb; --dim: #9aa5ae; --paper: #111517; --card: #1a1f23; --line: #323a41; --good: #6fce8f; --warn: #e8b04f; --bad: #ff8a80; --accent: #8ab8ea;
    --ok-bar: #3f7a54; --slow-bar: #c9963a; --failed-bar: #e0655c; --range: #2f4a66; }
}
* { box-sizing: border-box; }
html { color-scheme: light dark; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1rem 3rem; background: var(--paper); color: var(--ink); font: 0.9375rem/1.5 system-ui, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 0.25rem; }
h2 { font-size: 1.1875rem; margin: 0 0 0.25rem; display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: center; }
h3 { font-size: 0.9375rem; margin: 1.25rem 0 0.375rem; }
p { margin: 0.25rem 0 0.5rem; }
.dim { color: var(--dim); fill: var(--dim); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.25rem; margin: 1rem 0; }
.verdict { font-size: 0.8125rem; font-weight: 600; border: 1px solid currentColor; border-radius: 999px; padding: 0.0625rem 0.625rem; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.warn { color: var(--warn); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; font-size: 0.8125rem; color: var(--dim); }
td.number, th.number { text-align: right; }
td.number, td.short { white-space: nowrap; }
a { color: var(--accent); }
.wide { overflow-x: auto; }
.wide > * { min-width: 40rem; }
ul { margin: 0.25rem 0; padding-left: 1.25rem; }
ul.plain { list-style: none; padding: 0; }
ul.plain li { padding: 0.125rem 0 0.125rem 1.5rem; text-indent: -1.5rem; }
ul.plain li > * { text-indent: 0; }
.sign { display: inline-block; width: 1.5rem; font-weight: 700; }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.875em; overflow-wrap: anywhere; }
.chart { display: block; width: 100%; height: auto; }
.chart text { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: var(--ink); }
.chart .tick { font-size: 11px; fill: var(--dim); }
.chart tspan.dim { fill: var(--dim); }
.axis { stroke: var(--line); }
.ok { fill: var(--ok-bar); } .slow { fill: var(--slow-bar); } .failed { fill: var(--failed-bar); }
.range { fill: var(--range); } .point { fill: var(--accent); } .late { fill: var(--bad); }
.mark { stroke: var(--dim); stroke-dasharray: 2 3; } .mark.fault { stroke: var(--bad); } .mark.recovery, .mark.end { stroke: var(--good); }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; font-size: 0.8125rem; color: var(--dim); }
.legend i { display: inline-block; width: 0.75rem; height: 0.75rem; border-radius: 2px; margin-right: 0.375rem; vertical-align: -1px; }
.legend .ok { background: var(--ok-bar); } .legend .slow { background: var(--slow-bar); } .legend .failed { background: var(--failed-bar); } .legend .range { background: var(--range); }
@media print {
  html { color-scheme: light; }
  body { max-width: none; padding: 0; background: #fff; font-size: 10pt; }
  .card { border-radius: 0; break-inside: auto; padding: 0.5rem 0; border-width: 1px 0 0; }
  .card.scenario { break-before: page; }
  .wide { overflow: visible; } .wide > * { min-width: 0; }
  svg, tr, li, h3 { break-inside: avoid; } h2, h3 { break-after: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`);
