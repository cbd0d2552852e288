"""The style sheet of the HTML report."""

STYLES = """
:root{--ink:#1b1f24;--soft:#5b6570;--line:#d5dae0;--rule:#2b3138;--page:#fdfdfc;--panel:#f4f5f3;--link:#0b5cad;
--good:#0f6b3c;--good-bg:#e2f3e8;--fair:#0b5c8a;--fair-bg:#e1eff8;--open:#8a5a00;--open-bg:#fbf0d9;--bad:#a3201d;
--bad-bg:#fbe4e2;--none:#5b6570;--none-bg:#eceff1;--stamp:#fff1b8;--stamp-ink:#6b4e00}
@media (prefers-color-scheme:dark){:root{--ink:#e4e7ea;--soft:#9aa4ae;--line:#343b43;--rule:#aab3bc;--page:#14171a;
--panel:#1c2024;--link:#7db8f5;--good:#7ddba4;--good-bg:#12341f;--fair:#86c9f2;--fair-bg:#102c3e;--open:#f0c36b;
--open-bg:#3a2c0c;--bad:#ff9c96;--bad-bg:#451715;--none:#9aa4ae;--none-bg:#272d33;--stamp:#4a3a06;--stamp-ink:#ffdf80}
}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue","Noto Sans","Noto Sans CJK SC","Liberation Sans",Arial,sans-serif}
.page{display:grid;grid-template-columns:minmax(0,13rem) minmax(0,1fr);gap:0 2.2rem;max-width:84rem;margin:0 auto;
padding:0 1.5rem}
nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow:auto;padding:3rem 0 2rem;font-size:.85rem;
line-height:1.35}
nav ol{list-style:none;margin:0;padding:0}nav li{margin:.4rem 0}nav ol ol{padding-left:.9rem;
border-left:1px solid var(--line);
margin:.3rem 0 .6rem}
nav a{color:var(--soft);text-decoration:none}nav a:hover{color:var(--link)}
main{padding:3rem 0 4rem;min-width:0}
h1{font-size:2rem;line-height:1.2;font-weight:650;letter-spacing:-.015em;margin:0 0 .4rem;text-wrap:balance}
h2{font-size:1.25rem;font-weight:650;margin:3.2rem 0 1rem;padding-bottom:.35rem;border-bottom:1px solid var(--line)}
.subtitle{color:var(--soft);margin:0}
.stamp{background:var(--stamp);color:var(--stamp-ink);padding:.7rem 1rem;border-radius:.4rem;margin:1.4rem 0 0}
.stamp strong,.mark{letter-spacing:.06em}
.mark{background:var(--stamp);color:var(--stamp-ink);font-size:.72rem;font-weight:650;padding:.12rem .5rem;
border-radius:1rem;
white-space:nowrap;vertical-align:middle}
figure{margin:0 0 2.6rem}
figcaption,summary{font-weight:600;margin-bottom:.6rem}
.tableno{font-weight:650}
.picture{background:#fff;padding:.6rem;border:1px solid var(--line);border-radius:.5rem;width:fit-content;
max-width:100%}.picture svg{display:block;max-width:100%;height:auto}
figure details{margin:.8rem 0 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem;line-height:1.35;font-variant-numeric:tabular-nums lining-nums;
border-top:2px solid var(--rule);border-bottom:2px solid var(--rule)}
table.facts{width:100%}table.facts .decimal{width:1%}table.facts th.decimal{white-space:normal}
th,td{padding:.28rem .55rem;vertical-align:top;text-align:left;font-weight:400}
thead th{font-weight:600;vertical-align:bottom}
thead tr:last-child>*{border-bottom:1px solid var(--rule)}
thead .span{text-align:center;border-bottom:1px solid var(--line)}
tbody+tbody tr:first-child>*{border-top:1px solid var(--rule)}
tbody tr:first-child>*{padding-top:.5rem}tbody tr:last-child>*{padding-bottom:.5rem}
table.facts tbody tr+tr>*{border-top:1px solid var(--line)}
tbody th{position:sticky;left:0;background:var(--page);max-width:22rem;padding-left:0}
tbody th.long{min-width:9rem}
thead tr>:first-child{padding-left:0}
.decimal{text-align:right;white-space:nowrap}
th.decimal{text-align:right}
table.regression th.decimal,table.correlation th.decimal{padding-right:2rem}
.below{display:block;color:var(--soft);font-size:.94em}
.stars{display:inline-block;width:1.45rem;text-align:left;padding-left:.08rem;letter-spacing:-.02em}
.significant{font-weight:600}.significant .below{font-weight:400}
.omitted{color:var(--soft);font-style:italic}
.failure{color:var(--bad);font-weight:600}
td.failure.left{white-space:normal}
.note{font-size:.82rem;color:var(--soft);margin:.6rem 0 0;max-width:62rem;line-height:1.5}
.note strong{color:var(--ink)}
.badge{display:inline-block;white-space:nowrap;font-size:.82em;font-weight:600;padding:.05rem .55rem;
border-radius:1rem}
.good{color:var(--good);background:var(--good-bg)}.fair{color:var(--fair);background:var(--fair-bg)}
.open{color:var(--open);background:var(--open-bg)}.bad{color:var(--bad);background:var(--bad-bg)}
.none{color:var(--none);background:var(--none-bg)}
code{font:.88em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:break-word}
details{margin:0 0 .8rem}summary{cursor:pointer;color:var(--link);font-weight:500}
details .scroll{margin-top:.6rem}
footer{margin-top:4rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.8rem;color:var(--soft)}
@media (max-width:60rem){.page{display:block;padding:0 1rem}nav{position:static;padding:1.5rem 0 0;max-height:none}
main{padding-top:1.5rem}h1{font-size:1.6rem}}
@media print{.page{display:block;max-width:none;padding:0}nav,details{display:none}body{font-size:11pt}
figure{break-inside:avoid}tbody th{position:static}}
"""
