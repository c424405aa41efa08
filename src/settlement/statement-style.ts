/** Song for Chinese, naskh for Uyghur and Kazakh, named only: no font is ever fetched. */
const FONTS = `
:root { --song: "SimSun", "宋体", "NSimSun", "Songti SC", "STSong", "Source Han Serif SC", "Noto Serif CJK SC", serif;
  --naskh: "UKIJ Tuz", "Noto Naskh Arabic", "Noto Sans Arabic", "Microsoft Uighur", serif;
  --roman: "Times New Roman", "Liberation Serif", "Noto Serif", serif; }
body, [lang="zh-CN"] { font-family: "Times New Roman", "Liberation Serif", var(--song); }
.tr[lang="en"] { font-family: var(--roman); }
[lang="ug"].tr, [lang="kk-Arab"].tr { font-family: var(--naskh); letter-spacing: 0; }
`

const COMMON = `
* { box-sizing: border-box; }
html { background: #fff; color: #000; }
body { margin: 0; -webkit-text-size-adjust: 100%; }
bdi, .zh { unicode-bidi: isolate; }
.code, .amount { font-family: "Times New Roman", "Liberation Serif", "Noto Serif", serif; font-variant-numeric: tabular-nums; }
.amount { text-align: right; white-space: nowrap; }
.code { overflow-wrap: anywhere; }
.tr { display: block; font-weight: 400; }
.sub { text-align: start; }
.qr { display: block; fill: #000; shape-rendering: crispEdges; }
h1, h2, p, ul, ol, table, dl, dd { margin: 0; padding: 0; }
ol { list-style: none; }
.mark { display: inline-block; border: 1.5pt solid #000; padding: .5mm 2mm; font-weight: 700; }
.void { position: absolute; inset-inline: 0; top: 36%; text-align: center; pointer-events: none; }
.void span { display: inline-block; transform: rotate(-18deg); border: 3pt solid #000; padding: 2mm 8mm; font-weight: 700;
  letter-spacing: .2em; opacity: .16; }
`

const A4 = `
@page { size: A4 portrait; margin: 7mm 11mm 8mm;
  @bottom-center { content: counter(page) " / " counter(pages); font: 8pt "Times New Roman", "Liberation Serif", serif; } }
body { font-size: 9.5pt; line-height: 1.3; }
main { position: relative; width: 188mm; margin: 6mm auto; }
.tr { font-size: 7.5pt; line-height: 1.3; }
td .tr, .marks .tr, .money .tr, .steps .tr, .words .tr, .limits tbody .tr, .head .tr, .foot .tr, .line .tr { display: inline; margin-inline-start: 1mm; }
header { display: grid; grid-template-columns: 38mm 1fr 38mm; align-items: center; }
header .check { text-align: center; font-size: 8pt; line-height: 1.2; justify-self: end; }
header .check .tr { display: inline; }
header .check .code { white-space: nowrap; }
header .qr { width: 22mm; height: 22mm; margin: 0 auto; }
.marks { align-self: start; font-size: 10pt; line-height: 1.2; }
.marks .mark { margin-block-end: 1mm; }
h1 { text-align: center; font-size: 18pt; line-height: 1.25; }
h1 .zh { letter-spacing: .06em; }
h1 .tr { font-size: 11pt; line-height: 1.5; }
.head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 5mm; margin: 1mm 0; }
.banner { border: 1.2pt dashed #000; padding: .4mm 2mm; margin-block-end: 1.2mm; text-align: center; font-weight: 700; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
table + table { margin-top: -.75pt; }
th, td { border: .75pt solid #000; padding: .5mm 1.4mm; vertical-align: middle; text-align: start; overflow-wrap: anywhere; }
th { font-weight: 400; }
.grid th, .words th { text-align: center; background: #f2f2f2; }
thead th { background: #e4e4e4; font-weight: 700; text-align: center; }
th.memo, td.memo { font-size: .9em; color: #222; }
th.memo { padding-inline-start: 5mm; }
.strong, .say { font-weight: 700; }
.sum { border-top: 1.2pt solid #000; font-weight: 700; }
.nth { text-align: center; }
.steps tr, .limits tr { break-inside: avoid; }
tbody + tbody { border-top: 1.4pt solid #000; }
.steps tbody + tbody { border-top: 0; }
.sub { background: #f7f7f7; }
.steps .source { font-weight: 400; text-align: start; }
.source .code { white-space: nowrap; }
.sign td { height: 12mm; vertical-align: top; }
.sign, .notes { break-inside: avoid; }
.notes { margin-block-start: 1mm; font-size: 8pt; line-height: 1.3; list-style: none; }
.foot { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 5mm; }
.void span { font-size: 64pt; }
.w5 { width: 5%; } .w10 { width: 10%; } .w13 { width: 13%; } .w15 { width: 15%; } .w16 { width: 16%; } .w17 { width: 17%; }
.w18 { width: 18%; } .w20 { width: 20%; } .w21 { width: 21%; } .w22 { width: 22%; } .w25 { width: 25%; } .w30 { width: 30%; } .w35 { width: 35%; }
.dense { font-size: 8.5pt; line-height: 1.25; }
.dense th, .dense td { padding: .45mm 1mm .2mm; }
.dense th.memo { padding-inline-start: 5mm; }
.dense .tr { font-size: 7pt; line-height: 1.25; }
.dense h1 { font-size: 16pt; }
.dense h1 .tr { font-size: 10pt; }
.dense header .qr { width: 19mm; height: 19mm; }
.dense .sign td { height: 10mm; }
.dense .notes { font-size: 7.5pt; line-height: 1.25; }
.tight { font-size: 7.8pt; line-height: 1.2; }
.tight th, .tight td { padding-block: .4mm .1mm; }
.tight .tr { font-size: 6.5pt; line-height: 1.15; }
.tight .notes { font-size: 7pt; line-height: 1.15; }
.tight .sign td { height: 9mm; }
.tight h1 { font-size: 14pt; line-height: 1.15; }
.tight h1 .tr { font-size: 9pt; line-height: 1.3; }
.tight header .qr { width: 17mm; height: 17mm; }
.tight .marks { font-size: 8.5pt; }
@media print { main { width: auto; margin: 0; } th, .sub { print-color-adjust: exact; } }
`

const ROLL = `
@page { size: 80mm 297mm; margin: 3mm 4mm; }
body { font-size: 9pt; line-height: 1.35; }
main { position: relative; width: 72mm; margin: 3mm auto; }
.tr { font-size: 7.5pt; line-height: 1.35; }
dt .tr, h2 .tr, .sub .tr, .sign .tr, .mark .tr, .check .tr, .line .tr, .foot .tr { display: inline; margin-inline-start: .5mm; }
h1 { text-align: center; font-size: 13pt; line-height: 1.3; }
h1 .tr { font-size: 9pt; }
.marks { text-align: center; margin-block: 1mm; }
.banner { border: 1pt dashed #000; padding: 1mm; margin-block: 1mm; text-align: center; font-weight: 700; }
section { border-top: 1pt dashed #000; padding-block: 1mm; }
h2 { font-size: 9.5pt; text-align: center; }
dl > div { display: flex; justify-content: space-between; gap: 2mm; padding-block: .2mm; break-inside: avoid; }
dt { flex: 0 1 auto; max-width: 48mm; }
dd { flex: 1 1 0; min-width: 22mm; text-align: end; overflow-wrap: anywhere; }
dd.amount { flex: 0 0 auto; text-align: right; }
.memo { font-size: 8pt; padding-inline-start: 3mm; }
.strong { font-weight: 700; font-size: 10pt; }
.sum { border-top: 1pt solid #000; font-weight: 700; }
.say { font-weight: 700; overflow-wrap: anywhere; }
.steps { list-style: none; }
.steps li { padding-block: .5mm; border-bottom: .5pt dotted #000; break-inside: avoid; }
.steps li > div { display: flex; justify-content: space-between; gap: 2mm; }
.formula, .outcome { overflow-wrap: anywhere; }
.sub { font-weight: 700; padding-block: .5mm; }
dl.words > div { display: block; }
dl.words dd { text-align: start; }
.sign { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2mm; }
.sign > div { min-height: 11mm; border-bottom: .5pt solid #000; }
.check { text-align: center; }
.check .qr { width: 30mm; height: 30mm; margin: 1mm auto; }
.notes { list-style: none; font-size: 8pt; }
.notes li { padding-block: .4mm; }
.foot > span { display: block; }
dd .tr { line-height: 1.4; }
.void { top: 20%; }
.void span { font-size: 30pt; padding: 1mm 4mm; }
@media print { main { width: auto; margin: 0; } }
`

export type Paper = 'a4' | 'roll'

/** One constant text a paper, so that a strict policy can name it by its hash. */
export const STYLES: Readonly<Record<Paper, string>> = { a4: FONTS + COMMON + A4, roll: FONTS + COMMON + ROLL }
