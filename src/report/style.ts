/** The report's style sheet: responsive, light or dark by the reader's system settings, with system fonts only. */
export const STYLE = `
:root { color-scheme: light dark; --bg: #fbfbfa; --card: #ffffff; --ink: #1d2126; --soft: #5b6570; --line: #dfe3e7;
  --train: #3069b3; --val: #e08a1e; --rest: #c3cad1; --ok: #1c7c4a; --bad: #b3261e; --warn: #8a5a00;
  --ok-bg: #e5f4ea; --bad-bg: #fbe9e7; --warn-bg: #fdf3dc; --own: #ffd400; --other: #35d0ff; --dropped: #ff3b6b; }
@media (prefers-color-scheme: dark) { :root { --bg: #14171a; --card: #1c2024; --ink: #e8eaed; --soft: #a2abb5; --line: #353b41;
  --train: #6ea3e8; --val: #f0a848; --rest: #4a525a; --ok: #7bd6a0; --bad: #ff9d94; --warn: #f0c060;
  --ok-bg: #16301f; --bad-bg: #3a1c1a; --warn-bg: #33280f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 1.25rem; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 .4rem; overflow-wrap: anywhere; }
h1 small { display: block; font-weight: 400; }
p { margin: .4rem 0; max-width: 46rem; }
.soft, figcaption, caption { color: var(--soft); font-size: .875rem; }
code, .path { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .85em; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 1rem 0; font-size: .875rem; }
a { color: var(--train); }
.dataset-check { border-left: .4rem solid; border-radius: .4rem; padding: .8rem 1rem; }
.dataset-check strong { font-size: 1.2rem; display: block; }
.dataset-check p { color: var(--ink); overflow-wrap: anywhere; }
.fit { background: var(--ok-bg); color: var(--ok); }
.unfit { background: var(--bad-bg); color: var(--bad); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1rem 0; padding: 0; }
.figures div { background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; }
.figures dt { color: var(--soft); font-size: .875rem; }
.figures dd { margin: 0; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.figures small { display: block; font-size: .8rem; font-weight: 400; color: var(--soft); }
.findings { list-style: none; margin: 0; padding: 0; display: grid; gap: .6rem; }
.findings > li { border-left: .25rem solid; border-radius: .3rem; padding: .5rem .8rem; }
.findings .error { background: var(--bad-bg); border-color: var(--bad); }
.findings .warning { background: var(--warn-bg); border-color: var(--warn); }
.findings h3 { margin: 0; font-size: .95rem; }
.error .severity { color: var(--bad); }
.warning .severity { color: var(--warn); }
.findings p { overflow-wrap: anywhere; }
details ul { margin: .3rem 0; padding-left: 1.2rem; font-size: .875rem; }
summary { cursor: pointer; font-size: .875rem; color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .4rem; }
th, td { text-align: left; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: 400; overflow-wrap: anywhere; }
thead th { color: var(--soft); font-size: .8rem; }
.n { text-align: right; white-space: nowrap; width: 5.5rem; }
td.wide, th.wide { width: 46%; }
.bar { display: flex; position: relative; height: .7rem; margin-top: .2rem; }
.bar i { display: block; height: 100%; }
.bar b { position: absolute; top: -.15rem; bottom: -.15rem; width: 2px; background: var(--ink); }
.stack { height: 1.4rem; border-radius: .3rem; overflow: hidden; margin: 1rem 0 .5rem; }
.train { background: var(--train); } .val { background: var(--val); } .rest { background: var(--rest); }
.s0 { background: var(--train); } .s1 { background: var(--val); } .s2 { background: #7a9cc6; } .s3 { background: #8d8fa8; }
.s4 { background: #a8788d; } .s5 { background: var(--rest); } .s6 { background: var(--dropped); }
.key { display: inline-block; width: .8rem; height: .8rem; border-radius: .15rem; margin-right: .4rem; vertical-align: -.05rem; }
.tag { font-size: .75rem; border: 1px solid var(--line); border-radius: .7rem; padding: 0 .5rem; margin-left: .4rem; color: var(--soft); white-space: nowrap; }
.charts { margin-bottom: 1.25rem; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1.5rem; }
.chart { width: 100%; height: auto; display: block; max-width: 28rem; }
.chart text { fill: var(--soft); font-size: 5px; }
.chart .axis { stroke: var(--line); stroke-width: .4; fill: none; }
.chart .mark { fill: var(--train); }
.spread { width: 100%; height: 1.1rem; display: block; }
.spread line { stroke: var(--soft); vector-effect: non-scaling-stroke; }
.spread rect { fill: var(--train); opacity: .55; }
.spread .median { stroke: var(--ink); stroke-width: 2px; }
.spread .limit { stroke: var(--dropped); stroke-dasharray: 3 2; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(9.5rem, 44vw), 1fr)); gap: .75rem; }
.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 1rem; }
.tag { background: none; }
.pair .whole { grid-column: 1 / -1; margin: 0; }
.pair .tag { color: var(--bad); border-color: currentColor; grid-column: 1 / -1; justify-self: start; margin: 0; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: .4rem; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .5rem; }
figure { margin: 0; min-width: 0; }
figcaption { font-size: .78rem; line-height: 1.3; margin-top: .25rem; overflow-wrap: anywhere; }
figcaption .path { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.picture, .gone { display: block; width: 100%; height: auto; aspect-ratio: 1; background: #22262b; border-radius: .3rem; }
.gone { display: grid; place-items: center; color: #a2abb5; font-size: .8rem; }
.picture path { fill: none; stroke-width: 2px; vector-effect: non-scaling-stroke; paint-order: stroke; filter: drop-shadow(0 0 1px #000); }
.own { stroke: var(--own); }
.other { stroke: var(--other); stroke-dasharray: 4 3; }
.dropped { stroke: var(--dropped); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; font-size: .875rem; color: var(--soft); margin: .4rem 0; }
.legend span::before { content: ""; display: inline-block; width: 1.1rem; height: .8rem; border: 2px solid; margin-right: .4rem; vertical-align: -.1rem; background: #22262b; }
.legend .k-own::before { border-color: var(--own); } .legend .k-other::before { border-color: var(--other); border-style: dashed; }
.legend .k-dropped::before { border-color: var(--dropped); }
.thumb { width: 6.5rem; }
.changed { font-weight: 600; }
@media (max-width: 40rem) { main { padding: .9rem; } .optional { display: none; } table { font-size: .875rem; } .n { width: auto; } td.wide, th.wide { width: 38%; } .thumb { width: 4.5rem; } th, td { padding-right: .4rem; } }
@media print { nav { display: none; } figure, .findings > li, tr { break-inside: avoid; } }
`;
