import { describe, expect, test } from 'vitest'
import { limitLeft, workingOf } from './working.ts'

const decided: Parameters<typeof workingOf>[0] = {
  decision: 'assisted',
  reasons: [],
  rule: { scheme: 'ili-yining', version: '2023-01-01', hash: 'sha256:0' },
  benefits: [{ benefit: 'inpatient', tier: 1, base: '15210.00', amount: '11407.50' }],
  assistance_paid: '11407.50',
  patient_pays: '5802.50',
  limits: [
    {
      pool: 'annual',
      year: 2026,
      period: '2026',
      limit: '60000.00',
      used_before: '0.00',
      used_after: '11407.50',
      left: '48592.50',
    },
  ],
  trace: [
    step('纳入救助费用', '50000.00 − 34790.00', '15210.00', '第九条'),
    step('起付标准', '不设起付标准', '0.00', '第十条'),
    step('救助比例', '15210.00 × 75%', '11407.50', '第十一条'),
    step('年度限额', '60000.00 − 0.00 ≥ 11407.50', null, '第十三条'),
  ],
  explanation: '因为您是低保对象，本次救助 11407.50 元。',
}
function step(label: string, formula: string, amount: string | null, law: string) {
  return { benefit: 'inpatient', stage: 'ratio', label, formula, amount, law }
}

describe('算式', () => {
  test('付多少、依据哪一版、每一步和它的条文', () =>
    expect(workingOf(decided)).toBe(
      '医疗救助 11407.50 元，个人现金应付 5802.50 元。依据 ili-yining 办法 2023-01-01 版。' +
        '算式：纳入救助费用：50000.00 − 34790.00 = 15210.00 元（第九条）；起付标准：不设起付标准 = 0.00 元（第十条）；' +
        '救助比例：15210.00 × 75% = 11407.50 元（第十一条）；年度限额：60000.00 − 0.00 ≥ 11407.50（第十三条）。' +
        '因为您是低保对象，本次救助 11407.50 元。',
    ))
  test('救助为零：每个原因和它的代码', () => {
    const reasons = [
      { code: 'no_category', text: '就诊日不在任何一类救助对象之内', law: '第四条' },
      { code: 'base_zero', text: '没有可以救助的费用', law: null },
    ]
    const said = workingOf({ ...decided, assistance_paid: '0.00', reasons, trace: [], benefits: [], explanation: '' })
    expect(said).toContain(
      '救助为零的原因：就诊日不在任何一类救助对象之内[no_category]（第四条）；没有可以救助的费用[base_zero]。',
    )
    expect(said).not.toContain('算式')
  })
  test('减少的也说原因', () =>
    expect(workingOf({ ...decided, reasons: [{ code: 'limit_cut', text: '限额所余不足', law: null }] })).toContain(
      '救助减少的原因：限额所余不足[limit_cut]。',
    ))
  test('不超过 4000 字', () =>
    expect(workingOf({ ...decided, explanation: '长'.repeat(9000) }).length).toBeLessThanOrEqual(4000))
})

describe('余下的限额', () => {
  const limit = (left: string | null, unit?: 'times') => ({
    ...(decided.limits[0] as (typeof decided.limits)[number]),
    left,
    ...(unit ? { unit } : {}),
  })
  test.each<[string, ReturnType<typeof limit>[], string, number | null]>([
    ['一个', [limit('48592.50')], '1.00', 4_859_250],
    ['最窄的一个', [limit('100.00'), limit('50.00'), limit(null)], '1.00', 5000],
    ['不设限额', [limit(null)], '1.00', null],
    ['按次数的不算', [limit('3', 'times')], '1.00', null],
    ['什么也不享受', [], '0.00', 0],
    ['享受而没有限额', [], '1.00', null],
  ])('%s', (_, limits, assistance_paid, expected) => expect(limitLeft({ limits, assistance_paid })).toBe(expected))
})
