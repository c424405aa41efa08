import { expect, test } from 'vitest'
import { formatYuan } from '../../kernel/money.ts'
import type { CaseBill } from '../cases.ts'
import { envOf, sceneOf } from '../example.ts'
import type { Past } from '../scene.ts'
import type { BaseDocument } from '../schema.ts'
import { compileBase, takeBase } from './base.ts'

const stay: CaseBill = {
  policy_scope_self_paid: '1000.00',
  amounts: {
    self_funded: '300.00',
    over_limit: '20.00',
    prior_self_pay: '1.00',
    basic_insurance_paid: '700.00',
    insurance_deductible: '400.00',
    temporary_relief_paid: '150.00',
    donation_paid: '30.00',
  },
}
const past: Past[] = [
  { benefit: 'inpatient', base: 900_00, amount: 500_00, cut: 100_00, limitReached: true },
  { benefit: 'other', base: 400_00, amount: 60_00, cut: 0, limitReached: false },
]

const rows: readonly [string, Omit<BaseDocument, 'law'>, CaseBill, string, string][] = [
  ['范围内自付', { of: 'policy_scope_self_paid' }, {}, '1000.00', '1000.00'],
  ['两个数相加', { of: ['policy_scope_self_paid', 'out_of_scope_cost'] }, {}, '1321.00', '1000.00 + 321.00'],
  ['总费用减保险', { of: 'total_cost', less: ['insurance_paid'] }, {}, '1321.00', '2021.00 − 700.00'],
  ['保险起付线由救助付', { of: 'insurance_deductible' }, {}, '400.00', '400.00'],
  [
    '依次减临时救助和捐赠',
    { of: 'policy_scope_self_paid', less: ['temporary_relief_paid', 'donation_paid'] },
    {},
    '820.00',
    '1000.00 − 150.00 − 30.00',
  ],
  ['没有的数不写', { of: 'policy_scope_self_paid', less: ['commercial_paid'] }, {}, '1000.00', '1000.00'],
  [
    '减到零为止',
    { of: 'insurance_deductible', less: ['total_cost', 'donation_paid'] },
    {},
    '0.00',
    '400.00 − 2021.00 − 30.00',
  ],
  [
    '未转诊多付的两成先扣',
    { of: 'policy_scope_self_paid', less: [{ amount: 'policy_scope_cost', times: '0.2', referral: 'none' }] },
    { referral: 'none' },
    '660.00',
    '1000.00 − 340.00',
  ],
  [
    '转诊了不扣',
    { of: 'policy_scope_self_paid', less: [{ amount: 'policy_scope_cost', times: '0.2', referral: 'none' }] },
    {},
    '1000.00',
    '1000.00',
  ],
  [
    '带条件的整数',
    { of: 'policy_scope_self_paid', less: [{ amount: 'donation_paid', referral: 'not_needed' }] },
    {},
    '970.00',
    '1000.00 − 30.00',
  ],
  ['一律八折', { of: 'policy_scope_self_paid', times: '0.8' }, {}, '800.00', '1000.00 × 0.8'],
  [
    '减后再乘',
    { of: 'policy_scope_self_paid', less: ['donation_paid'], times: '0.5' },
    {},
    '485.00',
    '(1000.00 − 30.00) × 0.5',
  ],
  [
    '未参保八折',
    { of: 'policy_scope_self_paid', times: [{ insurance: 'none', value: '0.8' }] },
    { insurance: 'none' },
    '800.00',
    '1000.00 × 0.8',
  ],
  [
    '参保的不打折',
    { of: 'policy_scope_self_paid', times: [{ insurance: 'none', value: '0.8' }] },
    {},
    '1000.00',
    '1000.00',
  ],
  ['倍数取到分', { of: 'donation_paid', times: '0.33335' }, {}, '10.00', '30.00 × 0.33335'],
  ['最多按九百算', { of: 'policy_scope_self_paid', at_most: '900.00' }, {}, '900.00', '1000.00，最多按 900.00'],
  ['不到上限', { of: 'policy_scope_self_paid', at_most: '1000.00' }, {}, '1000.00', '1000.00'],
  ['住院救助剩下的', { of: 'left_by_benefits', benefits: ['inpatient'] }, {}, '400.00', '400.00'],
  [
    '不含限额截掉的',
    { of: 'left_by_benefits', benefits: ['inpatient'], without_capped_part: true },
    {},
    '300.00',
    '300.00',
  ],
  ['没有指名就看最后一项', { of: 'left_by_benefits' }, {}, '340.00', '340.00'],
  ['没有经过的救助什么也没剩', { of: 'left_by_benefits', benefits: ['unknown'] }, {}, '0.00', '0.00'],
]

test.each(rows)('%s', (_name, document, facts, amount, formula) => {
  const scene = sceneOf({ ...stay, ...facts }, { past })
  const taken = takeBase(compileBase({ law: '第六条', ...document }, 'half_up', envOf()), scene)
  expect([formatYuan(taken.amount), taken.formula]).toEqual([amount, formula])
})

test('倍数按本项的取整方式取到分', () => {
  const scene = sceneOf({ policy_scope_self_paid: '0.03' })
  const base = (mode: 'half_up' | 'half_even' | 'down') =>
    takeBase(compileBase({ law: '第六条', of: 'policy_scope_self_paid', times: '0.5' }, mode, envOf()), scene).amount
  expect([base('half_up'), base('half_even'), base('down')]).toEqual([2, 2, 1])
  const shares = (mode: 'half_up' | 'down') =>
    takeBase(
      compileBase(
        { law: '第六条', of: 'policy_scope_self_paid', less: [{ amount: 'total_cost', times: '0.5' }] },
        mode,
        envOf(),
      ),
      scene,
    ).amount
  expect([shares('half_up'), shares('down')]).toEqual([1, 2])
})

test('名称不写就叫救助基数', () => {
  expect(compileBase({ law: '第六条', of: 'base' }, 'half_up', envOf()).label).toBe('救助基数')
  expect(compileBase({ law: '第六条', label: '自付', of: 'base' }, 'half_up', envOf())).toMatchObject({
    law: '第六条',
    label: '自付',
  })
})
