import { expect, test } from 'vitest'
import type { CaseBill } from './cases.ts'
import { type CompiledVersion, compileText } from './compile.ts'
import { benefitOf, documentOf, rule, versionOf } from './example.ts'
import { explainRuling, explainVersion } from './explain.ts'
import { sayBill } from './wording-bill.ts'

const tell = (version: CompiledVersion, facts: CaseBill): string => explainRuling(rule(version, facts), version)

const PARTS = `pools:
  annual: { law: 第九条, label: 年度限额, per: person_year, rows: [{ category: extremely_poor, amount: none }, { amount: "20000.00" }] }
  visits: { law: 第九条, label: 门诊次数, per: person_quarter, inside: annual, times: 3 }
  family: { law: 第九条, label: 家庭限额, per: household_year, amount: { parameter: income } }
parameters:
  income: { label: 人均收入, value: "17245.00", source: 统计局 }
diseases:
  cancer: { law: 附件, label: 恶性肿瘤, diagnoses: [C00-C97] }
none: [{ law: 第五条, label: 普通门诊不救助, category: [dibao], care_type: outpatient }]
exclusions: [{ law: 第十六条, label: 工伤, circumstance: work_injury, reason: excluded_work_injury }]
benefits:
  - key: inpatient
    label: 住院救助
    tier: 1
    applies: { law: 第五条, care_type: inpatient, insurance: none, referral: [none, referred], place: in_county, hospital_level: [1, 2], not_disease: cancer, channel: application }
    base: { law: 第六条, of: [policy_scope_self_paid, self_funded], less: [donation_paid, { amount: policy_scope_cost, times: "0.2" }], times: [{ insurance: none, value: "0.8" }, { value: "1" }] }
    gate: { law: 第七条, any: [{ amount: total_cost, over: bill, above: "100.00" }, { amount: total_cost, over: year, from: { parameter: income } }] }
    deductible: { law: 第七条, per: year, rows: [{ category: extremely_poor, amount: none }, { amount: { parameter: income, times: "0.1" } }] }
    ratio:
      law: 第八条
      bands_are: marginal
      edges_from: zero
      rows:
        - { category: extremely_poor, disease: cancer, ratio: "1" }
        - { bands: [{ up_to: "6000.00", ratio: "0.70" }, { above: "6000.00", ratio: "0.75" }] }
    adjust:
      - { law: 第十条, label: 未成年人, age: { below: 18 }, points_more: "0.10" }
      - { law: 第十条, age: { from: 60, up_to: 69 }, points_less: "0.05" }
      - { law: 第十条, referral: none, times: "0.2" }
      - { law: 第十条, nothing_below: "50.00" }
      - { law: 第十条, at_least: "60.00" }
    target: { law: 第二条, patient_pays: at_most, rows: [{ hospital_level: 1, share: "0.10", of: total_cost }, { hospital_level: 2, a_year: "3000.00" }, { a_bill: "800.00" }] }
    limits: { law: 第九条, pools: [annual, { pool: family, category: dibao }] }
    accumulate: { law: 第六条, per: year, less: paid }
    round: { law: 第三条, to: jiao, mode: down, patient: { to: jiao, mode: half_up } }
  - key: chronic
    label: 门诊慢特病
    tier: 2
    applies: { law: 第五条, recognised: { from: "2024-01-01", before: "2025-01-01" }, bill: { amount: total_cost, above: "9.00" }, year: [{ amount: total_cost, up_to: "99.00" }], earlier: { benefit: inpatient, is: not_used }, nth_this_year: { up_to: 3 } }
    base: { law: 第六条, of: total_cost, times: "0.5" }
    ratio: { law: 第八条, bands_are: whole, edges_from: zero, bands: [{ below: "100.00", ratio: "0.5" }, { from: "100.00", lump: "60.00" }] }
    limits: { law: 第九条, pools: [visits] }
  - key: lump
    label: 定额
    tier: 3
    applies: { law: 第五条 }
    base: { law: 第六条, of: left_by_benefits, benefits: [inpatient], without_capped_part: true, at_most: "900.00" }
    gate: { law: 第七条, only_for: { age: { below: 18 } }, any: [{ amount: total_cost, over: household_year, below: "9.00" }] }
    deductible: { law: 第七条, only_for: { place: in_province }, per: bill, amount: "10.00" }
    ratio: { law: 第八条, lump: "60.00" }
    round: { law: 第三条, to: yuan, mode: half_even }
  - key: quota
    label: 补足
    tier: 4
    applies: { law: 第五条, circumstance: work_injury }
    base: { law: 第六条, of: total_cost }
    deductible: { law: 第七条, per: year, amount: none }
    ratio: { law: 第八条, rows: [{ category: dibao, lump: "70.00" }, { top_up: { to: "5000.00", counting: [insurance_paid], per: year } }] }
    accumulate: { law: 第六条, only_for: { insurance: resident }, per: year }
    target: { law: 第二条, only_for: { insurance: employee }, label: 个人付, patient_pays: exactly, rows: [{ a_bill: "1.00" }] }
`

test('把一个版本念成中文', () => {
  expect(explainVersion(versionOf(PARTS))).toMatchSnapshot()
  const bare = explainVersion(benefitOf(''))
  for (const heading of ['三、', '四、', '五、']) expect(bare).not.toContain(heading)
  const other = documentOf(
    'choose: { by: best, law: 第四条 }\ndated_by: admission_date\nyear_by: settlement_date\nillustrative: true\nbenefits: [{ key: a, label: 甲, tier: 1, applies: { law: 五 }, base: { law: 六, of: total_cost } }]',
  )
  expect(explainVersion(compileText(other, 'f'))).toMatchSnapshot()
  const repeal = compileText(
    'scheme: a\nstart: "2025-01-01"\ntitle: 某市废止通知\nrepealed: true\ndocument: { number: 一号, source: 网站 }\njurisdiction: ["410200"]',
    'f',
  )
  expect(explainVersion(repeal)).toBe('某市废止通知\n一号；出处：网站\n自 2025-01-01 起废止。')
})

test('对患者说一句话', () => {
  const version = benefitOf(
    '    ratio: { law: 第八条, ratio: "0.75" }\n    limits: { law: 第九条, pools: [annual] }',
    'pools: { annual: { law: 第九条, label: 年度限额, per: person_year, amount: "60000.00" } }',
  )
  expect(tell(version, { policy_scope_self_paid: '100.00' })).toBe(
    '因为您是低保对象，本次住院救助 75.00 元（100.00 × 75%，第八条）。',
  )
  expect(tell(version, { policy_scope_self_paid: '100000.00' })).toBe(
    '因为您是低保对象，本次住院救助 60000.00 元（100000.00 × 75%，第八条）；限额所余不足，只支付所余部分（第九条）。',
  )
  expect(tell(version, { care_type: 'outpatient' })).toBe(
    '因为您是低保对象，本次医疗救助为 0.00 元：这类就诊不在救助范围（第五条）。',
  )
  expect(tell(version, { category: [] })).toBe('本次医疗救助为 0.00 元：就诊日不在任何一类救助对象之内（第四条）。')
  expect(tell({ ...version, illustrative: true }, { policy_scope_self_paid: '1.00' })).toBe(
    '因为您是低保对象，本次住院救助 0.75 元（1.00 × 75%，第八条）。（示例办法，不作为办理依据）',
  )
  const two = versionOf(`benefits:
  - { key: a, label: 甲项, tier: 1, applies: { law: 五 }, base: { law: 六, of: total_cost }, ratio: { law: 八, ratio: "0.5" } }
  - { key: b, label: 乙项, tier: 2, applies: { law: 五 }, base: { law: 六, of: left_by_benefits } }`)
  expect(tell(two, { policy_scope_self_paid: '1.00' })).toBe(
    '因为您是低保对象，本次甲项 0.50 元（1.00 × 50%，八）、乙项 0.50 元，合计 1.00 元。',
  )
  const crumb = explainRuling(
    {
      category: 'dibao',
      assistance: 0,
      benefits: [],
      reasons: [{ code: 'x', text: '没有', law: null }],
      limits: [],
      counters: [],
      trace: [],
    },
    two,
  )
  expect(crumb).toBe('因为您是低保对象，本次医疗救助为 0.00 元：没有。')
})

test('把一张账单说出来', () => {
  const { document } = versionOf(PARTS)
  if (document.repealed === true) throw new Error('repealed')
  const bill: CaseBill = {
    category: ['dibao', 'martyr'],
    care_type: 'outpatient_chronic',
    hospital_level: 3,
    hospital_place: '410221',
    referral: 'none',
    insurance: 'none',
    age: 0,
    diagnoses: ['C34'],
    disease_code: 'M01',
    channel: 'application',
    policy_scope_self_paid: '9.00',
    amounts: { self_funded: '1.00', donation_paid: '0.00' },
  }
  expect(sayBill(bill, document, 100)).toBe(
    '低保对象，martyr，门诊慢特病，三级医院，医院在 410221，该转诊没有转诊，未参保，0 周岁，诊断 C34，病种 M01，依申请，政策范围内自付 9.00 元，自费 1.00 元，各项累计已有 1.00',
  )
  expect(sayBill({ channel: 'counter' }, document, 0)).toBe('')
})
