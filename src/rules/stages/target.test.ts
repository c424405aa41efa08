import { expect, test } from 'vitest'
import { exact, parseYuan } from '../../kernel/money.ts'
import type { CaseBill } from '../cases.ts'
import { envOf, sceneOf } from '../example.ts'
import { formatExact } from '../scene.ts'
import type { TargetDocument } from '../schema.ts'
import type { AmountWord } from '../words.ts'
import { aim, compileTarget, ownPayKey } from './target.ts'

type Doc = Omit<TargetDocument, 'law'>
const tenth: Doc = { patient_pays: 'at_most', rows: [{ share: '0.10', of: 'total_cost' }] }
const yearly: Doc = {
  patient_pays: 'at_most',
  rows: [{ hospital_level: 1, a_year: '3000.00' }, { a_year: '5000.00' }],
}
const used = { 'example/own_pay.patient_owes/2024': 450_000, 'example/own_pay.policy_scope_self_paid/2024': 0 }

const rows: readonly [string, Doc, CaseBill, string, string | null, string | null][] = [
  ['个人最多付总费用一成', tenth, {}, '0.00', '9000.00', '10000.00 − 个人负担 1000.00（10000.00 × 10%）'],
  ['不足的补上', tenth, {}, '8999.99', '9000.00', '10000.00 − 个人负担 1000.00（10000.00 × 10%）'],
  ['已经够了就不动', tenth, {}, '9000.00', null, null],
  ['救助更多也不收回', tenth, {}, '9500.00', null, null],
  [
    '正好付一成：多的收回',
    { ...tenth, patient_pays: 'exactly' },
    {},
    '9500.00',
    '9000.00',
    '10000.00 − 个人负担 1000.00（10000.00 × 10%）',
  ],
  ['正好付一成：已经正好', { ...tenth, patient_pays: 'exactly' }, {}, '9000.00', null, null],
  [
    '个人应付已在一成以内',
    tenth,
    { amounts: { basic_insurance_paid: '90000.00' }, policy_scope_self_paid: '10000.00' },
    '0.00',
    null,
    null,
  ],
  [
    '正好付，但应付不到',
    { ...tenth, patient_pays: 'exactly' },
    { amounts: { basic_insurance_paid: '99000.00' }, policy_scope_self_paid: '1000.00' },
    '500.00',
    '0.00',
    '1000.00 − 个人负担 10000.00（100000.00 × 10%）',
  ],
  [
    '每次最多付八百',
    { patient_pays: 'at_most', rows: [{ a_bill: '800.00' }] },
    {},
    '0.00',
    '9200.00',
    '10000.00 − 个人负担 800.00（800.00）',
  ],
  ['全年五千，已付四千五', yearly, {}, '0.00', '9500.00', '10000.00 − 个人负担 500.00（全年 5000.00，已付 4500.00）'],
  [
    '一级医院全年三千，早已付满',
    yearly,
    { hospital_level: 1 },
    '0.00',
    '10000.00',
    '10000.00 − 个人负担 0.00（全年 3000.00，已付 4500.00）',
  ],
  [
    '按政策范围内自付计',
    { ...tenth, counting: 'policy_scope_self_paid' },
    { amounts: { self_funded: '2000.00' } },
    '0.00',
    '8800.00',
    '10000.00 − 个人负担 1200.00（12000.00 × 10%）',
  ],
  [
    '没有一行管这张账单',
    { patient_pays: 'at_most', rows: [{ hospital_level: 3, a_bill: '1.00' }] },
    {},
    '0.00',
    null,
    null,
  ],
  ['只管三级医院', { ...tenth, only_for: { hospital_level: 3 } }, {}, '0.00', null, null],
]

test.each(rows)('%s', (_name, document, facts, amount, aimed, formula) => {
  const scene = sceneOf({ policy_scope_self_paid: '10000.00', ...facts }, { used })
  const got = aim(compileTarget({ law: '第十条', ...document }, envOf(), new Set()), exact(parseYuan(amount)), scene)
  expect(got === null ? [null, null] : [formatExact(got.amount), got.formula]).toEqual([aimed, formula])
})

test('前面的救助先减去', () => {
  const scene = sceneOf({ policy_scope_self_paid: '10000.00' })
  scene.granted = 400_000
  expect(aim(compileTarget({ law: '第十条', ...tenth }, envOf(), new Set()), exact(0), scene)?.formula).toBe(
    '6000.00 − 个人负担 1000.00（10000.00 × 10%）',
  )
})

test('只有全年的上限要记账', () => {
  const noted = (document: Doc) => {
    const words = new Set<AmountWord>()
    compileTarget({ law: '第十条', ...document }, envOf(), words)
    return [...words]
  }
  expect(noted(tenth)).toEqual([])
  expect(noted({ patient_pays: 'at_most', rows: [{ a_bill: '1.00' }] })).toEqual([])
  expect(noted(yearly)).toEqual(['patient_owes'])
  expect(noted({ ...yearly, counting: 'total_cost' })).toEqual(['total_cost'])
  expect(ownPayKey('s', 'base')).toBe('s/own_pay.base/')
})

test('名称不写就叫个人负担上限', () => {
  expect(compileTarget({ law: '第十条', ...tenth }, envOf(), new Set())).toMatchObject({
    law: '第十条',
    label: '个人负担上限',
    exactly: false,
  })
  expect(compileTarget({ law: '第十条', label: '一成', ...tenth }, envOf(), new Set()).label).toBe('一成')
})
