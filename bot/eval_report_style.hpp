#pragma once

namespace wasl::bot {

/// The style sheet of `wasl eval --report`.  Pictures take their colours from here.
inline constexpr const char* kEvalReportStyle = R"css(
:root { color-scheme: light dark;
  --page: #ffffff; --card: #f3f5f7; --ink: #1b1f24; --dim: #4d5661; --edge: #cfd6dd;
  --blue: #1257a8; --orange: #b04a00; --green: #1a6b3c; --band: #7a5ea8; }
@media (prefers-color-scheme: dark) { :root {
  --page: #14171a; --card: #20252a; --ink: #e8ebee; --dim: #b3bcc5; --edge: #434b54;
  --blue: #7db7ff; --orange: #ffab66; --green: #74d69a; --band: #c3a8f0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 70rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .4rem; }
h3 { font-size: 1rem; margin: 1rem 0 .3rem; }
p { margin: .4rem 0; max-width: 46rem; }
.dim { color: var(--dim); }
.cards { display: grid; gap: .7rem; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); padding: 0; }
.cards > div { background: var(--card); border-radius: .5rem; padding: .7rem .9rem; margin: 0; }
.cards dt { font-weight: 600; }
.cards dd { margin: 0; color: var(--dim); font-size: .9rem; }
.cards dd.figure { color: var(--ink); font-size: 1.6rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.pair-of-charts { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
figure { margin: .5rem 0; }
figcaption { font-size: .9rem; color: var(--dim); }
.wide { overflow-x: auto; }
.wide:focus-visible, summary:focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .7rem .2rem 0; text-align: end; border-bottom: 1px solid var(--edge); white-space: nowrap; }
th:first-child, td:first-child { text-align: start; }
summary { cursor: pointer; padding: .3rem 0; }
.confused { padding: 0; list-style: none; display: grid; gap: .6rem; align-items: start;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); }
.confused > li { min-width: 0; padding: .4rem .9rem; background: var(--card); border-radius: .5rem; }
.confused ul { margin: .3rem 0 0; padding: 0; list-style: none; }
.confused ul li { padding: .1rem .6rem; border-inline-start: 3px solid var(--edge); margin: .2rem 0; }
svg { display: block; font: 11px system-ui, sans-serif; }
svg text { fill: var(--ink); }
svg .mark { fill: var(--dim); }
.chart { width: 100%; max-width: 34rem; height: auto; }
.grid { stroke: var(--edge); }
.ideal { stroke: var(--dim); stroke-dasharray: 2 4; }
.line { fill: none; stroke-width: 2.5; }
.acted { stroke: var(--blue); } .wrong.line { stroke: var(--orange); stroke-dasharray: 7 3; }
.caught { stroke: var(--green); stroke-dasharray: 2 3; }
.dot { fill: var(--blue); } .count { fill: var(--dim); fill-opacity: .35; }
.chosen { fill: var(--band); fill-opacity: .55; }
.ground { fill: var(--card); }
rect.right { fill: var(--blue); } rect.wrong { fill: var(--orange); }
.key { display: inline-block; width: 2rem; height: 0; border-top: 3px solid; vertical-align: middle; margin-inline-end: .3rem; }
.key.acted { border-color: var(--blue); } .key.wrong { border-color: var(--orange); border-top-style: dashed; }
.key.caught { border-color: var(--green); border-top-style: dotted; }
.key.bar { border-color: var(--band); border-top-width: 9px; width: .6rem; }
)css";

}  // namespace wasl::bot
