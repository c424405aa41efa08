import { expect, test } from 'vitest'
import { exact, parseYuan } from '../../kernel/money.ts'
import type { CaseBill } from '../cases.ts'
import { envOf, sceneOf } from '../example.ts'
import { formatExact } from '../scene.ts'
import type { AdjustmentDocument } from '../schema.ts'
import { adjust, adjustmentsFor, compileAdjust, pointsOf } from './adjust.ts'

type Line = Omit<AdjustmentDocument, 'law'>
const penalty: Line = { label: '未转诊', referral: 'none', times: '0.2' }

const rows: readonly [string, readonly Line[], CaseBill, string, string, readonly string[], string | null][] = [
  ['未转诊只付两成', [penalty], { referral: 'none' }, '100.00', '20.00', ['100.00 × 0.2'], null],
  ['已转诊不调', [penalty], { referral: 'referred' }, '100.00', '100.00', [], null],
  ['依次相乘', [{ times: '0.5' }, { times: '1.1' }], {}, '100.01', '55.0055', ['100.01 × 0.5', '50.005 × 1.1'], null],
  ['乘零', [{ times: '0' }, { times: '2' }], {}, '100.00', '0.00', ['100.00 × 0'], 'adjusted_to_zero'],
  [
    '不足五十元不付',
    [{ nothing_below: '50.00' }],
    {},
    '49.99',
    '0.00',
    ['49.99 不足 50.00，不予支付'],
    'below_minimum',
  ],
  ['正好五十元照付', [{ nothing_below: '50.00' }], {}, '50.00', '50.00', [], null],
  ['不足一百元付一百元', [{ at_least: '100.00' }], {}, '99.99', '100.00', ['99.99 不足 100.00，按 100.00 支付'], null],
  ['正好一百元', [{ at_least: '100.00' }], {}, '100.00', '100.00', [], null],
  [
    '至少付，但不超过基数',
    [{ at_least: '500.00' }],
    {},
    '99.99',
    '300.00',
    ['99.99 不足 500.00，按 300.00 支付'],
    null,
  ],
  ['零还是零', [{ at_least: '100.00' }, { nothing_below: '5.00' }], {}, '0.00', '0.00', [], null],
  [
    '先乘后看最低',
    [{ times: '0.2' }, { nothing_below: '50.00' }],
    {},
    '200.00',
    '0.00',
    ['200.00 × 0.2', '40.00 不足 50.00，不予支付'],
    'below_minimum',
  ],
  ['百分点不在这里乘', [{ points_more: '0.10' }], {}, '100.00', '100.00', [], null],
]

test.each(rows)('%s', (_name, lines, facts, start, amount, formulas, code) => {
  const scene = sceneOf(facts)
  const chosen = adjustmentsFor(
    compileAdjust(
      lines.map((line) => ({ law: '第九条', ...line })),
      envOf(),
    ),
    scene,
  )
  const got = adjust(chosen, exact(parseYuan(start)), 300_00)
  expect([formatExact(got.amount), got.steps.map((one) => one.formula), got.reason?.code ?? null]).toEqual([
    amount,
    formulas,
    code,
  ])
  expect(got.steps.every((one) => one.law === '第九条')).toBe(true)
  expect(got.reason?.law ?? '第九条').toBe('第九条')
  if (got.steps.length > 0) expect(formatExact(got.steps.at(-1)?.amount ?? exact(-1))).toBe(amount)
})

test('名称不写就叫调整', () => {
  expect(
    compileAdjust(
      [
        { law: '第九条', ...penalty },
        { law: '第十条', times: '1' },
      ],
      envOf(),
    ),
  ).toMatchObject([
    { law: '第九条', label: '未转诊' },
    { law: '第十条', label: '调整' },
  ])
})

test('百分点合在一起', () => {
  const points = (lines: readonly Line[]) =>
    pointsOf(
      compileAdjust(
        lines.map((line) => ({ law: '第九条', ...line })),
        envOf(),
      ),
    )?.toString() ?? null
  expect(points([penalty])).toBeNull()
  expect(points([{ points_more: '0.10' }])).toBe('0.1')
  expect(points([{ points_less: '0.05' }])).toBe('-0.05')
  expect(points([{ points_more: '0.10' }, penalty, { points_less: '0.03' }])).toBe('0.07')
})
