import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { envelope, type HisMessage, type Json } from '../fixtures/his/message.ts'
import { DETAIL_COLUMNS } from '../src/clearing/detail-file.ts'
import { RESULT_COLUMNS } from '../src/clearing/result-file.ts'
import { formatYuan, readYuan } from '../src/kernel/money.ts'
import { eachEngine } from './engines.ts'
import { type Chain, openChain, outcomeOf } from './his-chain.ts'
import { FILES, recorded, SETS } from './his-sets.ts'

/** How a detail file is laid out, and rows of it as a hospital writes them. */
interface Layout {
  readonly of: string
  readonly columns: readonly string[]
  readonly example_lines: readonly string[]
  readonly result_columns: readonly string[]
}
const [RECORDED] = SETS.recorded.layouts
const LAYOUTS: readonly Layout[] = [
  {
    of: SETS.own.name,
    columns: DETAIL_COLUMNS,
    result_columns: RESULT_COLUMNS,
    example_lines: [
      '700000000001\t654002V0001\t65400299000000000099999999\t120.00\t60.00\t0.00\t0\tnull',
      '700000000002\t654002V0001\t65400299000000000099999999\t-120.00\t-60.00\t0.00\t1\tnull',
    ],
  },
  ...(FILES.includes(RECORDED) ? [{ ...(recorded(RECORDED).body as unknown as Layout), of: RECORDED }] : []),
]

const spec = SETS.own.messages.find(({ name }) => name === '2207-spec-style') as HisMessage
const asking = (infno: string, input: unknown): HisMessage => ({ name: infno, infno, body: envelope(infno, input) })
const fenIn = (row: string, column: number): number => Number(readYuan(row.split('\t')[column] ?? ''))
/** Bytes as Java counts them. */
const signed = (bytes: Uint8Array): number[] => [...bytes].map((byte) => (byte > 127 ? byte - 256 : byte))

describe.each(LAYOUTS.map((layout) => [layout.of, layout] as const))('对账文件：%s', (_, layout) => {
  test('各列的次序就是本系统读和写的次序', () => {
    expect(layout.columns).toEqual([...DETAIL_COLUMNS])
    expect(layout.result_columns).toEqual([...RESULT_COLUMNS])
  })
})

eachEngine((engine, open) => {
  describe.each(['second_step', 'in_between'] as const)('%s', (position) => {
    let chain: Chain
    let settled: Json
    beforeAll(async () => {
      chain = await openChain([engine, open], position, SETS.own.messages)
      const message = position === 'second_step' ? await chain.withInsurer(spec) : spec
      settled = (await chain.send(message)).json.output.setlinfo
    })
    afterAll(() => chain.stop())

    const line = (): string => {
      const amounts = [settled.medfee_sumamt, settled.fund_pay_sumamt, settled.acct_pay].map(String)
      return [settled.setl_id, settled.mdtrt_id, settled.psn_no, ...amounts, '0', 'null'].join('\t')
    }
    /** Uploads the rows, has them reconciled and gives the rows of the result by their columns. */
    async function reconciled(lines: readonly string[], write: (zip: Uint8Array) => unknown): Promise<Json[]> {
      const zip = zipSync({ 'detail.txt': strToU8(lines.join('\n')) })
      const fsUploadIn = { in: write(zip), filename: 'detail.zip', fixmedins_code: spec.body.fixmedins_code }
      const uploaded = await chain.send(asking('9101', { fsUploadIn }))
      expect(outcomeOf(uploaded)).toBe('成功')
      const sum = (column: number) => formatYuan(lines.reduce((total, row) => total + fenIn(row, column), 0))
      const data = {
        setl_optins: '654002',
        file_qury_no: uploaded.json.output.file_qury_no,
        stmt_begndate: '2026-11-01',
        stmt_enddate: '2026-11-30',
        medfee_sumamt: sum(3),
        fund_pay_sumamt: sum(4),
        cash_payamt: lines.includes(line()) ? String(settled.psn_cash_pay) : '0',
        fixmedins_setl_cnt: String(lines.length),
      }
      const answer = await chain.send(asking('3202', { data }))
      expect(outcomeOf(answer)).toBe('成功')
      const { file_qury_no, filename } = answer.json.output.fileinfo
      const fsDownloadIn = { file_qury_no, filename, fixmedins_code: spec.body.fixmedins_code }
      const found = await chain.download(asking('9102', { fsDownloadIn }))
      const [text = new Uint8Array()] = Object.values(unzipSync(found))
      const rows = strFromU8(text).split('\n').filter(Boolean)
      return rows.map((row) =>
        Object.fromEntries(row.split('\t').map((cell, i) => [RESULT_COLUMNS[i] ?? String(i), cell])),
      )
    }

    describe.each(LAYOUTS.map((layout) => [layout.of, layout] as const))('%s', (_, layout) => {
      test('本系统有的那行相符，不在结果里；没有的两行是医院多', async () => {
        const rows = await reconciled([...layout.example_lines, line()], (zip) => Buffer.from(zip).toString('base64'))
        const ids = layout.example_lines.map((row) => row.split('\t')[0])
        expect(rows.map((row) => [row.setl_id, row.stmt_rslt])).toEqual(ids.map((id) => [id, '000102']))
      })

      test('医院漏了的那笔是中心多，写出 2601 要用的报文ID；文件写成有正有负的字节', async () => {
        const rows = await reconciled([...layout.example_lines], signed)
        const ours = rows.find((row) => row.setl_id === settled.setl_id)
        expect(ours).toMatchObject({ stmt_rslt: '000101', msgid: spec.body.msgid, psn_no: settled.psn_no })
      })
    })
  })
})
