import { expect, test } from 'vitest'
import { exact, parseYuan } from '../../kernel/money.ts'
import { pick } from '../conditions.ts'
import { envOf, sceneOf } from '../example.ts'
import { formatExact } from '../scene.ts'
import type { RatioDocument } from '../schema.ts'
import { compileRatio, yieldOf } from './ratio.ts'

type Doc = Omit<RatioDocument, 'law'>
const flat: Doc = { ratio: '0.75' }
const marginal = (edges_from: 'zero' | 'deductible'): Doc => ({
  bands_are: 'marginal',
  edges_from,
  bands: [
    { up_to: '6000.00', ratio: '0.70' },
    { above: '6000.00', up_to: '10000.00', ratio: '0.80' },
    { above: '10000.00', ratio: '0.60' },
  ],
})
const whole = (edges_from: 'zero' | 'deductible'): Doc => ({
  bands_are: 'whole',
  edges_from,
  bands: [
    { below: '20000.00', ratio: '0.80' },
    { from: '20000.00', up_to: '50000.00', lump: '16000.00' },
    { above: '50000.00', lump: '20000.00' },
  ],
})
const shares: Doc = {
  bands_are: 'marginal',
  edges_from: 'zero',
  bands: [
    { up_to: { parameter: 'ci_deductible', times: '0.15' }, ratio: '0.30' },
    { above: { parameter: 'ci_deductible', times: '0.15' }, ratio: '0.50' },
  ],
}
const quota: Doc = { top_up: { to: '5000.00', counting: ['insurance_paid'], per: 'bill' } }

const rows: readonly [string, Doc, string, string, string | null, string, string][] = [
  ['一个比例', flat, '15210.00', '0.00', null, '11407.50', '15210.00 × 75%'],
  ['起付线以上一个比例', flat, '15210.00', '5210.00', null, '7500.00', '10000.00 × 75%'],
  ['全在起付线以下', flat, '100.00', '100.01', null, '0.00', '0.00 × 75%'],
  ['分段：第一段到边', marginal('zero'), '6000.00', '0.00', null, '4200.00', '6000.00 × 70%'],
  ['分段：过边一分', marginal('zero'), '6000.01', '0.00', null, '4200.008', '6000.00 × 70% + 0.01 × 80%'],
  [
    '分段：三段',
    marginal('zero'),
    '12000.00',
    '0.00',
    null,
    '8600.00',
    '6000.00 × 70% + 4000.00 × 80% + 2000.00 × 60%',
  ],
  [
    '边界从零起，起付线以下不付',
    marginal('zero'),
    '7000.00',
    '1800.00',
    null,
    '3740.00',
    '4200.00 × 70% + 1000.00 × 80%',
  ],
  ['起付线落在第二段', marginal('zero'), '9000.00', '8000.00', null, '800.00', '1000.00 × 80%'],
  ['边界从起付线起', marginal('deductible'), '7800.00', '1800.00', null, '4200.00', '6000.00 × 70%'],
  ['分段：没超过起付线', marginal('deductible'), '1800.00', '1800.00', null, '0.00', '0.00'],
  ['分段：从零起也没超过', marginal('zero'), '1800.00', '2000.00', null, '0.00', '0.00'],
  ['全额：两万以下八成', whole('zero'), '19999.99', '0.00', null, '15999.992', '19999.99 × 80%'],
  ['全额：正好两万定额', whole('zero'), '20000.00', '0.00', null, '16000.00', '定额 16000.00'],
  ['全额：五万仍是第二段', whole('zero'), '50000.00', '0.00', null, '16000.00', '定额 16000.00'],
  ['全额：过五万', whole('zero'), '50000.01', '0.00', null, '20000.00', '定额 20000.00'],
  ['全额：看基数落段，乘起付线以上', whole('zero'), '19000.00', '4000.00', null, '12000.00', '15000.00 × 80%'],
  ['全额：看起付线以上落段', whole('deductible'), '20500.00', '1000.00', null, '15600.00', '19500.00 × 80%'],
  [
    '全额：定额不超过起付线以上',
    whole('zero'),
    '20000.00',
    '8000.00',
    null,
    '12000.00',
    '定额 16000.00，不超过 12000.00',
  ],
  ['边界是参数的一成半', shares, '1200.00', '0.00', null, '360.00', '1200.00 × 30%'],
  ['过了参数的一成半', shares, '1300.00', '0.00', null, '410.00', '1200.00 × 30% + 100.00 × 50%'],
  ['提高十个百分点', flat, '100.00', '0.00', '0.10', '85.00', '100.00 × 85%'],
  ['提高后不超过全额', flat, '100.00', '0.00', '0.30', '100.00', '100.00 × 100%'],
  ['降低十个百分点', flat, '100.00', '0.00', '-0.10', '65.00', '100.00 × 65%'],
  ['降低后不低于零', flat, '100.00', '0.00', '-0.80', '0.00', '100.00 × 0%'],
  ['每段都提高', marginal('zero'), '7000.00', '0.00', '0.05', '5350.00', '6000.00 × 75% + 1000.00 × 85%'],
  ['全额也提高', whole('zero'), '100.00', '0.00', '0.05', '85.00', '100.00 × 85%'],
  ['定额', { lump: '500.00' }, '800.00', '0.00', null, '500.00', '定额 500.00'],
  ['定额正好等于自付', { lump: '800.00' }, '800.00', '0.00', null, '800.00', '定额 800.00'],
  ['定额不超过自付', { lump: '900.00' }, '800.00', '0.00', null, '800.00', '定额 900.00，不超过 800.00'],
  ['补到五千：保险已付三千', quota, '9000.00', '0.00', null, '2000.00', '补到 5000.00，已有 3000.00'],
  ['补到五千：自付不到', quota, '1500.00', '0.00', null, '1500.00', '补到 5000.00，已有 3000.00'],
  [
    '补到两千：保险已超过',
    { top_up: { to: '2000.00', counting: ['insurance_paid'], per: 'bill' } },
    '1500.00',
    '0.00',
    null,
    '0.00',
    '补到 2000.00，已有 3000.00',
  ],
  [
    '全年补到五千：以前已有 4500',
    { top_up: { to: '9000.00', counting: ['insurance_paid'], per: 'year' } },
    '9000.00',
    '0.00',
    null,
    '1500.00',
    '补到 9000.00，已有 7500.00',
  ],
]

test.each(rows)('%s', (_name, document, base, deducted, points, amount, formula) => {
  const scene = sceneOf(
    { amounts: { basic_insurance_paid: '3000.00' } },
    { used: { 'example/top_up.inpatient/2024': 450_000 } },
  )
  const row = pick(compileRatio({ law: '第八条', ...document }, envOf()).rows, scene)
  if (row === undefined) throw new Error('no row')
  const got = yieldOf(row, parseYuan(base), parseYuan(deducted), points === null ? null : exact(points), scene)
  expect([formatExact(got.amount), got.formula]).toEqual([amount, formula])
})

test('比例按条件取第一行，都不符合就没有答案', () => {
  const ratio = compileRatio(
    {
      law: '第八条',
      label: '比例',
      rows: [
        { category: 'extremely_poor', ratio: '1' },
        { hospital_level: 3, ratio: '0.5' },
      ],
    },
    envOf(),
  )
  expect(ratio).toMatchObject({ law: '第八条', label: '比例' })
  expect(pick(ratio.rows, sceneOf({ hospital_level: 3 }))).toMatchObject({ kind: 'flat', share: { said: '50%' } })
  expect(pick(ratio.rows, sceneOf({ hospital_level: 2 }))).toBeUndefined()
  expect(compileRatio({ law: '第八条', ratio: '1' }, envOf()).label).toBe('救助比例')
})

test('分段不写说明时按分段相加、从起付线算起', () => {
  const scene = sceneOf({})
  const [row] = compileRatio(
    {
      law: '第八条',
      bands: [
        { up_to: '10.00', ratio: '0.1' },
        { above: '10.00', ratio: '1' },
      ],
    },
    envOf(),
  ).rows
  if (row === undefined) throw new Error('no row')
  expect(formatExact(yieldOf(row.value, 2_500, 1_000, null, scene).amount)).toBe('6.00')
})
