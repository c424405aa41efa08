import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openBooks } from './books.ts'
import { envelope } from './hospital.ts'
import { type Amounts, detailsOf, type Insured, insure } from './insure.ts'
import { FIXTURES } from './people.ts'
import { transact } from './transactions.ts'
import { isJson, isRefused, type Json, readCall } from './wire.ts'

const fen = (value: unknown): number => Math.round(Number(value) * 100)

describe('what it pays', () => {
  const NOBODY: Insured = {
    insutype: '390',
    inpatient: false,
    civilServant: false,
    split: { fulamt_ownpay_amt: 0, overlmt_selfpay: 0, preselfpay_amt: 0, inscp_scp_amt: 0 },
    deductiblePaid: 0,
    borne: 0,
    balance: 0,
    useAccount: true,
    assists: false,
  }
  const scope = (yuan: number, rest: Partial<Insured> = {}): Insured => ({
    ...NOBODY,
    ...rest,
    split: { ...NOBODY.split, inscp_scp_amt: yuan * 100 },
  })
  test.each<[string, Insured, Partial<Amounts>]>([
    ['居民门诊：起付100元，超过部分60%', scope(300), { act_pay_dedc: 100_00, hifp_pay: 120_00, psn_cash_pay: 180_00 }],
    ['不足起付标准的全部自付', scope(9), { act_pay_dedc: 9_00, hifp_pay: 0, psn_cash_pay: 9_00 }],
    ['当年已付起付80元，再付20元', scope(120, { deductiblePaid: 80_00 }), { act_pay_dedc: 20_00, hifp_pay: 60_00 }],
    [
      '居民住院：起付500元，超过部分75%',
      scope(2500, { inpatient: true }),
      { hifp_pay: 1500_00, psn_part_amt: 1000_00 },
    ],
    ['居民大病：全年自付超过12000元部分60%', scope(2500, { inpatient: true, borne: 11_500_00 }), { hifmi_pay: 300_00 }],
    ['职工门诊：起付200元，超过部分70%', scope(300, { insutype: '310' }), { act_pay_dedc: 200_00, hifp_pay: 70_00 }],
    ['职工大额：全年自付超过8000元部分80%', scope(600, { insutype: '310', borne: 9_000_00 }), { hifob_pay: 256_00 }],
    ['公务员：起付以上余额的50%', scope(1200, { insutype: '310', civilServant: true }), { cvlserv_pay: 150_00 }],
    ['个人账户先付', scope(300, { balance: 50_00 }), { acct_pay: 50_00, psn_cash_pay: 130_00 }],
    ['不用个人账户', scope(300, { balance: 50_00, useAccount: false }), { acct_pay: 0, psn_cash_pay: 180_00 }],
    ['平台自有救助：个人负担的50%', scope(300, { assists: true }), { maf_pay: 90_00, fund_pay_sumamt: 210_00 }],
  ])('%s', (_, insured, expected) => expect(insure(insured)).toMatchObject(expected))

  test('every payer has a row, the account and the hospital too', () => {
    const split = { fulamt_ownpay_amt: 0, overlmt_selfpay: 100_00, preselfpay_amt: 0, inscp_scp_amt: 20_000_00 }
    const insured = { ...NOBODY, split, inpatient: true, borne: 20_000_00, balance: 1_00, assists: true }
    const rows = detailsOf('390', insure(insured)).map((row) => row.fund_pay_type)
    expect(rows).toEqual(['390100', '390200', '610100', '310200', '999996'])
  })
})

describe('what it answers', () => {
  const amount = fc.integer({ min: 0, max: 5_000_000 })
  const bill = fc.record({
    who: fc.integer({ min: 0, max: FIXTURES.length - 1 }),
    inpatient: fc.boolean(),
    parts: fc.tuple(amount, amount, amount, amount),
    account: fc.boolean(),
    assists: fc.boolean(),
    cancel: fc.boolean(),
  })

  /** The three identities as a hospital holds them against an answer. */
  function identities(s: Json): void {
    const of = (name: string) => fen(s[name])
    const parts = of('fulamt_ownpay_amt') + of('overlmt_selfpay') + of('preselfpay_amt') + of('inscp_scp_amt')
    expect(of('medfee_sumamt')).toBe(parts)
    const person = s.psn_part_amt === null ? of('acct_pay') + of('psn_cash_pay') : of('psn_part_amt')
    const hospital = of(s.hosp_part_amt === null ? 'ownpay_hosp_part' : 'hosp_part_amt') || 0
    expect(of('medfee_sumamt')).toBe(of('fund_pay_sumamt') + person + hospital)
    expect(person).toBe(of('acct_pay') + of('psn_cash_pay'))
  }

  test('identities 1 to 3 hold for every bill and its cancellation, and a cancelled pair leaves nothing behind', () => {
    fc.assert(
      fc.property(fc.array(bill, { minLength: 1, maxLength: 12 }), (bills) => {
        const { books, enter } = openBooks(null)
        let n = 0
        const say = (infno: string, data: Json, assists = false): Json => {
          const call = readCall('/his', JSON.stringify(envelope(infno, `m${++n}`, { data })))
          if (isRefused(call)) throw new Error(call.refuse)
          const said = transact({ books, now: Date.parse('2026-03-12T02:00:00Z') + n, assists }, call)
          if (!('output' in said) || !isJson(said.output)) throw new Error(JSON.stringify(said))
          enter(said.events ?? [], null)
          return said.output
        }
        let live = 0
        for (const b of bills) {
          const person = FIXTURES[b.who]
          if (!person) continue
          const [own, over, first, scope] = b.parts.map((part) => (part / 100).toFixed(2))
          const split = { fulamt_ownpay_amt: own, overlmt_selfpay: over, preselfpay_amt: first, inscp_scp_amt: scope }
          const medfee_sumamt = (b.parts.reduce((x, y) => x + y, 0) / 100).toFixed(2)
          const visit = { psn_no: person.psn_no, mdtrt_id: `V${++n}`, chrg_bchno: '1' }
          const data = { ...visit, ...split, medfee_sumamt, acct_used_flag: b.account ? '1' : '0' }
          const before = books.spent.get(person.psn_no) ?? 0
          const { setlinfo } = say(b.inpatient ? '2304' : '2207', data, b.assists) as { setlinfo: Json }
          identities(setlinfo)
          expect(fen(setlinfo.balc)).toBe(person.balance - (books.spent.get(person.psn_no) ?? 0))
          expect(fen(setlinfo.balc)).toBeGreaterThanOrEqual(0)
          expect(Object.values(setlinfo).every((v) => typeof v !== 'number' || v >= 0)).toBe(true)
          if (!b.cancel) live++
          else {
            const back = say(b.inpatient ? '2305' : '2208', { ...visit, setl_id: setlinfo.setl_id }).setlinfo as Json
            identities(back)
            expect(back.setl_id).not.toBe(setlinfo.setl_id)
            expect(fen(back.medfee_sumamt) + fen(setlinfo.medfee_sumamt)).toBe(0)
            expect(books.spent.get(person.psn_no) ?? 0).toBe(before)
          }
        }
        expect(books.live.size).toBe(live)
        for (const used of books.used.values()) expect(Math.min(...Object.values(used))).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 200 },
    )
  })
})
