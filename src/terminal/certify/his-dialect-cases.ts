import { setTimeout } from 'node:timers/promises'
import { DIALECTS, type Dialect } from './dialects.ts'
import { type HisBill, hisBillOf } from './his-bill.ts'
import { assistedWith, cancels, infoIn } from './his-check.ts'
import type { HisCase } from './his-stage.ts'
import type { Row } from './rows-inpatient.ts'

const PART = 'HIS 接口 · 各家写法'

/**
 * 第十二条 普通门诊 50 %. Second step: the insurer has paid 280.00 of 400.00, 120.00 × 50 % = 60.00. In between: the
 * practice platform takes 100.00 off first and pays six tenths of the rest, 180.00; 220.00 × 50 % = 110.00.
 */
export const SMALL: Row = {
  title: '普通门诊',
  who: 'dibao_40',
  care: 'outpatient',
  amounts: { total_cost: '400.00', policy_scope_cost: '400.00', basic_insurance_paid: '280.00' },
  working: '先与医保结算：120.00 × 50%；经本服务结算：医保 300.00 × 60%，220.00 × 50%',
  pays: '60.00',
  patient_pays: '60.00',
}
export const SMALL_WANTED = {
  second_step: { maf_pay: '60.00', psn_cash_pay: '60.00', fund_pay_sumamt: '340.00' },
  in_between: { maf_pay: '110.00', psn_cash_pay: '110.00', fund_pay_sumamt: '290.00' },
} as const

export function smallBill(change: Partial<HisBill> = {}): HisBill {
  const bill = hisBillOf(SMALL)
  if (!bill) throw new Error('an outpatient bill has its columns')
  return { ...bill, ...change }
}

/**
 * Where the message number ends in the second, a run of a moment ago may have used the numbers of this one: the service
 * rightly refuses them for another patient's bill. Up to a second.
 */
async function freshSecond({ msgid }: Dialect, now: number): Promise<void> {
  if (msgid('', now, 1) === msgid('', now, 2)) await setTimeout(1_000 - (now % 1_000))
}

const dialectCase = (dialect: Dialect, nth: number): HisCase => ({
  id: `H5${String(nth + 1).padStart(2, '0')}`,
  part: PART,
  title: `${dialect.id} 型：${dialect.name}`,
  working: SMALL.working,
  duty: `按本型的成功判断读取答复：${dialect.reader.how}。`,
  async run(stage, check) {
    const bill = smallBill()
    const ids = await stage.nextIds(bill.patient)
    const input = stage.settling(bill, ids, dialect)
    await freshSecond(dialect, stage.reached.now())
    const wanted = SMALL_WANTED[stage.reached.mode]
    const trial = await stage.ask('2206', input, { dialect })
    assistedWith(check, trial, '2206 试算', wanted)
    const settled = await stage.ask('2207', input, { dialect })
    assistedWith(check, settled, '2207 结算', wanted)
    check.holds('本型读作成功', dialect.reader.success(settled.json), dialect.reader.how)
    const { setl_id } = infoIn(settled)
    const node = { setl_id, mdtrt_id: ids.mdtrt_id, psn_no: ids.psn_no }
    const again = await stage.ask('2207', stage.settling(bill, ids, dialect), { dialect, msgid: stage.nextMsgid() })
    check.holds('本型把拒绝读作失败', !dialect.reader.success(again.json), `infcode ${again.infcode} ${again.errMsg}`)
    cancels(check, await stage.ask('2208', { [dialect.node]: node }, { dialect }), settled)
  },
})

export const DIALECT_CASES: readonly HisCase[] = DIALECTS.map(dialectCase)
