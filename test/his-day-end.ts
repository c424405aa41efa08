import { addDays, dayOf } from '../src/kernel/day.ts'
import { formatYuan } from '../src/kernel/money.ts'
import { type Cell, isOutpatient, type Told } from './his-cells.ts'
import { isInDoubt, refusal } from './his-react.ts'
import type { Heard, Site } from './his-site.ts'
import { hisWindow, psnOf } from './his-window.ts'
import { ANSWERED, readRows, UPLOADED, writeRows } from './platform/reconcile.ts'

const EQUAL = '000000'
const CENTRE_MORE = '000101'
const DIFFERS = '000103'
const [OUTPATIENT, INPATIENT] = ['11', '21']
const fenOf = (yuan: number) => Math.round(yuan * 100)
const yuanOf = (fen: number) => Number(formatYuan(fen))
const sumOf = (books: readonly Told[], name: keyof Omit<Told, 'setl_id'>) =>
  yuanOf(books.reduce((sum, told) => sum + fenOf(told[name]), 0))

/** What a hospital sends at the day's end of one kind of bills: what it believes to be settled, and nothing else. */
function statement(cells: readonly Cell[], clr_type: string) {
  const ours = cells.filter((c) => c.told && isOutpatient(c) === (clr_type === OUTPATIENT))
  const books = ours.map((c) => c.told as Told)
  const today = dayOf(Date.now())
  const data = {
    setl_optins: '654002',
    insutype: '390',
    clr_type,
    stmt_begndate: addDays(today, -1),
    stmt_enddate: addDays(today, 1),
    medfee_sumamt: sumOf(books, 'medfee_sumamt'),
    fund_pay_sumamt: sumOf(books, 'fund_pay_sumamt'),
    acct_pay: sumOf(books, 'acct_pay'),
    cash_payamt: sumOf(books, 'psn_cash_pay'),
    fixmedins_setl_cnt: books.length,
    // What was taken back is left out by both sides.
    refd_setl_flag: '0',
  }
  const rows = ours.map(({ told, visit, person }) => ({
    ...{ setl_id: told?.setl_id, mdtrt_id: visit, psn_no: psnOf(person), refd_setl_flag: '0', exp_content: '' },
    medfee_sumamt: told?.medfee_sumamt.toFixed(2),
    fund_pay_sumamt: told?.fund_pay_sumamt.toFixed(2),
    acct_pay: told?.acct_pay.toFixed(2),
  }))
  return { data, rows }
}

/** Rows of the differences, as they are fetched by the number that 3202 names. */
async function differences(site: Site, { data, rows }: ReturnType<typeof statement>) {
  const way = site.way()
  const at = hisWindow(way)
  const zip = Buffer.from(writeRows('rows.txt', rows, UPLOADED)).toString('base64')
  const sent = await at.send('9101', { fsUploadIn: { in: zip, filename: 'rows.zip', fixmedins_code: '' } })
  const { file_qury_no } = sent.json.output
  const told = await at.send('3202', { data: { ...data, file_qury_no } })
  if (refusal(told) !== null) throw new Error(`3202: ${told.text}`)
  const { fileinfo } = told.json.output
  const file = (await at.send('9102', { fsDownloadIn: fileinfo })) as unknown as Heard
  const found = readRows(file.bytes, ANSWERED)
  if (!found) throw new Error(`9102: ${file.text}`)
  return found
}

/**
 * The day's end: totals (3201); where they differ, rows (3202). What the centre has more is taken back by the number of
 * its message (2601); what it holds for refunded was cancelled, where the hospital has asked for that and never heard.
 * Then the totals again. Gives what they said in the end, and the rows that no rule of the hospital covers.
 */
export async function dayEnd(site: Site, cells: readonly Cell[]): Promise<{ results: string[]; faults: string[] }> {
  const at = site.window()
  const results: string[] = []
  const faults: string[] = []
  for (const [clr_type, oinfno] of [
    [OUTPATIENT, '2207'],
    [INPATIENT, '2304'],
  ] as const) {
    const totals = async () => {
      const answer = await at.send('3201', { data: statement(cells, clr_type).data })
      return answer.json.output?.stmtinfo?.stmt_rslt ?? answer.text
    }
    if ((await totals()) !== EQUAL)
      for (const row of await differences(site, statement(cells, clr_type))) {
        const cell = cells.find((c) => c.visit === row.mdtrt_id)
        const isRefunded = row.stmt_rslt === DIFFERS && row.refd_setl_flag === '1'
        if (isRefunded && cell?.told && isInDoubt(cell)) cell.told = null
        else if (row.stmt_rslt === CENTRE_MORE && cell?.told === null) {
          const undone = await at.undo(cell.person, oinfno, String(row.msgid))
          if (refusal(undone) !== null) faults.push(`2601 of ${row.msgid}: ${undone.text}`)
        } else faults.push(`row ${JSON.stringify(row)}`)
        if (cell) cell.learned = true
      }
    results.push(await totals())
  }
  return { results, faults }
}
