import { expect, test } from 'vitest'
import type { CaseBill } from '../cases.ts'
import { envOf, sceneOf } from '../example.ts'
import type { ConditionsDocument } from '../schema.ts'
import { compileApplies, misfits } from './applies.ts'

const past = [
  { benefit: 'basic', base: 100, amount: 60, cut: 40, limitReached: true },
  { benefit: 'chronic', base: 100, amount: 0, cut: 0, limitReached: false },
]
const used = { 'example/sum.total_cost/2024': 90_000, 'example/count.inpatient/2024': 2 }

const rows: readonly [string, ConditionsDocument, CaseBill, readonly string[]][] = [
  ['没有条件，人人可以', {}, {}, []],
  ['身份符合', { category: ['extremely_poor', 'dibao'] }, {}, []],
  ['身份不符', { category: 'extremely_poor' }, {}, ['category_not_covered']],
  ['住院', { care_type: 'inpatient' }, {}, []],
  ['不是门诊', { care_type: ['outpatient', 'outpatient_chronic'] }, {}, ['care_type_not_covered']],
  ['职工', { insurance: 'employee' }, { insurance: 'employee' }, []],
  ['未参保', { insurance: ['resident', 'employee'] }, { insurance: 'none' }, ['insurance_not_covered']],
  ['一二级医院', { hospital_level: [1, 2] }, { hospital_level: 2 }, []],
  ['三级医院不行', { hospital_level: [1, 2] }, { hospital_level: 3 }, ['hospital_level_not_covered']],
  ['本县', { place: 'in_county' }, {}, []],
  ['本市其他县', { place: 'in_prefecture' }, { insured_place: '410221', hospital_place: '410202' }, []],
  ['参保地是整个市，市内都算本地', { place: 'in_county' }, { hospital_place: '410221' }, []],
  ['本省其他市', { place: 'in_province' }, { hospital_place: '410102' }, []],
  ['外省', { place: 'out_of_province' }, { hospital_place: '110101' }, []],
  [
    '外省不行',
    { place: ['in_county', 'in_prefecture', 'in_province'] },
    { hospital_place: '110101' },
    ['place_not_covered'],
  ],
  ['已转诊', { referral: ['referred', 'filed'] }, { referral: 'filed' }, []],
  ['未转诊', { referral: ['referred', 'filed'] }, { referral: 'none' }, ['not_referred']],
  ['癌症', { disease: 'cancer' }, { diagnoses: ['I10', 'C34'] }, []],
  ['不是癌症', { disease: ['cancer'] }, { diagnoses: ['I10'] }, ['disease_not_covered']],
  ['癌症另有办法', { not_disease: 'cancer' }, { diagnoses: ['C34'] }, ['disease_not_covered']],
  ['不是癌症的才行', { not_disease: 'cancer' }, {}, []],
  ['十四岁以下含十四', { age: { up_to: 14 } }, { age: 14 }, []],
  ['十五岁不行', { age: { up_to: 14 } }, { age: 15 }, ['age_not_covered']],
  ['不满十四', { age: { below: 14 } }, { age: 14 }, ['age_not_covered']],
  ['六十以上', { age: { from: 60 } }, { age: 60 }, []],
  ['六十以上不含', { age: { above: 60 } }, { age: 60 }, ['age_not_covered']],
  ['窗口办', { channel: 'counter' }, {}, []],
  ['依申请', { channel: 'application' }, {}, ['on_application_only']],
  ['只在窗口', { channel: 'counter' }, { channel: 'application' }, ['at_counter_only']],
  ['工伤', { circumstance: ['work_injury', 'crime'] }, { circumstances: ['crime'] }, []],
  ['没有这种情形', { circumstance: 'work_injury' }, { circumstances: ['crime'] }, ['circumstance_not_covered']],
  ['认定日之前', { recognised: { before: '1949-10-01' } }, {}, ['recognised_too_late']],
  ['认定日次日之前', { recognised: { before: '1949-10-02' } }, {}, []],
  ['认定日当天及以后', { recognised: { from: '1949-10-01' } }, {}, []],
  ['认定日次日及以后', { recognised: { from: '1949-10-02' } }, {}, ['recognised_too_late']],
  [
    '账单大小',
    { bill: { amount: 'total_cost', above: '100.00' } },
    { policy_scope_self_paid: '100.00' },
    ['bill_size_not_covered'],
  ],
  [
    '账单大小，两项都要',
    {
      bill: [
        { amount: 'total_cost', from: '100.00' },
        { amount: 'self_funded', above: '0.00' },
      ],
    },
    { policy_scope_self_paid: '100.00' },
    ['bill_size_not_covered'],
  ],
  ['全年累计连同本次', { year: { amount: 'total_cost', from: '1000.00' } }, { policy_scope_self_paid: '100.00' }, []],
  [
    '全年累计差一分',
    { year: { amount: 'total_cost', from: '1000.00' } },
    { policy_scope_self_paid: '99.99' },
    ['year_sum_not_covered'],
  ],
  ['前一项付过', { earlier: { benefit: 'basic', is: 'used' } }, {}, []],
  ['前一项没付', { earlier: { benefit: 'chronic', is: 'used' } }, {}, ['earlier_benefit_missing']],
  ['任何一项付过', { earlier: { benefit: ['chronic', 'basic'], is: 'used' } }, {}, []],
  ['前一项没付才有', { earlier: { benefit: 'chronic', is: 'not_used' } }, {}, []],
  ['前一项付过就没有', { earlier: { benefit: 'basic', is: 'not_used' } }, {}, ['earlier_benefit_missing']],
  ['前一项到了限额', { earlier: { benefit: 'basic', is: 'limit_reached' } }, {}, []],
  ['前一项没到限额', { earlier: { benefit: 'chronic', is: 'limit_reached' } }, {}, ['earlier_benefit_missing']],
  ['全年第三次', { nth_this_year: { from: 3, up_to: 3 } }, {}, []],
  ['第三次太多', { nth_this_year: { up_to: 2 } }, {}, ['turn_not_covered']],
  [
    '几条都不符，一一说出',
    { category: 'extremely_poor', insurance: 'none', age: { below: 1 } },
    {},
    ['category_not_covered', 'insurance_not_covered', 'age_not_covered'],
  ],
]

test.each(rows)('%s', (_name, document, facts, codes) => {
  const scene = sceneOf(facts, { past, used })
  expect(misfits(compileApplies({ law: '第五条', ...document }, envOf()), scene)).toEqual(codes)
})

test('条文跟着走，次数和累计记下来', () => {
  const env = envOf()
  expect(
    compileApplies({ law: '第五条', nth_this_year: { from: 1 }, year: { amount: 'total_cost', above: '1.00' } }, env)
      .law,
  ).toBe('第五条')
  expect([...env.counted]).toEqual(['inpatient'])
  expect([...env.sums.keys()]).toEqual(['person example/sum.total_cost/'])
})

test('没有定义的病种组和参数是程序的错', () => {
  expect(() => compileApplies({ law: '一', disease: 'x' }, envOf())).toThrow('unknown disease group x')
  expect(() =>
    compileApplies({ law: '一', bill: { amount: 'total_cost', above: { parameter: 'x' } } }, envOf()),
  ).toThrow('unknown parameter x')
})
