import { describe, expect, it } from 'vitest'
import { bookSketches, sketches } from '../../fixtures/booked.ts'
import { tamper } from '../../fixtures/tamper.ts'
import { eachEngine, type Open, testKeys } from '../../test/engines.ts'
import { isRefusal } from '../kernel/refusal.ts'
import type { AnyStore } from '../store/open.ts'
import { verifyLedger } from './verify.ts'

const operator = { kind: 'operator', id: 'root' } as const
const keys = testKeys()

/** Eight settlements, two of them reversed, one that paid nothing. */
async function ledger(open: Open): Promise<AnyStore> {
  const store = await open()
  await bookSketches(
    store,
    sketches(8, (s, i) =>
      i === 2 || i === 5 ? { reversedAt: s.at + 1000 } : i === 6 ? { assistance: 0, category: null } : {},
    ),
  )
  return store
}

async function verify(store: AnyStore) {
  const found = await verifyLedger({ store, keys, now: Date.now }, operator)
  if (isRefusal(found)) throw new Error(found.detail)
  return found
}

const ATTACKS: [string, string, string[], RegExp][] = [
  [
    '分录一边少一分',
    'posting',
    ['UPDATE posting SET credit_fen = credit_fen - 1 WHERE ledger_seq = 1 AND leg = 2'],
    /row 1 .*balance/,
  ],
  [
    '分录两边都少一分',
    'posting',
    [
      'UPDATE posting SET credit_fen = credit_fen - 1 WHERE ledger_seq = 2 AND leg = 2',
      'UPDATE posting SET debit_fen = debit_fen - 1 WHERE ledger_seq = 2 AND leg = 1',
    ],
    /row 2 .*postings of/,
  ],
  ['分录整笔删除', 'posting', ['DELETE FROM posting WHERE ledger_seq = 1'], /row 1 .*postings of 0.00/],
  ['凭空多一笔分录', 'posting', [`INSERT INTO posting VALUES (99, 1, 'x', 1, 0)`], /row 99.*without a settlement/],
  [
    '分录挪到别的科目',
    'posting',
    [`UPDATE posting SET account = 'hospital_payable:H9' WHERE ledger_seq = 4 AND leg = 1`],
    /not the original mirrored/,
  ],
  [
    '科目余额被改',
    'account_total',
    ['UPDATE account_total SET debit_fen = debit_fen + 1'],
    /account .*differs from its postings/,
  ],
  ['科目余额被删', 'account_total', ['DELETE FROM account_total'], /account .*differs from its postings/],
  [
    '累计数被改',
    'counter',
    [`UPDATE counter SET value = value - 1 WHERE owner = 'p:1'`],
    /counter p:1 .*add up to 100001/,
  ],
  ['累计数被删', 'counter', [`DELETE FROM counter WHERE owner = 'p:2'`], /counter p:2 .*stands at 0/],
  ['凭空多一个累计数', 'counter', [`INSERT INTO counter VALUES ('p:9', 'x', 5)`], /counter p:9 x.*stands at 5/],
  ['结算行被删', 'settlement', ['DELETE FROM settlement WHERE ledger_seq = 5'], /row 5.*gap/],
  [
    '末尾的结算行被删',
    'settlement',
    ['DELETE FROM settlement WHERE ledger_seq = 10'],
    /ledger.*9 rows, last number 9, lane at 10/,
  ],
  [
    '救助金额被改',
    'settlement',
    ['UPDATE settlement SET assistance_fen = assistance_fen + 1 WHERE ledger_seq = 1'],
    /row 1 .*for an assistance of/,
  ],
  [
    '个人支付被改',
    'settlement',
    ['UPDATE settlement SET patient_fen = patient_fen + 1 WHERE ledger_seq = 1'],
    /row 1 .*differs from its parts/,
  ],
  [
    '冲销的金额和原结算不等',
    'settlement',
    ['UPDATE settlement SET total_fen = total_fen - 1, other_fen = other_fen - 1 WHERE ledger_seq = 4'],
    /total_fen is not the original's/,
  ],
  [
    '冲销挂到别人名下',
    'settlement',
    ['UPDATE settlement SET person_id = 1 WHERE ledger_seq = 4'],
    /person_id differs from the original/,
  ],
  [
    '冲销的原结算不存在',
    'settlement',
    [`UPDATE settlement SET reverses = 'N9' WHERE ledger_seq = 4`],
    /not in the ledger/,
  ],
  [
    '一张账单两笔有效结算',
    'settlement',
    [`UPDATE settlement SET bill_no = 'ZY-N000002', attempt = 2 WHERE ledger_seq = 6`],
    /bill H65400200001 ZY-N000002.*2 live/,
  ],
  [
    '结算次数被改',
    'settlement',
    ['UPDATE settlement SET attempt = 2 WHERE ledger_seq = 1'],
    /attempts counted up to 2/,
  ],
  [
    '存档的累计变动读不出',
    'settlement',
    [`UPDATE settlement SET facts = '{' WHERE ledger_seq = 1`],
    /no readable deltas/,
  ],
]

eachEngine((_, open) => {
  describe('账簿核对', () => {
    it('没有动过的账簿平：合计等于留存的救助金额', async () => {
      const found = await verify(await ledger(open))
      expect(found.faults).toEqual([])
      expect(found).toMatchObject({ settlements: 10, assistance_fen: 100_001 + 100_002 + 100_004 + 100_005 + 100_008 })
    })

    it('空账簿也平', async () => {
      expect(await verify(await open())).toEqual({ settlements: 0, assistance_fen: 0, counters: 0, faults: [] })
    })

    it.each(ATTACKS)('%s：查得出', async (_, table, statements, expected) => {
      const store = await ledger(open)
      await tamper(store, table, ...statements)
      const lines = (await verify(store)).faults.map((f) => `${f.where}: ${f.what}`)
      expect(
        lines.some((line) => expected.test(line)),
        lines.join('\n'),
      ).toBe(true)
    })

    it('不是审计人员不能核对', async () => {
      const store = await open()
      const clerk = { kind: 'staff', id: 'S1', roles: ['register_clerk'] } as const
      expect(await verifyLedger({ store, keys, now: Date.now }, clerk)).toMatchObject({ refusal: 'forbidden' })
    })
  })
})
