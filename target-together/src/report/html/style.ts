/** The page's only style sheet. Its hash stands in the content security policy, so no style attribute is used anywhere. */
export const style = `
:root{color-scheme:light;--bg:#fcfcfa;--ink:#1b1d1f;--soft:#575d64;--rule:#deded8;--wash:#f2f2ee;--accent:#0a5c9e;--accent-wash:#dbe8f3;--signal:#a8320f;
--serif:Charter,"Bitstream Charter","Sitka Text",Cambria,Georgia,"Liberation Serif",serif;--sans:ui-sans-serif,system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans",sans-serif;--mono:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--bg:#131619;--ink:#e6e8ea;--soft:#a2aab2;--rule:#2d3338;--wash:#1b1f23;--accent:#7db9f0;--accent-wash:#1b3349;--signal:#ff9a76}}
*{box-sizing:border-box}
html{font:16px/1.55 var(--sans);background:var(--bg);color:var(--ink);scroll-padding-top:7.5rem;-webkit-text-size-adjust:100%}
body{margin:0;overflow-wrap:break-word}
.page{display:grid;grid-template-columns:minmax(0,1fr);max-width:78rem;margin:0 auto;padding:2.5rem 1.5rem 6rem}
@media (min-width:68rem){.page{grid-template-columns:12rem minmax(0,1fr);column-gap:4rem}header,footer{grid-column:2}nav{grid-column:1;grid-row:1/span 3;position:sticky;top:2.5rem;align-self:start}}
.skip{position:absolute;left:-100rem}.skip:focus{left:1rem;top:1rem;background:var(--bg);padding:.5rem 1rem;z-index:2}
a{color:var(--accent);text-underline-offset:.2em}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
nav ul{list-style:none;margin:0;padding:0;font-size:.875rem;line-height:1.3}
nav li{margin:.55rem 0;display:flex;justify-content:space-between;gap:.5rem}
nav a{color:var(--soft);text-decoration:none}nav a:hover{color:var(--accent);text-decoration:underline}
nav .n{color:var(--soft);font-variant-numeric:tabular-nums}
@media (max-width:67.99rem){nav{display:none}}
.eyebrow{margin:0 0 1.25rem;color:var(--soft);font-size:.875rem;display:flex;flex-wrap:wrap;gap:.25rem 1.5rem}
h1{font:600 2rem/1.25 var(--serif);letter-spacing:-.01em;margin:0 0 1rem;max-width:44rem;text-wrap:pretty}
h1 .sign{display:inline-block;margin-right:.35em;color:var(--accent)}
.stop h1 .sign,.failed h1 .sign{color:var(--signal)}
.next{margin:0 0 1.5rem;padding:0 0 0 1.1rem;border-left:3px solid var(--accent);max-width:44rem;list-style:none}
.stop .next,.failed .next{border-color:var(--signal)}
.next li{margin:.3rem 0;overflow-wrap:anywhere}.next .scroll{display:block;background:var(--wash);padding:.25rem .5rem;border-radius:3px;margin:.2rem 0 .4rem}.next code{white-space:pre}
.figures{display:flex;flex-wrap:wrap;margin:0;padding:0;border-bottom:1px solid var(--rule)}h1~.figures{border-top:1px solid var(--rule);margin-top:2rem}.figures~.figures{border-top:0!important;margin-top:0!important}
.figures div{flex:1 0 6.5rem;padding:.9rem 1.25rem .8rem 0}
.figures dt{color:var(--soft);font-size:.8125rem}
.figures dd{margin:0;font:600 1.5rem/1.2 var(--serif);font-variant-numeric:tabular-nums lining-nums}.figures~.figures dd{font-size:1.125rem}
.sum{color:var(--soft);font-size:.875rem;margin:.6rem 0 0}
section{margin-top:4rem}
h2{font:600 1.375rem/1.3 var(--serif);margin:0 0 .35rem}
h3{font:600 1rem/1.4 var(--sans);margin:2rem 0 .5rem}
.lead{margin:0 0 1.25rem;color:var(--soft);max-width:44rem;text-wrap:pretty}
.scroll{overflow-x:auto;position:relative}
table{border-collapse:collapse;width:100%;font-size:.9375rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);font-size:.875rem;padding:0 0 .4rem}
caption.quiet{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
th,td{text-align:left;vertical-align:top;padding:.45rem 1.25rem .45rem 0;border-bottom:1px solid var(--rule);font-weight:400;overflow-wrap:anywhere}
thead th{font-size:.8125rem;color:var(--soft);border-bottom-color:var(--soft);white-space:nowrap}
th.r,td.r{text-align:right}
table.one thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}table.one{display:block}table.one tbody{display:flex;flex-wrap:wrap;column-gap:1.25rem}table.one tr{display:block;min-width:min(9rem,100%);max-width:100%}table.one th{display:block;border:0;padding:.2rem 0}
tr.loud th,tr.loud td{font-weight:600}tr.loud .word{color:var(--signal)}
.word{white-space:nowrap}
tbody th,.id,code{font-family:var(--mono);font-size:.875em}
tbody th.say{font-family:inherit;font-size:inherit}
code{overflow-wrap:anywhere}
.was{color:var(--soft)}
.whole{white-space:nowrap}
.arrow{color:var(--soft);padding:0 .35em}
.more{display:flex;gap:1rem;align-items:baseline;margin:.75rem 0 0;color:var(--soft);font-size:.875rem}
button{font:inherit;color:var(--accent);background:none;border:1px solid var(--rule);border-radius:4px;padding:.3rem .8rem;cursor:pointer}
button:hover{border-color:var(--accent)}
.find{position:sticky;top:0;background:var(--bg);z-index:1;padding:.75rem 0;margin-top:3rem;border-bottom:1px solid var(--rule);display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:baseline}
.find label{font-size:.875rem;color:var(--soft)}
input,select{font:inherit;color:inherit;background:var(--wash);border:1px solid var(--soft);border-radius:4px;padding:.35rem .7rem;max-width:26rem}input{flex:1 1 14rem}select{max-width:min(17rem,100%)}.by{display:inline-flex;flex-wrap:wrap;gap:.3rem .5rem;align-items:baseline;max-width:100%}.by button{padding:.35rem .8rem}
.find output{font-size:.875rem;color:var(--soft);min-width:10rem}
details{border-bottom:1px solid var(--rule)}
summary{padding:.6rem 0;cursor:pointer;list-style-position:outside;margin-left:1.1rem}
summary:hover{color:var(--accent)}
details>*:not(summary){margin-left:1.1rem}
details[open]{padding-bottom:1.25rem}
.row{display:inline-flex;width:calc(100% - 1.1rem);justify-content:space-between;gap:1rem;vertical-align:top}
.row .n{font-variant-numeric:tabular-nums;color:var(--soft);white-space:nowrap}
.causes{list-style:none;margin:0;padding:0}
.causes li{margin:0 0 1rem}
.causes strong{font-variant-numeric:tabular-nums}
figure{margin:1.5rem 0 0}
figcaption{color:var(--soft);font-size:.875rem;margin-top:.6rem;max-width:44rem}
svg{display:block;max-width:100%;height:auto;overflow:visible}
svg text{font:12px var(--sans);fill:var(--soft)}
svg .num{font-variant-numeric:tabular-nums}
.bar{fill:var(--accent)}.bar-bg{fill:var(--wash)}
.spark{width:10rem}
.spark path{fill:none;stroke:var(--soft);stroke-width:1.25}.spark .limit{stroke:var(--signal);stroke-dasharray:3 3;stroke-width:1}.spark .now{fill:var(--accent)}.spark .tripped{fill:var(--signal)}
.tree rect{fill:var(--wash);stroke:var(--bg);stroke-width:1}.tree .many{fill:var(--rule)}.tree .touched{fill:var(--accent-wash)}.tree .self{fill:var(--accent)}.tree .ghost{fill:none;stroke:var(--soft);stroke-dasharray:3 3}.tree .loop{fill:url(#hatch);stroke:var(--signal)}
.tree .label{fill:var(--ink);font:11px var(--mono)}.tree .label.on{fill:var(--bg)}
.tree .base{stroke:var(--rule);stroke-width:1}.tree .tick{fill:var(--accent);stroke:none}.tree .tick.gone{fill:var(--signal)}.tree .hatchline{stroke:var(--signal);stroke-width:1}
.time .ok{fill:var(--accent)}.time .bad{fill:var(--signal)}.time line{stroke:var(--rule);stroke-width:1}
.legend{display:flex;flex-wrap:wrap;gap:.4rem 1.5rem;list-style:none;padding:0;margin:.75rem 0 0;font-size:.875rem;color:var(--soft)}
.legend svg{display:inline-block;vertical-align:-.1em;margin-right:.4rem}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:1.25rem 2rem;margin:0 0 1.5rem}
.facts dt{font-size:.8125rem;color:var(--soft)}.facts dd{margin:0;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.facts.wide dt{padding-top:.1rem}.facts.wide{grid-template-columns:minmax(9rem,max-content) minmax(0,1fr);gap:.4rem 2rem}
.work{list-style:none;margin:0;padding:0}
.work>li{padding:1.1rem 0;border-bottom:1px solid var(--rule)}
.work h3{margin:0;font-size:1.0625rem}
.work p{margin:.3rem 0 0;max-width:44rem}.work .do{color:var(--soft)}
.chips{display:flex;flex-wrap:wrap;gap:.25rem .9rem;margin:.6rem 0 0;padding:0;list-style:none}
.chips li{min-width:0;overflow-wrap:anywhere}.chips .id{display:inline-block;max-width:100%}.row code{min-width:0}
.no{color:var(--soft);font-size:.875em}
.tag{font-size:.8125rem;color:var(--signal)}
footer{margin-top:5rem;color:var(--soft);font-size:.875rem;border-top:1px solid var(--rule);padding-top:1rem}
[hidden]{display:none!important}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media (max-width:40rem){html{scroll-padding-top:1rem}.find{position:static}h1{font-size:1.5rem}.page{padding-top:1.5rem}section{margin-top:3rem}th,td{min-width:4.5rem;max-width:14rem;padding-right:.75rem;overflow-wrap:break-word}:is(.people table:not(.one),table.wide) thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}:is(.people table:not(.one),table.wide),:is(.people table:not(.one),table.wide) :is(tbody,tr,caption){display:block}:is(.people table:not(.one),table.wide) tr{padding:.5rem 0;border-bottom:1px solid var(--rule)}:is(.people table:not(.one),table.wide) :is(th,td){display:inline;padding:0;border:0;max-width:none}:is(.people table:not(.one),table.wide) .word{white-space:normal}:is(.people table:not(.one),table.wide) td:not(:empty)::before{content:"  ·  ";color:var(--soft)}table.wide .spark{display:inline-block;width:5rem;vertical-align:middle}.facts{grid-template-columns:repeat(auto-fill,minmax(7rem,1fr))}table.one th{min-width:0}}
@media print{.next code{white-space:pre-wrap}@page{margin:16mm}html{font-size:10.5pt;background:none}.page{display:block;max-width:none;padding:0}nav,.find,.more button,.skip{display:none}section{margin-top:2.2rem}h1{font-size:1.6rem}h2,h3,caption,summary{break-after:avoid}tr,li,figure{break-inside:avoid}thead{display:table-header-group}a{color:inherit;text-decoration:none}.bar,.tree rect,.tree .tick,.time .ok,.time .bad,.spark .now{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
