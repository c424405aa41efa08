import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { charge, envelope, openHospital } from './hospital.ts'
import { FIXTURES } from './people.ts'
import { ANSWERED, readRows, UPLOADED, writeRows } from './reconcile.ts'
import { createPlatform } from './server.ts'
import type { Json } from './wire.ts'

const [{ psn_no } = { psn_no: '' }] = FIXTURES
const PERIOD = { setl_optins: '654002', clr_type: '11', stmt_begndate: '2026-03-12', stmt_enddate: '2026-03-12' }

describe('a day’s accounts', () => {
  const platform = createPlatform()
  const server = createServer(platform.handler)
  let his: ReturnType<typeof openHospital>
  /** Of three settlements the last is cancelled. */
  const rows: Json[] = []
  beforeAll(async () => {
    platform.control({ now: '2026-03-12T10:15:30+08:00' })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    his = openHospital(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
    for (const visit of ['V1', 'V2', 'V3']) {
      const { setlinfo } = (await his.say('2207', charge(psn_no, visit, '1', '326.50'))).output
      rows.push({ ...setlinfo, refd_setl_flag: '0' })
    }
    rows.push((await his.say('2208', { data: rows[2] })).output.setlinfo)
  })
  afterAll(() => {
    his.close()
    server.close()
    server.closeAllConnections()
  })

  const totals = (of: readonly Json[]) => {
    const sum = (name: string) =>
      (of.reduce((fen, row) => fen + Math.round(Number(row[name]) * 100), 0) / 100).toFixed(2)
    const amounts = { medfee_sumamt: sum('medfee_sumamt'), fund_pay_sumamt: sum('fund_pay_sumamt') }
    return {
      ...amounts,
      acct_pay: sum('acct_pay'),
      cash_payamt: sum('psn_cash_pay'),
      fixmedins_setl_cnt: `${of.length}`,
    }
  }

  test.each<[string, () => Json, string]>([
    ['一致', () => totals(rows), '000000'],
    ['中心多', () => totals(rows.slice(1)), '000101'],
    ['医院多', () => totals([...rows, ...rows.slice(0, 1)]), '000102'],
    ['数据不一致', () => ({ ...totals(rows), acct_pay: '0.01' }), '000103'],
    ['不计已撤销的', () => ({ ...totals(rows.slice(0, 2)), refd_setl_flag: '0' }), '000000'],
  ])('3201 %s', async (_, said, stmt_rslt) => {
    const { stmtinfo } = (await his.say('3201', { data: { ...PERIOD, insutype: '390', ...said() } })).output
    expect(stmtinfo.stmt_rslt).toBe(stmt_rslt)
    expect(stmtinfo.stmt_rslt_dscr).toMatch(/中心：\d笔，医疗费总额\d+\.\d\d，/)
  })

  /** Uploads rows as a ZIP, asks for their comparison, fetches it. */
  async function detail(uploaded: readonly Json[], asList = false): Promise<Json[]> {
    const zip = writeRows('rows.txt', uploaded, UPLOADED)
    const signed = Array.from(zip, (b) => (b > 127 ? b - 256 : b))
    const fsUploadIn = { in: asList ? signed : Buffer.from(zip).toString('base64'), filename: 'rows.zip' }
    const { file_qury_no } = (await his.say('9101', { fsUploadIn })).output
    const told = await his.say('3202', { data: { ...PERIOD, file_qury_no, ...totals(uploaded) } })
    const { fileinfo } = told.output
    const asked = envelope('9102', his.newMsgid(), { fsDownloadIn: { ...fileinfo } })
    const heard = await his.post('/fsi/api/fileupload/download', JSON.stringify(asked))
    expect(heard.headers['content-type']).toBe('application/octet-stream')
    return readRows(heard.bytes, ANSWERED) ?? []
  }

  test('3202 says of each row whether it is equal, missing on one side, or different', async () => {
    const [first, second, third, minus] = rows as [Json, Json, Json, Json]
    const invented = { ...first, setl_id: '300000000000', mdtrt_id: 'V9' }
    const found = await detail([first, { ...second, fund_pay_sumamt: '1.00' }, minus, invented])
    const results = Object.fromEntries(found.map((row) => [row.setl_id, row.stmt_rslt]))
    expect(results).toEqual({
      [String(first.setl_id)]: '000000',
      [String(second.setl_id)]: '000103',
      [String(minus.setl_id)]: '000000',
      '300000000000': '000102',
      [String(third.setl_id)]: '000101',
    })
    const missing = found.find((row) => row.stmt_rslt === '000101')
    expect(missing).toMatchObject({ msgid: third.medins_setl_id, refd_setl_flag: '1', medfee_sumamt: '326.50' })
    const all = await detail(rows, true)
    expect(all.map((row) => row.stmt_rslt)).toEqual(['000000', '000000', '000000', '000000'])
    expect((await detail([...rows, first])).map((row) => row.stmt_rslt).at(-1)).toBe('000102')
  })

  test('a file that is none, a sum that is not the file’s, a number nobody was given', async () => {
    const { file_qury_no } = (await his.say('9101', { fsUploadIn: { in: 'AAAA', filename: 'x.zip' } })).output
    expect((await his.say('3202', { data: { ...PERIOD, file_qury_no, ...totals([]) } })).err_msg).toContain('ZIP')
    expect((await his.say('9102', { fsDownloadIn: { file_qury_no: 'F1' } })).infcode).toBe(-1)
    const zip = Buffer.from(writeRows('rows.txt', rows, UPLOADED)).toString('base64')
    const kept = (await his.say('9101', { fsUploadIn: { in: zip, filename: 'x.zip' } })).output
    const wrong = { ...PERIOD, ...totals(rows), medfee_sumamt: '1.00', file_qury_no: kept.file_qury_no }
    expect((await his.say('3202', { data: wrong })).err_msg).toContain('不一致')
  })

  test('a month is applied for and taken back once', async () => {
    const month = { clr_type: '11', setlym: '202603', med_sumfee: '100.00', fund_appy_sum: '60.00', cash_payamt: '40' }
    expect((await his.say('3203', { data: { ...month, cash_payamt: '40.01' } })).infcode).toBe(-1)
    const { clr_appy_evt_id } = (await his.say('3203', { data: month })).output.result
    expect((await his.say('3204', { data: { clr_appy_evt_id } })).infcode).toBe(0)
    expect((await his.say('3204', { data: { clr_appy_evt_id } })).infcode).toBe(-1)
  })
})
