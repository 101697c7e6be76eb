/** The report's whole style. Its hash is the only one that the report's content security policy allows. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#16202e;--soft:#5a6678;--line:#dfe3ea;--ok:#15803d;--ok-soft:#e3f4e8;--warn:#a15c07;--warn-soft:#fdf0d5;--bad:#b91c1c;--bad-soft:#fce4e4;--bar-ok:#34a563;--bar-warn:#e8a33d;--bar-bad:#d64545}
@media (prefers-color-scheme:dark){:root{--page:#0f141b;--card:#182029;--ink:#e7ebf1;--soft:#9aa7b8;--line:#2c3643;--ok:#5bd18b;--ok-soft:#12301f;--warn:#f2bd62;--warn-soft:#362708;--bad:#ff8f8f;--bad-soft:#3f1718;--bar-ok:#2f9e5b;--bar-warn:#d9952f;--bar-bad:#e05656}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:14px;font-weight:600;color:var(--soft);margin:0 0 12px;letter-spacing:.02em}
h2{font-size:18px;margin:40px 0 6px}
h3{font-size:14px;margin:20px 0 6px}
p{margin:0 0 10px}
.soft{color:var(--soft)}
.verdict{display:flex;gap:20px;align-items:center;border-radius:12px;padding:22px 26px;border:1px solid;border-left-width:10px}
.verdict .sign{font-size:40px;line-height:1;font-weight:700}
.verdict p{font-size:22px;line-height:1.3;font-weight:650;margin:0;overflow-wrap:anywhere}
.verdict small{display:block;font-size:14px;font-weight:400;color:var(--ink);margin-top:6px}
.green{background:var(--ok-soft);border-color:var(--ok);color:var(--ok)}
.amber{background:var(--warn-soft);border-color:var(--warn);color:var(--warn)}
.red{background:var(--bad-soft);border-color:var(--bad);color:var(--bad)}
.verdict p{color:var(--ink)}
.required{list-style:none;display:flex;flex-wrap:wrap;gap:8px 10px;padding:0;margin:16px 0 0}
.required .broken{flex:0 0 100%;display:flex;gap:12px;align-items:baseline}
.required bdi{overflow-wrap:anywhere}
.chip{display:inline-flex;gap:8px;align-items:center;border-radius:999px;padding:2px 12px;font-weight:600;border:1px solid;flex:none;max-width:100%;font-size:14px}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;overflow:hidden}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:8px 14px;border-top:1px solid var(--line);vertical-align:middle}
thead th{border-top:0;font-size:12px;color:var(--soft);font-weight:600;white-space:nowrap}
tbody th{font-weight:400;overflow-wrap:anywhere}
tbody th small{display:block;color:var(--soft);font-size:13px}
tbody th small.warn{color:var(--warn)}
tbody th.group{font-weight:650;padding-top:16px;background:var(--page);font-size:13px}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.state{width:34px;text-align:center;font-weight:700;padding-right:0}
.ok{color:var(--ok)}.warn{color:var(--warn)}.bad{color:var(--bad)}
.zero{color:var(--soft);opacity:.55}
.bar{width:170px}
.bar svg{display:block;width:100%;height:12px;border-radius:3px}
.f-ok{fill:var(--bar-ok)}.f-warn{fill:var(--bar-warn)}.f-bad{fill:var(--bar-bad)}
.glance th{font-weight:650;white-space:nowrap}
.glance td{padding:0;width:36%}
.glance td{border:1px solid var(--line);border-width:1px 0 0 1px}
.cell{display:flex;gap:12px;align-items:center;padding:10px 14px}
.cell strong{color:var(--ink)}
.which{display:none}
.cell .sign{flex:none;font-size:20px;font-weight:700;width:1.2em;text-align:center}
.cell small{display:block;overflow-wrap:anywhere}
.cell small{color:var(--soft)}
.none .cell strong{color:var(--soft);font-weight:400}
.legend{display:flex;flex-wrap:wrap;gap:6px 22px;font-size:13px;color:var(--soft);margin:8px 0 12px}
.legend b{font-weight:700}
.more td{color:var(--soft);font-size:13px}
.ids{columns:3 240px;column-gap:28px;list-style:none;padding:14px 18px;margin:0;font:13px/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.ids li{overflow-wrap:anywhere;break-inside:avoid}
code{word-break:break-all;font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.notes{padding-left:20px}
.notes li{margin-bottom:4px}
@media (max-width:720px){main{padding:20px 12px}.bar{display:none}th,td{padding:7px 8px}.verdict{padding:16px}.verdict p{font-size:18px}.glance thead{display:none}.glance tr{display:block}.glance th,.glance td{display:block;width:auto}.glance td{border-left:0}.which{display:inline}.which::after{content:': '}}
@media print{:root{color-scheme:light;--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#ccc;--ok:#15803d;--ok-soft:#e3f4e8;--warn:#8a4d05;--warn-soft:#fdf0d5;--bad:#b91c1c;--bad-soft:#fce4e4;--bar-ok:#34a563;--bar-warn:#e8a33d;--bar-bad:#d64545}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}body{font-size:11pt}main{max-width:none;padding:0}tr,.verdict,.required li{break-inside:avoid}.ids{columns:2}h2,h3{break-after:avoid}thead{display:table-header-group}}
`;
