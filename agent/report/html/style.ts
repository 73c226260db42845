/** How the page looks: on paper, on light and dark screens. Colors of conditions are told apart by the color-blind too. */

const LIGHT = `
  --ink:#16202c; --soft:#5a6675; --line:#d5dbe2; --paper:#ffffff; --panel:#f5f7f9; --accent:#1c4f8c;
  --producing:#2c9b70; --idle:#bcc4cd; --starved:#8fc1e9; --blocked:#4877bf; --setup:#f0b43f;
  --engineering:#9a7bd0; --maintenance:#8d6e4e; --fault:#cf3f3d; --external-fault:#e48aa9; --off:#6c7580;
  --blind:#8b939d; --total:#33475f; --good:#2c9b70; --bad:#cf3f3d; --warn:#b97a00;`;

const DARK = `
  --ink:#e8edf2; --soft:#9aa7b5; --line:#35414e; --paper:#12181f; --panel:#1a222b; --accent:#8db9ee;
  --producing:#3dba88; --idle:#6a7480; --starved:#6ea9d8; --blocked:#6c97dd; --setup:#e2aa3b;
  --engineering:#ab8fe2; --maintenance:#b3906c; --fault:#ee6c68; --external-fault:#e795b1; --off:#4d5762;
  --blind:#8d97a3; --total:#8ea3bb; --good:#3dba88; --bad:#ee6c68; --warn:#e2aa3b;`;

export const CONDITION_CLASSES = [
  "producing",
  "idle",
  "starved",
  "blocked",
  "setup",
  "engineering",
  "maintenance",
  "fault",
  "external-fault",
  "off",
] as const;

const fills = CONDITION_CLASSES.map((name) => `.c-${name}{fill:var(--${name})}`).join("");

export const STYLE = `
:root{${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{margin:0;background:var(--paper);color:var(--ink);font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1060px;margin:0 auto;padding:28px 32px 40px}
header{display:flex;justify-content:space-between;gap:24px;align-items:flex-end;border-bottom:3px solid var(--accent);padding-bottom:12px;margin-bottom:18px}
header p{margin:0;color:var(--soft)}
.over{text-transform:uppercase;letter-spacing:.12em;font-size:11px;color:var(--accent);font-weight:600}
h1{font-size:25px;line-height:1.2;margin:2px 0 4px;font-weight:650}
h2{font-size:17px;margin:30px 0 8px;font-weight:650;break-after:avoid}
h3{font-size:13px;margin:16px 0 4px;color:var(--soft);font-weight:600;break-after:avoid}
.right{text-align:right;font-size:12px}
.tiles{display:grid;grid-template-columns:repeat(6,1fr);gap:10px}
.tile{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:10px 12px}
.tile b{display:block;font-size:22px;line-height:1.2;font-weight:650;font-variant-numeric:tabular-nums;white-space:nowrap}
.tile span{font-size:11.5px;color:var(--soft);display:block;font-variant-numeric:tabular-nums}
.tile .name{font-weight:600;color:var(--ink)}
.note{border-left:3px solid var(--warn);padding:2px 10px;margin:8px 0;font-size:12.5px}
svg{display:block;width:100%;height:auto;font-family:inherit}
svg text{fill:var(--ink);font-size:11px}
svg .soft{fill:var(--soft)}
svg .small{font-size:9.5px}
svg .strong{font-weight:650}
svg .end{text-anchor:end}
svg .mid{text-anchor:middle}
svg .grid{stroke:var(--line);stroke-width:.7}
svg .base{fill:var(--panel)}
${fills}
.c-unknown{fill:url(#blind)}
.l-total{fill:var(--total)} .l-good{fill:var(--good)} .l-plan{fill:var(--idle)} .l-unknown{fill:url(#blind)}
.l-breakdown{fill:var(--fault)} .l-setup{fill:var(--setup)} .l-other{fill:var(--blocked)} .l-minor{fill:var(--starved)}
.l-speed{fill:var(--engineering)} .l-defect{fill:var(--external-fault)} .l-start{fill:var(--maintenance)}
.s-scheduled{fill:var(--total)} .s-planned-stop{fill:var(--setup)} .s-no-demand{fill:var(--idle)}
.band{fill:var(--accent);opacity:.28} .tick{fill:var(--ink)} .target{fill:var(--good)} .minimum{fill:var(--bad)}
.connector{stroke:var(--soft);stroke-width:.7;stroke-dasharray:2 2}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:11.5px;color:var(--soft);margin:4px 0 0;padding:0;list-style:none}
.legend svg{display:inline-block;width:12px;height:12px;vertical-align:-2px;margin-right:5px}
.two{display:grid;grid-template-columns:1.15fr 1fr;gap:26px;align-items:start}
.two>*{min-width:0}
section.machine{border-top:1px solid var(--line);margin-top:26px}
table{border-collapse:collapse;width:100%;font-size:12.5px;font-variant-numeric:tabular-nums;margin:4px 0}
caption{text-align:left;color:var(--soft);font-weight:600;font-size:13px;padding:8px 0 3px}
th,td{padding:3px 8px 3px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th[scope=row]{font-weight:500}
thead th{color:var(--soft);font-weight:600;font-size:11.5px;vertical-align:bottom}
.sub{padding-left:1.4em;color:var(--soft);font-weight:400}
.n{white-space:nowrap;text-align:right;padding-right:0;padding-left:8px}
td small,th small{color:var(--soft);display:block;font-size:10.5px;white-space:nowrap}
.met{color:var(--good);font-weight:600} .missed{color:var(--bad);font-weight:600} .open{color:var(--warn);font-weight:600}
code{font:10.5px ui-monospace,"DejaVu Sans Mono",Menlo,monospace;overflow-wrap:anywhere}
footer{margin-top:30px;border-top:3px solid var(--accent);padding-top:4px;font-size:12px}
.sign{display:grid;grid-template-columns:1fr 1fr;gap:40px;margin-top:46px;break-inside:avoid}
.sign div{border-top:1px solid var(--ink);padding-top:4px;color:var(--soft)}
@page{size:A4;margin:14mm 13mm}
@media print{
  body{font-size:10.5px} main{max-width:none;padding:0} h1{font-size:20px} h2{margin-top:18px;font-size:14px}
  table{font-size:9.3px} .n{padding-left:5px} caption,h3{font-size:10.5px} thead th{font-size:8.6px;letter-spacing:-.01em} code{font-size:8px} .tile b{font-size:17px} .tile span{font-size:9px}
  .legend{font-size:9px} svg,tr,.tile,.keep{break-inside:avoid} section.machine{break-before:auto} td small,th small{font-size:8.5px}
}
@media screen and (max-width:760px){.tiles{grid-template-columns:repeat(2,1fr)} .two{grid-template-columns:1fr} header{display:block} .right{text-align:left} main{padding:16px} .wide{overflow-x:auto} .wide svg{min-width:600px}}
`;
