import type { Finding } from './case.ts'
import { RESULT_WORDS, type Report, summaryLine } from './report.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const text = (value: string): string => value.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char)

/** No script, no other host: the page can be mailed, printed and signed. */
const STYLE = `
  * { box-sizing: border-box }
  body { margin: 0 auto; max-width: 1080px; padding: 32px 24px; color: #1c2430; background: #fff;
    font: 15px/1.6 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif }
  h1 { font-size: 24px; margin: 0 0 4px }
  h2 { font-size: 17px; margin: 32px 0 8px; border-bottom: 2px solid #1c2430; padding-bottom: 4px }
  .about { color: #556; margin: 0 0 16px; overflow-wrap: anywhere }
  .verdict { padding: 12px 16px; border-left: 6px solid #1a7f4b; background: #eef8f2; font-size: 17px; font-weight: 600 }
  .verdict.fail { border-color: #b3261e; background: #fdf0ef }
  table { width: 100%; border-collapse: collapse; table-layout: fixed }
  th, td { text-align: left; vertical-align: top; padding: 6px 8px; border-bottom: 1px solid #d8dde5; overflow-wrap: anywhere }
  th { font-weight: 600; color: #556; font-size: 13px }
  th:nth-child(1) { width: 76px } th:nth-child(2) { width: 68px }
  .result { font-weight: 600; white-space: nowrap }
  .pass .result { color: #1a7f4b } .fail .result { color: #b3261e } .warn .result { color: #8a5a00 } .skip .result { color: #667 }
  .fail > td { background: #fdf0ef } .warn > td { background: #fff8e8 }
  .small { font-size: 13px; color: #556; margin: 2px 0 0 } .why { margin: 2px 0 0; color: #b3261e; font-size: 14px }
  .warn .why { color: #8a5a00 } .skip .why { color: #667 }
  .signatures { display: flex; gap: 48px; margin-top: 40px } .signatures p { flex: 1; border-top: 1px solid #1c2430; padding-top: 4px }
  @media print { body { padding: 0; font-size: 12px } tr { break-inside: avoid } h2 { break-after: avoid } }
`

function row({ id, title, result, why, seen, duty, working }: Finding): string {
  const parts = [
    `<strong>${text(title)}</strong>`,
    ...why.map((one) => `<p class="why">${text(one)}</p>`),
    ...(working ? [`<p class="small">人工计算：${text(working)}</p>`] : []),
    ...seen.filter(Boolean).map((one) => `<p class="small">所见：${text(one)}</p>`),
    `<p class="small">厂商须做：${text(duty)}</p>`,
  ]
  return `<tr class="${result}"><td>${text(id)}</td><td class="result">${RESULT_WORDS[result]}</td><td>${parts.join('')}</td></tr>`
}

function section(part: string, findings: readonly Finding[]): string {
  const passed = findings.filter((f) => f.result === 'pass').length
  const rows = findings.map(row).join('\n')
  return `<h2>${text(part)}（${passed} / ${findings.length} 通过）</h2>
<table><thead><tr><th scope="col">编号</th><th scope="col">结果</th><th scope="col">内容</th></tr></thead><tbody>
${rows}
</tbody></table>`
}

/** The report as one page in Chinese. */
export function reportHtml(report: Report): string {
  const parts = Map.groupBy(report.findings, (f) => f.part)
  const failed = report.findings.filter((f) => f.result === 'fail').map((f) => f.id)
  const about = [report.url, report.hospital && `医院 ${report.hospital}`, `${report.started_at}（北京时间）`]
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(report.title)}</title><style>${STYLE}</style></head><body>
<h1>${text(report.title)}</h1>
<p class="about">${about
    .filter(Boolean)
    .map((one) => text(String(one)))
    .join(' · ')}</p>
<p class="verdict${report.passed ? '' : ' fail'}">${text(summaryLine(report))}</p>
${failed.length > 0 ? `<p>不通过的：${text(failed.join('、'))}。每一项下面写着为什么、厂商须做什么；改好后重新运行全部项目。</p>` : ''}
<p class="small">人员、金额都是虚构的练习数据；预期金额按公布的（示例）办法人工算出，不取自服务的答复。每项试完即冲销。</p>
${[...parts].map(([part, findings]) => section(part, findings)).join('\n')}
<div class="signatures"><p>厂商（签字、日期）</p><p>医院（签字、日期）</p><p>经办机构（签字、日期）</p></div>
</body></html>
`
}
