import { zipSync } from 'fflate'
import { his, message } from '../../test/his-message.ts'
import type { hisWindow } from '../../test/his-window.ts'
import type { Answer, World } from '../../test/world.ts'
import { DETAIL_COLUMNS } from '../clearing/detail-file.ts'
import { RESULT_COLUMNS } from '../clearing/result-file.ts'
import { textOfZip } from '../clearing/zip.ts'
import { formatYuan, readYuan } from '../kernel/money.ts'

type Row = Readonly<Record<string, string>>

const fen = (value: unknown): number => Number(readYuan(String(value ?? 0)))
const yuanText = (value: unknown): string => formatYuan(fen(value))

const sum = (of: readonly Row[], name: string) => of.reduce((total, row) => total + fen(row[name]), 0)
const PERIOD = { setl_optins: '654002', stmt_begndate: '2026-10-01', stmt_enddate: '2026-11-30 00:00:00' }
/** Stays of residents. */
export const GROUP = { ...PERIOD, insutype: '390', clr_type: '21' }

export const totalsOf = (of: readonly Row[]) => ({
  medfee_sumamt: formatYuan(sum(of, 'medfee_sumamt')),
  fund_pay_sumamt: formatYuan(sum(of, 'fund_pay_sumamt')),
  acct_pay: formatYuan(sum(of, 'acct_pay')),
  cash_payamt: formatYuan(sum(of, 'psn_cash_pay')),
  fixmedins_setl_cnt: String(of.length),
})

export function zipOf(of: readonly Row[]): Uint8Array {
  const text = of.map((row) => DETAIL_COLUMNS.map((name) => row[name] ?? 'null').join('\t')).join('\r\n')
  return zipSync({ 'a.txt': new TextEncoder().encode(text) })
}

/** A document as a HIS keeps it once it was told of it; a cancellation is a row of its own. */
function rowOf(answer: Answer): Row {
  const { setlinfo } = answer.json.output
  const amounts = ['medfee_sumamt', 'fund_pay_sumamt', 'acct_pay', 'psn_cash_pay']
  return {
    setl_id: setlinfo.setl_id,
    mdtrt_id: setlinfo.mdtrt_id,
    psn_no: setlinfo.psn_no,
    ...Object.fromEntries(amounts.map((name) => [name, yuanText(setlinfo[name])])),
    refd_setl_flag: setlinfo.medfee_sumamt < 0 ? '1' : '0',
  }
}

function applicationOf(of: readonly Row[]) {
  const { medfee_sumamt, fund_pay_sumamt, cash_payamt, acct_pay } = totalsOf(of)
  return {
    clr_type: '21',
    clr_way: '1',
    setlym: '202611',
    psntime: of.filter((row) => fen(row.medfee_sumamt) > 0).length * 2 - of.length,
    medfee_sumamt,
    med_sumfee: formatYuan(fen(fund_pay_sumamt) + fen(cash_payamt)),
    fund_appy_sum: fund_pay_sumamt,
    cash_payamt,
    acct_pay,
    begndate: '2026-10-01',
    enddate: '2026-11-30',
  }
}

/** A hospital's own books and what it asks with them. */
export function hospitalBooks(w: World, at: ReturnType<typeof hisWindow>) {
  const rows: Row[] = []
  /** 9102: the rows of the file, each by its columns. */
  async function fetched(fileinfo: object): Promise<Row[]> {
    const response = await w.service.app.request('/fsi/api/fileupload/download', {
      method: 'POST',
      headers: { apikey: w.terminal.key, 'content-type': 'application/json' },
      body: JSON.stringify(message('9102', { fsDownloadIn: fileinfo })),
    })
    const text = textOfZip(new Uint8Array(await response.arrayBuffer()), 1e6)
    if (!(text instanceof Uint8Array)) throw new Error(text.detail)
    const lines = new TextDecoder().decode(text).split('\n').slice(0, -1)
    return lines.map((line) =>
      Object.fromEntries(line.split('\t').map((cell, i) => [RESULT_COLUMNS[i] ?? `column ${i}`, cell])),
    )
  }
  return {
    rows,
    fetched,
    /** Notes what an answer told of. */
    note(answer: Answer): Row {
      const row = rowOf(answer)
      rows.push(row)
      return row
    },
    /** 3201 with the hospital's own sums, or with others. */
    async totals(of: readonly Row[] = rows, change: object = {}) {
      const answer = await at.send('3201', { data: { ...GROUP, ...totalsOf(of), ...change } })
      return answer.json.output?.stmtinfo ?? answer.json
    },
    /** 9101, 3202, 9102: the rows of the result. */
    async details(of: readonly Row[] = rows): Promise<Row[]> {
      const file = { in: Buffer.from(zipOf(of)).toString('base64'), filename: 'a.zip' }
      const sent = await at.send('9101', { fsUploadIn: file })
      const { file_qury_no } = sent.json.output
      const asked = await at.send('3202', { data: { ...GROUP, file_qury_no, ...totalsOf(of) } })
      if (asked.json.infcode !== '0') throw new Error(asked.json.err_msg)
      return fetched(asked.json.output.fileinfo)
    },
    /** 3203 for what the hospital holds. */
    apply: (of: readonly Row[] = rows, change: object = {}) =>
      at.send('3203', { data: { ...applicationOf(of), ...change } }),
    withdraw: (clr_appy_evt_id: string) => at.send('3204', { data: { clr_appy_evt_id } }),
    asStranger: (infno: string, input: object) =>
      his(w, message(infno, input, { fixmedins_code: w.stranger.hospital }), { as: w.stranger }),
  }
}
