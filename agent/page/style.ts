/** The looks of the page: readable on a phone in the sun, by night, and without telling colors apart. */

export const STYLE = `
:root { color-scheme: light dark; --ink: #14181d; --paper: #f3f5f7; --card: #fff; --dim: #59636e; --line: #d5dae0; --good: #1a7f37; --bad: #c62828; --wait: #9a6700; --work: #0b5cad; --blind: #6e7781; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecf0; --paper: #0e1216; --card: #181e25; --dim: #9aa6b2; --line: #2c353f; --good: #4ac26b; --bad: #ff6b62; --wait: #d9a52c; --work: #5fa8f5; --blind: #8b96a1; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 0 12px 24px; max-width: 1100px; background: var(--paper); color: var(--ink); font: 17px/1.4 system-ui, sans-serif; }
h1 { font-size: 1.3rem; margin: 14px 0 6px; } h2 { font-size: 1rem; margin: 22px 0 8px; color: var(--dim); }
h3 { font-size: 1.1rem; margin: 0 0 4px; } small { color: var(--dim); font-weight: 400; } p { margin: 2px 0; overflow-wrap: anywhere; }
.cards { display: grid; gap: 10px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); }
.card { background: var(--card); border: 1px solid var(--line); border-left: 8px solid var(--blind); border-radius: 8px; padding: 10px 12px; overflow-wrap: anywhere; }
.state b { font-size: 1.15rem; display: inline-block; } .state b::first-letter { text-transform: uppercase; } footer { margin-top: 20px; } .since, .coverage, footer, .none { color: var(--dim); font-size: .9rem; }
.producing, .met, .on-track { border-left-color: var(--good); } .fault, .external-fault, .incident, .below-minimum { border-left-color: var(--bad); }
.idle, .starved, .blocked, .signal, .below-target, .at-risk { border-left-color: var(--wait); } .setup, .engineering, .maintenance { border-left-color: var(--work); }
.unknown, .indeterminate { border-left-style: dashed; }
.gauge { display: grid; grid-template-columns: 1fr auto; gap: 0 8px; margin-top: 8px; } .gauge svg { grid-column: 1 / 3; width: 100%; height: 10px; } .gauge small { grid-column: 1 / 3; }
svg .track { fill: var(--line); } svg .sure { fill: var(--work); } svg .band { fill: var(--blind); opacity: .5; } svg .value { fill: var(--ink); }
.limit.near { color: var(--wait); font-weight: 700; } .limit.missed { color: var(--bad); font-weight: 700; }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; } nav a { display: inline-block; color: var(--work); padding: 8px 0; } nav a::first-letter { text-transform: uppercase; }
.by { display: block; margin: 8px 0; } .by input { font: inherit; width: min(100%, 20em); padding: 10px; border: 1px solid var(--dim); border-radius: 8px; background: var(--card); color: inherit; }
.buttons { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; margin-top: 10px; }
button { font: inherit; font-weight: 700; min-height: 56px; border: 2px solid var(--work); border-radius: 8px; background: var(--card); color: var(--work); }
button:active { background: var(--work); color: var(--card); }
.notice { padding: 10px 12px; border-radius: 8px; border: 2px solid var(--good); } .notice.bad { border-color: var(--bad); } .notice span { display: block; } .notice span:first-child { font-weight: 700; }
#contact { padding: 10px 12px; border-radius: 8px; background: var(--bad); color: #fff; font-weight: 700; } .old { opacity: .45; }
`;
