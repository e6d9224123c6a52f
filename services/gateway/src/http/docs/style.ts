/** The page's whole style. Its hash is in the page's Content-Security-Policy. */
export const DOCS_STYLE = `
:root { color-scheme: light dark; --ink: #1d2430; --dim: #5b6575; --page: #fbfbfa; --panel: #fff; --line: #dfe3e8; --accent: #0b6e5f; --code: #f1f3f5; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ee; --dim: #9aa5b5; --page: #14181f; --panel: #1b212b; --line: #303846; --accent: #58c7b3; --code: #232b37; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 6rem; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.9rem; } h2 { margin: 2.75rem 0 .75rem; font-size: 1.3rem; text-transform: capitalize; }
h4 { margin: 1rem 0 .3rem; font-size: .8rem; letter-spacing: .04em; text-transform: uppercase; color: var(--dim); }
p { margin: .4rem 0; } a { color: var(--accent); } nav { margin: 1rem 0; } nav a { margin-right: 1rem; text-transform: capitalize; }
code { font: .88em/1.5 ui-monospace, "SF Mono", Menlo, monospace; } .dim { color: var(--dim); }
details { margin: .5rem 0; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); }
summary { padding: .6rem .9rem; cursor: pointer; display: flex; flex-wrap: wrap; gap: .35rem .75rem; align-items: baseline; }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 8px; }
details > div { padding: 0 .9rem 1rem; border-top: 1px solid var(--line); }
.method { font-weight: 700; color: var(--accent); min-width: 4.2rem; font-size: .85rem; text-transform: uppercase; }
.lock { margin-left: auto; font-size: .8rem; color: var(--dim); }
table { width: 100%; border-collapse: collapse; font-size: .93rem; } th { text-align: left; font-weight: 600; color: var(--dim); }
td, th { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; } td:first-child { white-space: nowrap; }
pre { margin: .3rem 0; padding: .7rem .9rem; overflow-x: auto; background: var(--code); border-radius: 6px; }
@media print { details { break-inside: avoid; } }
`;
