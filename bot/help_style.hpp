#pragma once

namespace wasl::bot {

/// The style sheet of the help centre: both directions, light and dark, phone and desk.
inline constexpr const char* kHelpStyle = R"css(:root { color-scheme: light dark;
  --page: #ffffff; --soft: #f2f5f4; --ink: #1a2220; --dim: #4c5a57; --edge: #c9d3d0; --link: #0b6156;
  --mark: #0e7466; --on-mark: #ffffff; }
@media (prefers-color-scheme: dark) { :root {
  --page: #131817; --soft: #1e2523; --ink: #e6ecea; --dim: #aebbb7; --edge: #3b4744; --link: #6fd6c4;
  --mark: #7cdccb; --on-mark: #0c1513; } }
* { box-sizing: border-box; }
html { background: var(--page); color: var(--ink); font: 1.0625rem/1.65 system-ui, sans-serif;
  -webkit-text-size-adjust: 100%; }
html:lang(ar) { line-height: 1.8; }
body { margin: 0 auto; padding: 0 1.25rem 3rem; max-width: 46rem; overflow-wrap: break-word; }
a { color: var(--link); text-underline-offset: .2em; }
a:focus-visible, input:focus-visible, button:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; inset-inline-start: -100vw; }
.skip:focus { inset-inline-start: 1rem; top: .5rem; background: var(--page); padding: .5rem; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center;
  gap: .25rem 1rem; padding-block: 1rem; border-block-end: 1px solid var(--edge); }
header a { display: inline-block; padding-block: .35rem; }
.brand { font-weight: 700; color: var(--ink); text-decoration: none; }
form { display: flex; gap: .5rem; margin-block: 1.25rem; }
input { flex: 1; min-width: 0; font: inherit; line-height: 1.4; color: inherit; background: var(--page);
  border: 1px solid var(--dim); border-radius: .5rem; padding: .55rem .8rem; }
button { font: inherit; line-height: 1.4; font-weight: 600; color: var(--on-mark); background: var(--mark);
  border: 1px solid var(--mark); border-radius: .5rem; padding: .55rem 1.1rem; cursor: pointer; }
.crumbs { font-size: .95rem; color: var(--dim); }
.crumbs ol { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem; margin: 0; padding: 0; }
.crumbs li + li::before { content: "/"; margin-inline-end: .4rem; color: var(--dim); }
h1 { font-size: 1.7rem; line-height: 1.3; margin: .6rem 0 1rem; }
h2 { font-size: 1.25rem; line-height: 1.4; margin: 2rem 0 .5rem; }
h3, h4, h5, h6 { font-size: 1.05rem; margin: 1.5rem 0 .4rem; }
p, ul, ol, blockquote, pre { margin: .7rem 0; }
ul, ol { padding-inline-start: 1.5rem; }
blockquote { margin-inline: 0; padding-inline-start: 1rem; border-inline-start: 3px solid var(--edge); color: var(--dim); }
pre { overflow-x: auto; background: var(--soft); padding: .8rem; border-radius: .5rem; }
code { background: var(--soft); padding: .1em .3em; border-radius: .25rem; }
pre code { padding: 0; }
hr { border: 0; border-block-start: 1px solid var(--edge); margin: 1.5rem 0; }
.articles { list-style: none; padding: 0; margin: 1rem 0; }
.articles li { padding-block: .9rem; border-block-end: 1px solid var(--edge); }
.articles a { font-weight: 600; font-size: 1.1rem; }
.articles p { margin: .2rem 0 0; color: var(--dim); }
.dim, footer { color: var(--dim); font-size: .95rem; }
footer { margin-block-start: 2.5rem; padding-block-start: 1rem; border-block-start: 1px solid var(--edge); }
@media print { form, header nav, footer { display: none; } }
)css";

}  // namespace wasl::bot
