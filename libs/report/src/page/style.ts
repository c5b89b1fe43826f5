/**
 * @file The page's only stylesheet, inline. Colours are variables with a light and a dark value; print is light. Blue and
 * orange stay apart under all common colour blindness (after Okabe and Ito 2008), and no mark differs by colour alone.
 */
import { Markup } from '../markup/html.js';

const LIGHT = `--paper:#fbfaf7;--surface:#fff;--ink:#1d2226;--muted:#5d666e;--line:#dcdad3;--faint:#f1efe9;--blue:#0a62a6;
--orange:#b8500a;--alarm:#a3260f;--alarm-paper:#fcefe9;`;

const DARK = `--paper:#15181b;--surface:#1b1f23;--ink:#e4e6e8;--muted:#9ba5ae;--line:#343b42;--faint:#22272c;--blue:#6fb4ec;
--orange:#f09a5b;--alarm:#ff9b85;--alarm-paper:#34201b;`;

const RULES = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;color-scheme:light dark}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main{max-width:64rem;margin:0 auto;padding:3rem 1.5rem 2rem}
h1,h2,.headline{font-family:"Iowan Old Style","Palatino Linotype",Palatino,Charter,Georgia,"Liberation Serif",serif;font-weight:600;text-wrap:balance}
h1{font-size:clamp(1.9rem,1.2rem + 2.6vw,2.9rem);line-height:1.12;margin:.2rem 0 1.1rem;overflow-wrap:anywhere}
h2{font-size:1.6rem;line-height:1.2;margin:0 0 .5rem}
h3{font-size:.95rem;margin:0 0 .6rem}
small{font-weight:400;color:var(--muted);font-size:.8rem}
p{margin:0 0 1rem}
sub{line-height:0}
.eyebrow{text-transform:uppercase;letter-spacing:.09em;font-size:.75rem;color:var(--muted);margin:0}
.headline{font-size:clamp(1.15rem,1rem + .7vw,1.45rem);line-height:1.42;font-weight:400;max-width:50rem;text-wrap:pretty}
.headline strong{font-weight:600;color:var(--blue)}
.facts{color:var(--muted);font-size:.85rem;overflow-wrap:anywhere}
.lead{max-width:46rem;margin-bottom:1.4rem}
.note{max-width:46rem;font-size:.85rem;color:var(--muted);line-height:1.5}
.absent{color:var(--muted);font-style:italic}
section{border-top:1px solid var(--line);padding-top:2rem;margin-top:3rem}
.warnings{list-style:none;margin:1.2rem 0;padding:.7rem 1rem;background:var(--alarm-paper);border-left:3px solid var(--alarm);border-radius:0 4px 4px 0;font-size:.92rem}
.warnings li+li{margin-top:.35rem}
.alarm{color:var(--alarm)}
.tiles{display:grid;grid-template-columns:repeat(3,1fr);gap:1px;margin:1.8rem 0 0;background:var(--surface);border:1px solid var(--line);border-radius:6px;overflow:hidden}
.tiles div{box-shadow:0 0 0 1px var(--line);padding:.8rem 1rem}
.tiles dt{font-size:.8rem;color:var(--muted);overflow-wrap:anywhere}
.tiles dd{margin:0}
.tiles b{display:block;font-size:1.3rem;font-weight:600;font-variant-numeric:tabular-nums;line-height:1.5;white-space:nowrap}
.tiles small{display:block;line-height:1.35}
.arrow{color:var(--muted);font-weight:400}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,25rem),1fr));gap:2rem;align-items:start;margin:1.4rem 0}
figure{margin:1.4rem 0;max-width:32rem;min-width:0}
.columns figure{margin:0}
.small{display:flex;flex-wrap:wrap;gap:1.6rem 2rem;margin:1.6rem 0 .4rem}
.small figure{margin:0;flex:1 1 17rem;max-width:23rem}
.beside{max-width:none;display:grid;grid-template-columns:minmax(0,32rem) minmax(0,1fr);gap:0 2.4rem}
.beside h3{grid-column:1/-1}
.beside figcaption{align-self:center;margin:0}
figcaption{font-size:.85rem;color:var(--muted);line-height:1.5;margin-top:.5rem}
svg{--plot-background:var(--paper);width:100%;height:auto;overflow:visible;font-family:inherit;font-size:12px}
.table{overflow-x:auto;margin:0 0 1.2rem;max-width:100%;min-width:0}
table{border-collapse:collapse;font-size:.88rem;font-variant-numeric:tabular-nums;min-width:100%}
th,td{padding:.4rem .7rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap;vertical-align:baseline}
th:first-child{text-align:left;padding-left:0;position:sticky;left:0;background:var(--paper)}
td:last-child,th:last-child{padding-right:0}
thead th{font-weight:500;color:var(--muted);font-size:.8rem;border-bottom-color:var(--muted)}
tbody th{font-weight:500}
.meter{height:.7rem;max-width:32rem;background:var(--line);border-radius:4px;overflow:hidden;margin:0 0 1.6rem}
.meter span{display:block;height:100%;background:var(--blue)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;padding:0;margin:2rem 0 0;font-size:.85rem;color:var(--muted)}
.legend i{display:inline-block;margin-right:.45rem}
.legend .dot{width:.55rem;height:.55rem;border-radius:50%;background:var(--blue)}
.legend .tick{width:2px;height:.8rem;vertical-align:-.1rem;background:var(--muted)}
.legend .orange{background:var(--orange)}
.sample{border:1px solid var(--line);border-radius:6px;background:var(--surface);margin:0 0 1.1rem;overflow:hidden}
.prompt{margin:0;padding:.6rem 1rem;background:var(--faint);border-bottom:1px solid var(--line);font-style:italic}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr))}
.sides>div{padding:.8rem 1rem;min-width:0}
.sides h3{color:var(--muted);font-weight:500;font-size:.8rem;margin:0 0 .3rem}
.sides p{margin:0 0 .5rem;overflow-wrap:anywhere;white-space:pre-wrap}
.sides p span{display:inline-block;min-width:4.4rem;color:var(--muted);font-size:.75rem}
.greedy{color:var(--muted)}
.prompt{white-space:pre-wrap;overflow-wrap:anywhere}
code{font:.85em/1.5 ui-monospace,SFMono-Regular,Menlo,"Liberation Mono",monospace}
.digests td,.digests th{text-align:left}
details{margin:1.2rem 0}
summary{cursor:pointer;font-size:.95rem;font-weight:600}
pre{background:var(--surface);border:1px solid var(--line);border-radius:6px;padding:1rem;overflow:auto;max-height:30rem;font-size:.9rem}
footer{border-top:1px solid var(--line);margin-top:3rem;padding-top:1rem;color:var(--muted);font-size:.82rem}
a{color:var(--blue)}
:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
@media (max-width:40rem){
main{padding:1.6rem 1rem}
.tiles{grid-template-columns:1fr 1fr}
.beside{grid-template-columns:minmax(0,1fr)}
.beside figcaption{margin-top:.5rem}
.tiles div{padding:.7rem .75rem}
.tiles b{font-size:1.08rem}
th,td{padding:.4rem .42rem}
th small{display:block}
section{margin-top:2.2rem;padding-top:1.6rem}
}
@media print{
main{max-width:none;padding:0}
body{font-size:10pt}
figure,.sample,tr,.tiles{break-inside:avoid}
h2,h3{break-after:avoid}
.table{overflow:visible}
pre{white-space:pre-wrap;overflow-wrap:anywhere;max-height:none}
}
`;

/** The stylesheet. */
export const STYLE = new Markup(`
:root{${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
${RULES}`);
