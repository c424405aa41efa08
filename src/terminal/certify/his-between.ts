import type { Check } from './case.ts'
import { playBill } from './his-amounts.ts'
import { type HisBill, hisBillOf } from './his-bill.ts'
import { infoIn, succeeded, type Wanted } from './his-check.ts'
import { smallBill } from './his-dialect-cases.ts'
import type { HisCase, HisStage } from './his-stage.ts'
import { STRANGER, townsman } from './people.ts'
import type { Row } from './rows-inpatient.ts'

const PART = 'HIS 接口 · 医保先付、救助后付'
const DUTY = '医保和救助一次返回：基金合计含 maf_pay，患者只付 psn_cash_pay；不要自己再减一遍救助。'

interface BetweenRow extends Omit<Row, 'pays' | 'patient_pays' | 'because'> {
  readonly wanted: Wanted
}

/**
 * The practice platform's law is made up: outpatients bear 100.00 of a year first and are paid six tenths of the rest
 * of the scope; assistance follows from what is left, by the practice rule.
 */
const ROWS: readonly BetweenRow[] = [
  {
    title: '低保对象普通门诊',
    who: 'dibao_4',
    care: 'outpatient',
    amounts: { total_cost: '400.00', policy_scope_cost: '400.00' },
    working: '医保（400.00 − 100.00）× 60% = 180.00；第十二条 220.00 × 50%',
    wanted: { maf_pay: '110.00', psn_cash_pay: '110.00', fund_pay_sumamt: '290.00' },
  },
  {
    title: '带自费和先行自付',
    who: 'dibao_5',
    care: 'outpatient',
    amounts: {
      total_cost: '326.50',
      self_funded: '20.00',
      prior_self_pay: '6.50',
      policy_scope_cost: '300.00',
    },
    working: '医保（300.00 − 100.00）× 60% = 120.00；第十二条 180.00 × 50% = 90.00；现金 326.50 − 120.00 − 90.00',
    wanted: { maf_pay: '90.00', psn_cash_pay: '116.50', fund_pay_sumamt: '210.00' },
  },
  {
    title: '门诊慢特病：透析',
    who: 'dibao_9',
    care: 'outpatient_chronic',
    diagnosis: ['N18.5', '慢性肾脏病5期'],
    amounts: { total_cost: '1100.00', policy_scope_cost: '1100.00' },
    working: '医保（1100.00 − 100.00）× 60% = 600.00；第十二条 500.00 × 75%',
    wanted: { maf_pay: '375.00', psn_cash_pay: '125.00', fund_pay_sumamt: '975.00' },
  },
  {
    title: '普通门诊，年度限额 300 元',
    who: 'dibao_10',
    care: 'outpatient',
    amounts: { total_cost: '1600.00', policy_scope_cost: '1600.00' },
    working: '医保（1600.00 − 100.00）× 60% = 900.00；第十二条 700.00 × 50% = 350.00；第十三条 限额 300.00',
    wanted: { maf_pay: '300.00', psn_cash_pay: '400.00', fund_pay_sumamt: '1200.00', because: ['limit_cut'] },
  },
  {
    title: '监测对象普通门诊：0.00，附原因',
    who: 'poverty_monitored_1',
    care: 'outpatient',
    amounts: { total_cost: '200.00', policy_scope_cost: '200.00' },
    working: '医保（200.00 − 100.00）× 60% = 60.00；第十二条 普通门诊不救助监测对象',
    wanted: {
      maf_pay: '0.00',
      psn_cash_pay: '140.00',
      fund_pay_sumamt: '60.00',
      because: ['care_type_not_covered'],
    },
  },
  {
    title: '在册但没有救助类别：0.00，附原因',
    who: 'no_category',
    care: 'outpatient',
    amounts: { total_cost: '400.00', policy_scope_cost: '400.00' },
    working: '医保 180.00；第四条 当天没有身份',
    wanted: { maf_pay: '0.00', psn_cash_pay: '220.00', fund_pay_sumamt: '180.00', because: ['no_category'] },
  },
]

function betweenCase({ wanted, ...row }: BetweenRow, nth: number): HisCase[] {
  const bill = hisBillOf({ ...row, pays: '0.00', patient_pays: '0.00' })
  if (!bill) return []
  const { title, working } = row
  const run = (stage: HisStage, check: Check) => playBill(stage, check, bill, wanted)
  return [{ id: `H1${String(nth + 1).padStart(2, '0')}`, part: PART, title, working, duty: DUTY, run }]
}

/** Settles with the insurer alone: nothing of ours is added, and nothing is in the way. */
const unchanged = (id: string, title: string, duty: string, bill: () => HisBill): HisCase => ({
  id,
  part: PART,
  title,
  working: '医保（400.00 − 100.00）× 60% = 180.00；现金 220.00',
  duty,
  async run(stage, check) {
    const one = bill()
    const ids = await stage.nextIds(one.patient)
    const settled = await stage.ask('2207', stage.settling(one, ids))
    check.holds('读作成功', settled.infcode === '0', settled.errMsg)
    const info = infoIn(settled)
    check.same('maf_pay', Number(info.maf_pay), 0)
    check.same('psn_cash_pay', Number(info.psn_cash_pay), 220)
    const back = { data: { setl_id: info.setl_id, mdtrt_id: ids.mdtrt_id, psn_no: ids.psn_no } }
    const cancelled = await stage.ask('2208', back)
    check.holds('可以撤销', cancelled.infcode === '0', cancelled.errMsg)
  },
})

const OTHERS: readonly HisCase[] = [
  unchanged(
    'H151',
    '不在救助登记册的人：医保照常结算，答复原样返回',
    '没有救助身份的患者也走同一个接口，不必先判断。',
    () => smallBill({ patient: STRANGER }),
  ),
  {
    id: 'H152',
    part: PART,
    title: '医保拒绝的：提示原样返回，没有入账',
    duty: '医保平台的提示原样给收费员看，按它处理。',
    async run(stage, check) {
      const bill = smallBill({ patient: townsman('dibao_40'), insutype: '340' })
      const ids = await stage.nextIds(bill.patient)
      const no = await stage.ask('2207', stage.settling(bill, ids))
      check.holds('读作失败', no.infcode !== '0', '读作成功')
      check.holds('有提示', no.errMsg !== '', '没有')
      succeeded(check, await stage.ask('2207', stage.settling(smallBill(), ids)), '改正后')
    },
  },
]

/** For hospitals that settle through us. */
export const BETWEEN_CASES: readonly HisCase[] = [...ROWS.flatMap(betweenCase), ...OTHERS]
