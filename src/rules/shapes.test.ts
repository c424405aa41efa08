import { expect, test } from 'vitest'
import { formatYuan } from '../kernel/money.ts'
import { applyRules } from './apply.ts'
import { type CaseBill, claimOfCase, startTotals } from './cases.ts'
import type { CompiledVersion } from './compile.ts'
import { benefitOf, versionOf } from './example.ts'
import { owedBy } from './scene.ts'

/** Assistance of each bill in turn, the running totals carried from one to the next. */
function inTurn(version: CompiledVersion, bills: readonly CaseBill[], household = false): readonly string[] {
  const totals = startTotals()
  return bills.map((bill) => {
    const claim = claimOfCase({ category: 'dibao', on: '2024-06-01', ...bill }, '410200')
    const ruling = applyRules(version, claim, Number(claim.discharged_on.slice(0, 4)), totals.read)
    totals.add(household ? { ...ruling, counters: ruling.counters.filter((one) => one.owner === 'household') } : ruling)
    expect(ruling.assistance).toBeLessThanOrEqual(owedBy(claim))
    return formatYuan(ruling.assistance)
  })
}
const self = (policy_scope_self_paid: string, more: CaseBill = {}): CaseBill => ({ policy_scope_self_paid, ...more })

test('封顶线随单次大小放宽：超过大病起付线的一次住院，全年限额加倍（平利）', () => {
  const version = benefitOf(
    '    ratio: { law: 三, ratio: "0.70" }\n    limits: { law: 三, pools: [annual] }',
    `parameters: { ci: { label: 大病保险起付线, value: "10000.00", source: 某保发 } }
pools:
  annual:
    law: 三
    label: 年度限额
    per: person_year
    rows: [{ bill: { amount: policy_scope_self_paid, above: { parameter: ci } }, amount: "30000.00" }, { amount: "15000.00" }]`,
  )
  expect(inTurn(version, [self('10000.00'), self('10000.00'), self('10000.00'), self('50000.00')])).toEqual([
    '7000.00',
    '7000.00',
    '1000.00',
    '15000.00',
  ])
})

test('一次性补助：剩余超过定额，一年一次（平利二次）', () => {
  const version = versionOf(`pools: { once: { law: 四, label: 一年一次, per: person_year, times: 1 } }
benefits:
  - { key: first, label: 住院救助, tier: 1, applies: { law: 三 }, base: { law: 三, of: policy_scope_self_paid }, ratio: { law: 三, ratio: "0.70" } }
  - key: lump
    label: 一次性救助
    tier: 2
    applies: { law: 四 }
    base: { law: 四, of: total_cost, less: [insurance_paid, assistance_so_far] }
    gate: { law: 四, any: [{ amount: base, over: bill, above: "6000.00" }] }
    ratio: { law: 四, lump: "2000.00" }
    limits: { law: 四, pools: [once] }`)
  expect(inTurn(version, [self('20000.00'), self('20000.04'), self('30000.00')])).toEqual([
    '14000.00',
    '16000.03',
    '21000.00',
  ])
})

test('一级限额用完才开第二级，分段，老人儿童加十个百分点（广州 2012）', () => {
  const version = versionOf(`pools:
  basic: { law: 五, label: 基本限额, per: person_year, amount: "40000.00" }
  more: { law: 六, label: 重大疾病限额, per: person_year, amount: "100000.00" }
benefits:
  - { key: basic, label: 基本救助, tier: 1, applies: { law: 五 }, base: { law: 五, of: [policy_scope_self_paid, insurance_deductible] }, ratio: { law: 五, ratio: "0.90" }, limits: { law: 五, pools: [basic] } }
  - key: more
    label: 重大疾病救助
    tier: 2
    applies: { law: 六, earlier: { benefit: basic, is: limit_reached } }
    base: { law: 六, of: left_by_benefits, benefits: [basic] }
    ratio:
      law: 六
      bands_are: marginal
      edges_from: zero
      bands: [{ up_to: "50000.00", ratio: "0.50" }, { above: "50000.00", up_to: "100000.00", ratio: "0.60" }, { above: "100000.00", ratio: "0.70" }]
    adjust:
      - { law: 六, age: { below: 18 }, points_more: "0.10" }
      - { law: 六, age: { from: 60 }, points_more: "0.10" }
    limits: { law: 六, pools: [more] }`)
  expect(inTurn(version, [self('44444.43')])).toEqual(['39999.99'])
  expect(inTurn(version, [self('100000.00')])).toEqual(['71000.00'])
  expect(inTurn(version, [self('100000.00', { age: 60 })])).toEqual(['77000.00'])
  expect(inTurn(version, [self('100000.00', { age: 17 })])).toEqual(['77000.00'])
})

test('个人年度封顶随医院级别，省外不管（安徽 351）', () => {
  const version = benefitOf(
    `    target:
      law: 二
      patient_pays: at_most
      rows: [{ hospital_level: 1, a_year: "3000.00" }, { hospital_level: 2, a_year: "5000.00" }, { a_year: "10000.00" }]
    ratio: { law: 二, ratio: "0" }
    base: { law: 二, of: patient_owes }`,
    'exclusions: [{ law: 三, label: 省外, place: out_of_province, reason: excluded_place }]',
  )
  expect(inTurn(version, [self('26000.00', { hospital_level: 3 }), self('88404.89', { hospital_level: 3 })])).toEqual([
    '16000.00',
    '88404.89',
  ])
  expect(
    inTurn(version, [
      self('2000.00', { hospital_level: 1 }),
      self('2000.00', { hospital_level: 2 }),
      self('2000.00', { hospital_level: 1 }),
    ]),
  ).toEqual(['0.00', '0.00', '2000.00'])
  expect(inTurn(version, [self('26000.00', { hospital_place: '110101' })])).toEqual(['0.00'])
})

test('按季度的门诊补助，不结转（广州 2016）', () => {
  const version = versionOf(`pools: { quarter: { law: 七, label: 门诊季度限额, per: person_quarter, amount: "300.00" } }
benefits: [{ key: outpatient, label: 门诊, tier: 1, applies: { law: 七, care_type: outpatient }, base: { law: 七, of: policy_scope_self_paid }, limits: { law: 七, pools: [quarter] } }]`)
  const visit = (amount: string, on: string) => self(amount, { care_type: 'outpatient', on })
  expect(
    inTurn(version, [visit('200.00', '2024-03-30'), visit('200.00', '2024-03-31'), visit('400.00', '2024-04-01')]),
  ).toEqual(['200.00', '100.00', '300.00'])
})

test('每户一年合用一个限额（泰安）', () => {
  const version = benefitOf(
    '    limits: { law: 八, pools: [family] }',
    'pools: { family: { law: 八, label: 家庭限额, per: household_year, amount: "30000.00" } }',
  )
  expect(inTurn(version, [self('20000.00'), self('20000.00')], true)).toEqual(['20000.00', '10000.00'])
})

test('替保险付起付线，一年三次，按医院级别（吉林市 2013）', () => {
  const version = benefitOf(
    '    base: { law: 一, of: insurance_deductible }\n    limits: { law: 一, pools: [thrice] }',
    'pools: { thrice: { law: 一, label: 全年次数, per: person_year, times: 3 } }',
  )
  const stay = self('2000.00', { amounts: { insurance_deductible: '600.00' } })
  expect(inTurn(version, [stay, stay, stay, stay])).toEqual(['600.00', '600.00', '600.00', '0.00'])
})

test('范围外的费用另算，分段全额（张家港）', () => {
  const version = benefitOf(`    base: { law: 九, of: self_funded }
    ratio:
      law: 九
      bands_are: whole
      edges_from: zero
      bands: [{ below: "20000.00", ratio: "0.70" }, { from: "20000.00", below: "100000.00", ratio: "0.80" }, { from: "100000.00", ratio: "0.90" }]`)
  const outside = (self_funded: string): CaseBill => ({ amounts: { self_funded } })
  expect(inTurn(version, [outside('19999.99'), outside('20000.00'), outside('100000.00')])).toEqual([
    '13999.99',
    '16000.00',
    '90000.00',
  ])
})

test('日照：认定日在后的用新的起付标准', () => {
  const version = benefitOf(`    deductible:
      law: 公告
      per: year
      rows: [{ recognised: { before: "2024-02-01" }, amount: "8000.00" }, { amount: "8561.00" }]`)
  const known = (from: string): CaseBill => self('9000.00', { category: [{ key: 'dibao', from }] })
  expect(inTurn(version, [known('2024-01-31')])).toEqual(['1000.00'])
  expect(inTurn(version, [known('2024-02-01')])).toEqual(['439.00'])
})

test('病种组的限额和比例：一类病、二类病、其他（贵池）', () => {
  const version = benefitOf(
    '    ratio: { law: 一, rows: [{ category: extremely_poor, ratio: "1" }, { ratio: "0.7" }] }\n    limits: { law: 一, pools: [disease] }',
    `diseases:
  first: { law: 附件, label: 一类病, diagnoses: [C00-C97], disease_codes: [M00500] }
  second: { law: 附件, label: 二类病, diagnoses: [I21], principal_only: true }
pools:
  disease: { law: 一, label: 病种限额, per: disease_year, rows: [{ disease: first, amount: "15000.00" }, { disease: second, amount: "6000.00" }, { amount: "3000.00" }] }`,
  )
  const ill = (...diagnoses: string[]) => self('10000.00', { diagnoses })
  expect(inTurn(version, [ill('C97.x')])).toEqual(['7000.00'])
  expect(inTurn(version, [ill('C98')])).toEqual(['3000.00'])
  expect(inTurn(version, [self('10000.00', { disease_code: 'M00500' })])).toEqual(['7000.00'])
  expect(inTurn(version, [ill('I21.9', 'I10')])).toEqual(['6000.00'])
  expect(inTurn(version, [ill('I10', 'I21.9')])).toEqual(['3000.00'])
  expect(inTurn(version, [ill('I21'), ill('C34'), ill('I21')])).toEqual(['6000.00', '7000.00', '0.00'])
})

test('未参保的另按总费用八成，未转诊只付两成（某市）', () => {
  const version = versionOf(`pools: { annual: { law: 九, label: 年度限额, per: person_year, amount: "40000.00" } }
benefits:
  - { key: insured, label: 参保, tier: 1, applies: { law: 一, insurance: [resident, employee] }, base: { law: 一, of: policy_scope_self_paid }, ratio: { law: 一, ratio: "0.7" }, adjust: [{ law: 十, referral: none, times: "0.2" }], limits: { law: 九, pools: [annual] } }
  - { key: uninsured, label: 未参保, tier: 1, applies: { law: 一, insurance: none }, base: { law: 一, of: total_cost, times: "0.8" }, ratio: { law: 一, ratio: "0.7" }, adjust: [{ law: 十, times: "0.2" }], limits: { law: 九, pools: [annual] } }`)
  expect(
    inTurn(version, [
      self('1000.00'),
      self('1000.00', { referral: 'none' }),
      self('1000.00', { insurance: 'none', amounts: { self_funded: '500.00' } }),
    ]),
  ).toEqual(['700.00', '140.00', '168.00'])
})

test('同一个年度限额，各级医院分开点名：每一级都受限', () => {
  const version = benefitOf(
    '    limits: { law: 九, pools: [{ pool: annual, hospital_level: 1 }, { pool: annual, hospital_level: [2, 3] }] }',
    'pools: { annual: { law: 九, label: 年度限额, per: person_year, amount: "10000.00" } }',
  )
  for (const hospital_level of [1, 2, 3] as const)
    expect(inTurn(version, [self('15000.00', { hospital_level })])).toEqual(['10000.00'])
})

test('癌症和其他病种各有限额，又合用年度限额：后来的癌症账单也受年度限额', () => {
  const version = benefitOf(
    '    limits: { law: 九, pools: [{ pool: in_c, disease: cancer }, { pool: in_o, not_disease: cancer }] }',
    `diseases: { cancer: { law: 附, label: 恶性肿瘤, diagnoses: [C00-C97] } }
pools:
  annual: { law: 九, label: 年度限额, per: person_year, amount: "10000.00" }
  in_c: { law: 九, label: 其中癌症, per: person_year, inside: annual, amount: "8000.00" }
  in_o: { law: 九, label: 其中其他病种, per: person_year, inside: annual, amount: "6000.00" }`,
  )
  const cancer: CaseBill = { diagnoses: ['C34.1'] }
  expect(inTurn(version, [self('9000.00'), self('9000.00', cancer), self('9000.00')])).toEqual([
    '6000.00',
    '4000.00',
    '0.00',
  ])
  expect(inTurn(version, [self('9000.00', cancer), self('9000.00')])).toEqual(['8000.00', '2000.00'])
})
