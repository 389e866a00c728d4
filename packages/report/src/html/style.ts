/** How a page looks, by day and by night; agents have a hue each, which the lanes they hold take on. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1b1f24; --dim: #656d76; --line: #d0d7de; --shade: #f6f8fa; --now: #fff3bf;
  --good: #116329; --good-paper: #dafbe1; --bad: #a40e26; --bad-paper: #ffebe9; --odd: #7a4d00; --odd-paper: #fff1d0;
  --lane: 85%;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0d1117; --ink: #e6edf3; --dim: #8d96a0; --line: #30363d; --shade: #161b22; --now: #4b3d00;
    --good: #7ee787; --good-paper: #12301c; --bad: #ffa198; --bad-paper: #431a1c; --odd: #f2cc60; --odd-paper: #3a2d0c;
    --lane: 27%;
  }
}
body { margin: 2rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; } h3 { font-size: 1rem; margin: 1.5rem 0 .3rem; }
a { color: inherit; }
code, pre, .run table { font: 12.5px/1.5 ui-monospace, monospace; }
pre { white-space: pre-wrap; color: var(--dim); margin: .3rem 0; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .15rem .6rem; unicode-bidi: isolate; overflow-wrap: anywhere; }
.matrix th, .matrix td { border: 1px solid var(--line); padding: .5rem .8rem; }
.matrix small { display: block; color: var(--dim); }
.verdict { font-weight: 600; }
.holds { color: var(--good); background: var(--good-paper); }
.violated { color: var(--bad); background: var(--bad-paper); }
.vacuous, .incomplete { color: var(--odd); background: var(--odd-paper); }
h2 .verdict { padding: .1rem .5rem; border-radius: .3rem; font-size: 1rem; }
.mutants { margin: .6rem 0; }
.mutants th, .mutants td { border: 1px solid var(--line); }
.killed { color: var(--good); } .survived { color: var(--bad); } .undecided { color: var(--odd); } .idle { color: var(--dim); }
.run { border: 1px solid var(--line); border-radius: .4rem; margin: .6rem 0; padding: .4rem .8rem; }
.run summary { cursor: pointer; overflow-wrap: anywhere; }
.token { display: flex; gap: .6rem; align-items: start; margin: .6rem 0; }
.command { overflow: auto; max-height: 4.5em; overflow-wrap: anywhere; user-select: all; background: var(--shade); padding: .2rem .5rem; flex: 1; }
.bar { display: flex; gap: 1.5rem; align-items: center; margin-bottom: .4rem; }
.buttons { order: -1; display: flex; gap: .3rem; }
button { font: inherit; color: inherit; background: var(--shade); border: 1px solid var(--line); border-radius: .3rem; padding: .1rem .7rem; cursor: pointer; }
.panes { display: flex; gap: 1rem; align-items: start; }
.steps { flex: 1; overflow: auto; max-height: 75vh; }
.steps table { width: 100%; }
thead th { position: sticky; top: 0; background: var(--shade); white-space: nowrap; z-index: 1; }
tbody tr { scroll-margin: 2.5rem 0 .5rem; border-top: 1px solid var(--shade); }
td.did, .lane { white-space: nowrap; }
.local .did { color: var(--dim); }
.fault .did { color: var(--bad); font-weight: 600; }
.mark td { font-weight: 600; }
.broken td { color: var(--bad); background: var(--bad-paper); font-weight: 600; }
.changes { color: var(--dim); min-width: 18rem; }
.changes span { display: inline-block; margin-right: .8rem; }
.changes b { color: var(--ink); font-weight: 400; }
.hide-local:checked ~ * .local { display: none; }
tr[aria-current] > :not(.held) { background: var(--now); }
.live .changes, .live thead th:last-child { display: none; }
aside { width: 30rem; flex: none; overflow: auto; max-height: 75vh; background: var(--shade); }
aside .where { margin: 0; padding: .3rem .6rem; font: 12.5px/1.5 ui-monospace, monospace; }
aside th { font-weight: 400; color: var(--dim); white-space: nowrap; }
aside table { width: 100%; }
aside .changed { background: var(--now); }
aside .changed th { color: var(--ink); }
${[0, 1, 2, 3, 4, 5, 6, 7].map((agent) => `.a${agent} { background: hsl(${(210 + agent * 137) % 360} 70% var(--lane)); }`).join('\n')}
@media (max-width: 60rem) { .panes { flex-direction: column; } .steps, aside { width: 100%; } }
`;
