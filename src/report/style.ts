// Paper and ink, one colour for each arm (distinct to colour-blind readers, and never the only sign), figures in columns.

const hues = [
  ["#8a8578", "#a8a296"],
  ["#2f6db3", "#76aee8"],
  ["#b8630a", "#eda34f"],
  ["#0d7d5c", "#4cc79d"],
  ["#9a4593", "#d78fd0"],
  ["#8f3b32", "#e58d83"],
  ["#4f6a16", "#a6c55f"],
  ["#2c7587", "#6fc0d3"],
  ["#5a55b0", "#a7a3f0"],
  ["#a13a6b", "#ee93bb"],
  ["#7a6a12", "#d3c257"],
  ["#3d6b4f", "#8fc7a6"],
] as const;

const colours = (theme: 0 | 1) => hues.map((hue, index) => `--hue-${index}:${hue[theme]};`).join("");
const armClasses = hues.map((_, index) => `.arm-${index}{--arm:var(--hue-${index})}`).join("\n");
const heatClasses = Array.from(
  { length: 11 },
  (_, step) => `.heat-${step}{background:color-mix(in srgb,var(--heat) ${step * 6}%,transparent)}`,
).join("\n");

/** A cut edge of a wide table is shaded: the paper that covers the shade scrolls away with the table, and bares it. */
const edgeShade = (side: "left" | "right"): string =>
  [
    `linear-gradient(to ${side},transparent,var(--paper) 50%) ${side}/48px 100% no-repeat local`,
    `linear-gradient(to ${side},transparent,var(--shade)) ${side}/20px 100% no-repeat`,
  ].join();

export const styleSheet = `
:root{color-scheme:light dark;--paper:#faf8f4;--card:#fffefb;--ink:#1e2126;--soft:#5c5f66;--line:#e2ddd2;--grid:#e9e5dc;
--good:#0d7d5c;--bad:#b23a2e;--heat:#0d7d5c;--floor:#77726a;--shade:#1e212640;${colours(0)}}
@media (prefers-color-scheme:dark){:root{--paper:#15171b;--card:#1b1e23;--ink:#e9e6df;--soft:#a3a199;--line:#31353c;--grid:#2a2e34;
--good:#4cc79d;--bad:#ef8f83;--heat:#3fae88;--floor:#98938a;--shade:#ffffff38;${colours(1)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;
font-variant-numeric:tabular-nums;overflow-wrap:break-word}
.page-head,main{max-width:1120px;margin:0 auto;padding:0 24px}
.page-head{padding-top:36px}
main{padding-bottom:72px}
h1,h2{font-family:ui-serif,"Iowan Old Style","Palatino Linotype",Palatino,Georgia,"Noto Serif","DejaVu Serif",serif;font-weight:600;line-height:1.2;text-wrap:balance;letter-spacing:-.01em}
h1{font-size:clamp(1.5rem,1.1rem + 1.8vw,2.15rem);margin:2px 0 8px}
h2{font-size:1.45rem;margin:0 0 6px}
h3,h4{font-size:.82rem;margin:0 0 6px;letter-spacing:.02em}
h3{color:var(--soft);text-transform:uppercase;letter-spacing:.08em;font-size:.72rem}
p{margin:0 0 8px}
small{font-size:.76rem;color:var(--soft);font-weight:400}
section{margin-top:56px}
.brand{font-weight:700;letter-spacing:-.01em;margin:0}
.brand span{font-weight:400;color:var(--soft)}
.facts{color:var(--soft);font-size:.86rem;display:flex;flex-wrap:wrap;gap:2px 18px;margin:0}
.lead{color:var(--soft);font-size:.92rem;margin-bottom:14px}
.together{white-space:nowrap}
.fold h3{margin-top:20px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.verdict{--arm:var(--soft);background:var(--card);border:1px solid var(--line);border-top:5px solid var(--arm);border-radius:10px;padding:28px 32px 26px;margin-top:24px}
.verdict h2{font-size:clamp(1.55rem,1.1rem + 2.1vw,2.45rem);margin:10px 0 20px}
.verdict-top{display:grid;grid-template-columns:minmax(0,1.08fr) minmax(0,1fr);gap:24px 44px;align-items:start}
.columns{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:24px 44px;border-top:1px solid var(--line);margin-top:22px;padding-top:20px}
.verdict ul,.notes{margin:0;padding:0 0 0 18px;font-size:.95rem}
.verdict li,.notes li{margin-bottom:6px;padding-left:2px}
code{font-size:.9em}
li::marker{color:var(--soft)}
.notes{font-size:.9rem;color:var(--soft);margin-top:14px}
.eyebrow{display:flex;flex-wrap:wrap;gap:6px 14px;align-items:center;margin:0;font-size:.86rem;color:var(--soft)}
.confidence span{letter-spacing:.12em;color:var(--arm)}
.badge{display:inline-block;font-size:.72rem;font-weight:600;line-height:1.3;padding:2px 8px;border-radius:99px;border:1px solid currentColor;white-space:nowrap}
.good{color:var(--good)}.bad{color:var(--bad)}.plain{color:var(--soft)}
.verdict .eyebrow .badge.good{background:var(--good);color:var(--card);border-color:var(--good)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:34px 48px;margin-top:18px}
.chart{margin:0}
figcaption{font-size:.9rem;margin-bottom:10px;line-height:1.4}
figcaption span{color:var(--soft);font-size:.82rem;display:block}
.chart svg{display:block;width:100%;height:auto;overflow:visible;font-size:12.5px}
svg text{fill:var(--ink)}
svg .tick,svg .axis{fill:var(--soft);font-size:11px}
svg .name{font-weight:600}
svg .value{font-weight:600;paint-order:stroke;stroke:var(--card);stroke-width:5px;stroke-linejoin:round}
svg .coloured{fill:var(--arm)}
svg .grid{stroke:var(--grid);stroke-width:1}
svg .zero{stroke:var(--soft);stroke-width:1}
svg .floor-line{stroke:var(--floor);stroke-width:1.2;stroke-dasharray:3 4}
svg .floor .name{font-weight:400;fill:var(--soft)}
.floor{--arm:var(--floor)}
svg .bar{fill:var(--arm);opacity:.28}
svg .solid{fill:var(--arm)}
svg .whisker{stroke:var(--arm);stroke-width:1.8;fill:none}
svg .leader{stroke:var(--arm);stroke-width:1;opacity:.55;fill:none}
svg .dot{fill:var(--arm)}
svg .training{fill:var(--card);stroke:var(--arm);stroke-width:1.4}
svg .ring{fill:var(--paper);stroke:var(--arm);stroke-width:1.8}
svg .band{fill:var(--arm);opacity:.14}
svg .trace{fill:none;stroke:var(--arm);stroke-linejoin:round}
svg .trace.faint{stroke-width:1.2;opacity:.5}
svg .trace.strong{stroke-width:2.4}
svg .trace.general{stroke-width:1.4;stroke-dasharray:4 3}
svg g.faint{opacity:.6}
svg.forest{width:160px;height:20px;display:block;--arm:var(--soft)}
.significant svg.forest{--arm:var(--good)}
.scroll{overflow-x:auto;margin:14px -24px 0;padding:0 24px;background:${edgeShade("left")},${edgeShade("right")}}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:.9rem}
th,td{padding:8px 12px;text-align:right;border-bottom:1px solid var(--line);vertical-align:top;font-weight:400}
th[scope=row],th[scope=rowgroup]{text-align:left}
td small,th small{display:block;line-height:1.35}
thead th{font-weight:650;vertical-align:bottom;white-space:nowrap}
.figures thead th small{max-width:18ch;overflow-wrap:anywhere;white-space:normal;margin-left:auto}
.figures thead th{border-bottom:3px solid var(--arm,var(--line))}
.figures th[scope=row]{min-width:150px;padding-left:0}
.figures td{white-space:nowrap}
.figures thead .floor{font-weight:400}
.figures .floor{color:var(--soft)}
.figures .group th{padding:22px 0 5px;font-size:.72rem;text-transform:uppercase;letter-spacing:.08em;color:var(--soft);font-weight:600}
.best{font-weight:700}
.best::before{content:"★";font-size:.7em;color:var(--good);margin-right:5px;vertical-align:.15em}
.failed{color:var(--bad);font-style:italic}
.failure{border-left:3px solid var(--bad);padding:4px 14px;margin-top:16px;font-size:.92rem}
.heat{width:auto;min-width:min(100%,560px)}
.heat td{text-align:center;border:3px solid var(--paper);border-radius:8px;padding:9px 16px;font-weight:600}
.heat td small{color:inherit;opacity:.82}
.heat thead th{text-align:center;border:0}
.heat th[scope=row]{white-space:nowrap;border:0;padding-left:0;font-weight:600;vertical-align:middle}
.heat th.floor{font-weight:400;color:var(--soft)}
.tests th[scope=row]{padding-left:0;font-weight:600}
.tests th span{font-weight:400;color:var(--soft)}
.tests td,.tests th{vertical-align:middle;white-space:nowrap}
.tests .group th{padding-left:0;padding-top:20px;font-size:.72rem;text-transform:uppercase;letter-spacing:.08em;color:var(--soft)}
.tests thead th:first-child{text-align:left;padding-left:0}
.filters{display:flex;flex-wrap:wrap;gap:10px 18px;align-items:end;margin:14px 0 16px;font-size:.84rem;color:var(--soft)}
.filters[hidden],.question[hidden]{display:none}
.filters label{display:grid;gap:3px}
.filters .grow{flex:1 1 180px}
.filters output{padding-bottom:8px}
select,input{font:inherit;font-size:.95rem;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:7px;padding:7px 10px;width:100%;min-height:40px}
:focus-visible{outline:2px solid var(--hue-1);outline-offset:2px}
.questions{border-top:1px solid var(--line)}
.question{border-bottom:1px solid var(--line);content-visibility:auto;contain-intrinsic-size:auto 48px}
summary{display:flex;gap:16px;justify-content:space-between;align-items:baseline;padding:11px 2px;cursor:pointer;list-style:none}
summary::-webkit-details-marker{display:none}
summary:hover .asked{text-decoration:underline;text-underline-offset:3px;text-decoration-thickness:1px}
details[open] summary .asked{font-weight:650}
.fold>summary{justify-content:flex-start;gap:10px;padding:0}
.fold>summary::before{content:"▸";color:var(--soft)}
.fold[open]>summary::before{content:"▾"}
.marks{display:flex;gap:5px;flex:none}
.mark{display:inline-grid;place-items:center;width:22px;height:22px;border-radius:6px;font-size:.74rem;font-weight:700;border:1.5px solid var(--arm);color:var(--arm)}
.mark.right{background:var(--arm);color:var(--paper)}
.mark.wrong{opacity:.55}
.gold{border-left:4px solid var(--good);padding:2px 0 2px 14px;margin:4px 0 16px}
.gold p,.said{white-space:pre-wrap;margin:0 0 4px}
.answers{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:12px}
.answer{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--arm);border-radius:8px;padding:11px 14px}
.answer h4{display:flex;gap:8px;align-items:center}
.answer .meta:last-child{margin:0}
.meta{font-size:.78rem;color:var(--soft);margin:0 0 4px}
.citations{list-style:none;padding:0;margin:0 0 6px;font-size:.82rem}
.citations .right::before{content:"✓ ";color:var(--good);font-weight:700}
.citations .wrong::before{content:"✗ ";color:var(--bad);font-weight:700}
.floors{list-style:none;padding:0;margin:12px 0 0;font-size:.85rem;color:var(--soft)}
.floors b{font-weight:600;color:var(--ink)}
.passages-head{margin-top:16px}
.passages{padding-left:22px;margin:0 0 20px;font-size:.9rem}
.passages p{margin:0 0 8px}
.earlier{font-size:.9rem;color:var(--soft);margin:0 0 6px}
${armClasses}
${heatClasses}
@media (max-width:760px){
.chart svg{font-size:16px}
svg .tick,svg .axis{font-size:14px}
.page-head,main{padding-left:16px;padding-right:16px}
.page-head{padding-top:20px}
section{margin-top:42px}
.verdict{padding:18px 16px;border-radius:8px}
.verdict-top,.columns{grid-template-columns:minmax(0,1fr)}
.scroll{margin:12px -16px 0 0;padding:0 16px 0 0;background:${edgeShade("right")}}
.figures thead td,.heat thead td,.figures th[scope=row],.heat th[scope=row],.tests th[scope=row]{position:sticky;left:0;background:var(--paper);z-index:1}
.figures th[scope=row]{min-width:132px;max-width:132px}
.figures th[scope=row] small{display:none}
.tests th[scope=row]{white-space:normal;min-width:112px}
th,td{padding:7px 9px}
.question>summary{flex-direction:column;gap:6px}
.filters label{flex:1 1 40%}
}
@media print{.filters{display:none!important}.question{content-visibility:visible}body{background:#fff}}
`;
