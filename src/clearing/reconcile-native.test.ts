import { beforeAll, describe, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { type Answer, billOf, openWorld, SOMEBODY, type Terminal, TODAY, type World } from '../../test/world.ts'
import { psnBlind } from '../his/kept.ts'

interface Row {
  readonly settlement_no: string
  readonly total_cost: string
  readonly assistance_paid: string
}

/** The native interface (`POST /v1/reconciliations`), as a hospital's own terminals ask. */
eachEngine((engine, open) => {
  let w: World
  let rows: Row[]
  const DAY = '2026-11-01'
  const NEXT = '2026-11-02'

  const ask = (body: object, terminal: Terminal = w.terminal): Promise<Answer> =>
    w.call('POST', '/v1/reconciliations', { terminal, body: { from: DAY, ...body } })
  const found = async (listed: readonly Row[], change: object = {}) => {
    const { json } = await ask({ rows: listed, ...change })
    return [
      json.result,
      json.differences.map((d: { kind: string; settlement_no: string }) => [d.kind, d.settlement_no]),
    ]
  }

  /** Two settlements on the first of November, the second taken back the same day; one more on the second. */
  beforeAll(async () => {
    w = await openWorld(engine, open)
    const booked = async (base: string): Promise<Row> => {
      const { json } = await w.settle(billOf(SOMEBODY, base))
      return { settlement_no: json.settlement_no, total_cost: base, assistance_paid: json.assistance_paid }
    }
    const first = await booked('4000.00')
    const second = await booked('1000.00')
    const { json } = await w.reverse(second.settlement_no)
    const third = { ...second, settlement_no: json.settlement_no, assistance_paid: json.assistance_paid }
    w.clock = Date.parse(`${NEXT}T00:00:00+08:00`)
    const late = await booked('500.00')
    await w.settle(billOf(SOMEBODY, '1.00'), undefined, w.stranger)
    w.clock = TODAY
    rows = [first, second, { ...third, total_cost: '-1000.00' }, late]
  })
  const today = () => rows.slice(0, 3)

  describe('按行', () => {
    it('一致：冲销是单独的一行，金额为负；次序不论', async () => {
      expect(Number(rows[0]?.assistance_paid)).toBeGreaterThan(0)
      expect(await found(today().reverse())).toEqual(['equal', []])
      expect(await found(rows, { to: NEXT })).toEqual(['equal', []])
    })

    it('每一种差异', async () => {
      const [one, two, three, late] = rows as [Row, Row, Row, Row]
      expect(await found([one, two])).toEqual(['centre_more', [['centre_only', three.settlement_no]]])
      expect(await found([...today(), late])).toEqual(['hospital_more', [['hospital_only', late.settlement_no]]])
      expect(await found([one, one, two, three])).toEqual(['hospital_more', [['duplicate', one.settlement_no]]])
      expect(await found([{ ...one, assistance_paid: '0.01' }, two, three])).toEqual([
        'differs',
        [['differs', one.settlement_no]],
      ])
      expect(await found([{ ...one, total_cost: '4000.01' }, two, late])).toEqual([
        'differs',
        [
          ['differs', one.settlement_no],
          ['hospital_only', late.settlement_no],
          ['centre_only', three.settlement_no],
        ],
      ])
    })

    it('答复写出双方的数', async () => {
      const [one, two, three] = rows as [Row, Row, Row]
      const { json } = await ask({ rows: [{ ...one, total_cost: '3999.99' }, two, three] })
      const amounts = { total_cost: '4000.00', assistance_paid: one.assistance_paid }
      expect(json).toEqual({
        reconciliation_no: expect.stringMatching(/^R\d{14}[0-9A-Z]{8}$/),
        from: DAY,
        to: DAY,
        result: 'differs',
        theirs: { count: 3, ...amounts, total_cost: '3999.99' },
        ours: { count: 3, ...amounts },
        differences: [
          {
            kind: 'differs',
            settlement_no: one.settlement_no,
            theirs: { ...amounts, total_cost: '3999.99' },
            ours: amounts,
          },
        ],
      })
    })

    it('只对本院的：别的医院列出我们的单据，是它多的', async () => {
      const { json } = await ask({ rows: today() }, w.stranger)
      expect([json.result, json.ours.count]).toEqual(['hospital_more', 0])
    })
  })

  describe('按合计', () => {
    const totals = (count: number, total_cost: string) => ({
      totals: { count, total_cost, assistance_paid: rows[0]?.assistance_paid },
    })
    it.each([
      ['一致', 3, '4000.00', 'equal'],
      ['中心多', 2, '4000.00', 'centre_more'],
      ['医院多', 4, '4000.00', 'hospital_more'],
      ['金额不一致', 3, '4000.01', 'differs'],
    ])('%s', async (_, count, total, result) => {
      const { json } = await ask(totals(count, total))
      expect(json).toMatchObject({ result, differences: null, ours: { count: 3, total_cost: '4000.00' } })
    })
  })

  it('由国家接口带来单据的结算，在国家接口对账', async () => {
    const { store, service } = w
    const [one] = rows as [Row]
    const { json } = await w.settle(billOf(SOMEBODY, '2.00'))
    const document = {
      hospital_code: w.terminal.hospital,
      setl_id: '9001',
      kind: 'settlement',
      settlement_no: json.settlement_no,
      key: '2207:1',
      mdtrt_id: 'M',
      bill_no: json.bill_no,
      psn_blind: psnBlind(service.deps.keys, 'P'),
      insutype: '390',
      clr_type: '11',
      setl_optins: '654002',
      setl_day: DAY,
      ...{ medfee_fen: 200, fund_fen: 0, acct_fen: 0, cash_fen: 200, assistance_fen: 0 },
      sealed: '',
      at: TODAY,
    }
    await store.write(async (tx) => {
      await tx.insert(store.tables.his_document).values(document)
    })
    expect(await found(today())).toEqual(['equal', []])
    expect((await ask({ totals: { count: 3, ...one, settlement_no: undefined } })).json.ours.count).toBe(3)
  })

  it.each<[string, object]>([
    ['没有带合计也没有带明细', {}],
    ['两样都带', { rows: [], totals: { count: 0, total_cost: '0.00', assistance_paid: '0.00' } }],
    ['日期写反', { to: '2026-10-31', rows: [] }],
    ['没有这一天', { to: '2026-11-31', rows: [] }],
    ['超过一年', { to: '2028-01-01', rows: [] }],
    ['金额是数字', { rows: [{ settlement_no: 'x', total_cost: 1, assistance_paid: '0.00' }] }],
    ['行数太多', { rows: Array.from({ length: 10_001 }, () => ({})) }],
  ])('拒绝：%s', async (_, body) => {
    const { status, json } = await ask(body)
    expect([status, json.code]).toEqual([400, 'invalid_request'])
  })
})
