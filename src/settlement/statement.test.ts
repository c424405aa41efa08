import { describe, expect, it } from 'vitest'
import {
  equalParts,
  fullStay,
  notAssisted,
  outpatientVisit,
  PATIENT_ID,
  reprinted,
  reversal,
  reversedStay,
  settledStay,
  tiltStay,
  withChanges,
} from '../../fixtures/statement-source.ts'
import { formatYuan } from '../kernel/money.ts'
import { term } from '../kernel/terms.ts'
import { type Field, type Mark, type Statement, statementOf } from './statement.ts'
import type { MoneyLine, Value } from './statement-lines.ts'

/** What a Chinese official reads. */
const read = (value: Value): string =>
  value.as === 'blank' ? '—' : value.as === 'term' ? (value.zh ?? term('zh', value.key).text) : value.text
const fieldsRead = (fields: readonly Field[]) =>
  Object.fromEntries(fields.map(({ label, value }) => [term('zh', label).text, read(value)]))
const linesRead = (lines: readonly MoneyLine[]) => lines.map(({ label, fen }) => `${read(label)} ${formatYuan(fen)}`)
const marksRead = (marks: readonly Mark[]) =>
  marks.map(({ key, nth }) => term('zh', key).text + (nth === undefined ? '' : `第${nth}次`))
const wordsRead = (statement: Statement) =>
  statement.words.map(({ label, text }) => `${term('zh', label).text}（大写）${text}`)

describe('结算单', () => {
  const statement = statementOf(settledStay)

  it('写明是谁，证件号只露末四位', () => {
    expect(fieldsRead(statement.person)).toEqual({
      姓名: '古丽娜尔·买买提',
      性别: '女',
      年龄: '64',
      身份证号: `**************${PATIENT_ID.slice(-4)}`,
      救助对象类别: '最低生活保障对象',
      救助证号: '—',
      '乡镇（街道）': '喀尔墩乡',
    })
  })

  it('写明在哪里、为什么、住了多久', () => {
    expect(fieldsRead(statement.visit)).toEqual({
      定点医疗机构: '伊宁市第一示例人民医院（H65400200001）',
      医院级别: '三级',
      科室: '—',
      '住院号/就诊号': 'ZY0031',
      账单号: 'ZY20261101-0031',
      医疗类别: '住院',
      入院日期: '2026-10-20',
      出院日期: '2026-11-01',
      住院天数: '12',
      参保情况: '城乡居民医保',
      参保地: '654002',
      诊断: 'I21.9 急性心肌梗死；I10 原发性高血压',
    })
  })

  it('门诊只写就诊日期', () => {
    const visit = fieldsRead(statementOf(outpatientVisit).visit)
    expect(visit).toMatchObject({ 医疗类别: '门诊慢特病', 就诊日期: '2026-11-01' })
    expect(visit).not.toHaveProperty('住院天数')
  })

  it('当日出院算一天', () => {
    const visit = statementOf(withChanges({ bill: { admitted_on: '2026-11-01' } })).visit
    expect(fieldsRead(visit).住院天数).toBe('1')
  })

  it('费用与支付各自加到同一个总额', () => {
    expect(linesRead(statement.costs)).toEqual([
      '全自费 1500.00',
      '超限价费用 0.00',
      '先行自付 500.00',
      '政策范围内费用 50000.00',
      '其中：医保起付标准 300.00',
      '医疗费用总额 52000.00',
    ])
    expect(linesRead(statement.payments)).toEqual([
      '基本医保支付 34790.00',
      '大病保险支付 0.00',
      '医疗救助支付 11407.50',
      '其中：住院救助 11407.50',
      '个人账户支付 0.00',
      '个人支付 5802.50',
      '合计 52000.00',
    ])
  })

  it('其他各方只在支付了的时候列出', () => {
    expect(linesRead(statementOf(fullStay).payments)).toEqual([
      '基本医保支付 34690.00',
      '大病保险支付 100.00',
      '其他保险支付 100.00',
      '商业保险支付 200.00',
      '医院减免 300.00',
      '临时救助支付 400.00',
      '慈善捐助支付 100.00',
      '医疗救助支付 11407.50',
      '其中：住院救助 9407.50',
      '其中：倾斜救助 2000.00',
      '个人账户支付 400.00',
      '个人支付 4302.50',
      '合计 52000.00',
    ])
  })

  it('总额、救助、个人支付都有大写', () => {
    expect(wordsRead(statement)).toEqual([
      '医疗费用总额（大写）人民币伍万贰仟元整',
      '医疗救助支付（大写）人民币壹万壹仟肆佰零柒元伍角整',
      '个人支付（大写）人民币伍仟捌佰零贰元伍角整',
    ])
  })

  it('写明办法、版本和每一步的依据', () => {
    expect(fieldsRead(statement.rule)).toEqual({
      救助办法: '伊犁州直（伊宁市）医疗救助办法（示例，illustrative）',
      版本: 'ili-yining 2023-01-01',
    })
    const steps = statement.workings.flatMap((working) => working.steps)
    expect(steps.map(({ label, formula, law }) => `${label} ${formula} ${law}`)).toContain(
      '救助比例 15210.00 × 75% 第十一条',
    )
    expect(steps).toHaveLength(settledStay.settlement.trace.length)
    expect(statement.illustrative).toBe(true)
  })

  it('两项救助分开写，步骤一步不少', () => {
    const { workings } = statementOf(tiltStay)
    expect(workings.map(({ benefit, steps }) => [benefit ? read(benefit) : '', steps.length])).toEqual([
      ['', 1],
      ['住院救助', 6],
      ['倾斜救助', 5],
    ])
  })

  it('没有付钱的救助也写出为什么没有付', () => {
    const trace = [
      ...settledStay.settlement.trace,
      {
        benefit: 'tilt',
        stage: 'gate',
        label: '个人负担',
        formula: '3802.50（须 > 5000.00）',
        amount: null,
        law: '第十五条',
      },
    ]
    const last = statementOf(withChanges({ settlement: { trace } })).workings.at(-1)
    expect([last?.benefit && read(last.benefit), last?.paid, last?.steps.length]).toEqual(['倾斜救助', null, 1])
  })

  it('写明限额：以前用了、一共用了、还剩多少', () => {
    expect(statement.limits).toEqual([
      {
        pool: { as: 'term', key: 'annual_limit' },
        period: '2026',
        times: false,
        limit: 6_000_000,
        used_before: 0,
        used_after: 1_140_750,
        left: 4_859_250,
      },
    ])
    expect(statementOf(fullStay).limits.at(2)).toMatchObject({ limit: null, left: null })
  })

  it('按次数计的限额写次数，不写元', () => {
    expect(statementOf(fullStay).limits.at(3)).toMatchObject({ times: true, limit: 3, used_after: 2, left: 1 })
  })

  it('二维码写结算单号和验证码，不写身份', () => {
    expect(statement.verification.qr).toBe('MA:JS20261101000001041:7K3M-Q9XD')
  })

  it('办法自己的称呼优先于通用的称呼', () => {
    const labels = { categories: { dibao: '低保对象' }, benefits: { inpatient: '住院医疗救助' } }
    const named = statementOf(withChanges({ rest: { rule: { ...settledStay.rule, labels } } }))
    expect(fieldsRead(named.person).救助对象类别).toBe('低保对象')
    expect(linesRead(named.payments)).toContain('其中：住院医疗救助 11407.50')
  })

  it('诊断太多时写前六项和总数', () => {
    const diagnoses = Array.from({ length: 9 }, (_, i) => ({ code: `I${i}`, name: `病${i}` }))
    const shown = fieldsRead(statementOf(withChanges({ bill: { diagnoses } })).visit).诊断
    expect(shown).toBe('I0 病0；I1 病1；I2 病2；I3 病3；I4 病4；I5 病5 等9项')
  })
})

describe('两个相等的数额', () => {
  it('算两次，不算一次', () => {
    const { costs, payments } = statementOf(equalParts)
    expect(linesRead(costs).filter((line) => line.endsWith(' 10000.00'))).toHaveLength(4)
    expect(linesRead(payments)).toEqual([
      '基本医保支付 10000.00',
      '大病保险支付 10000.00',
      '医疗救助支付 10000.00',
      '其中：住院救助 5000.00',
      '其中：倾斜救助 5000.00',
      '个人账户支付 0.00',
      '个人支付 10000.00',
      '合计 40000.00',
    ])
  })
})

describe('不平的结算单', () => {
  const amounts = settledStay.bill.amounts
  it.each([
    ['费用少一分', withChanges({ bill: { amounts: { ...amounts, self_funded: '1499.99' } } })],
    ['支付多一分', withChanges({ settlement: { patient_pays: '5802.51' } })],
    [
      '各项救助与救助总额不符',
      withChanges({
        settlement: { benefits: [{ benefit: 'inpatient', tier: 1, base: '15210.00', amount: '11407.49' }] },
      }),
    ],
    ['另一张账单', withChanges({ settlement: { bill_no: 'ZY20261101-0032' } })],
    ['冲销单没有原结算单号', withChanges({ settlement: { ...reversal.settlement, reverses: undefined } })],
    ['打印次数从零数起', withChanges({ rest: { print: { nth: 0, printed_at: '2026-11-01T10:31:09+08:00' } } })],
    ['不是北京时间', withChanges({ settlement: { settled_at: '2026-11-01T02:31:07Z' } })],
  ])('%s：不打印', (_why, source) => {
    expect(() => statementOf(source)).toThrow()
  })
})

describe('打印标记', () => {
  it.each([
    ['第一次是正本', settledStay, ['正本']],
    ['第三次打印是补打第2次', reprinted, ['补打第2次']],
    ['冲销后的原单', reversedStay, ['已冲销', '补打第1次']],
    ['冲销单', reversal, ['冲销', '正本']],
  ])('%s', (_what, source, marks) => {
    expect(marksRead(statementOf(source).marks)).toEqual(marks)
  })

  it('补打与正本只差标记和打印时间', () => {
    const { marks: _marks, printed_at: _printed, ...first } = statementOf(settledStay)
    const { marks, printed_at, ...again } = statementOf(reprinted)
    expect(again).toEqual(first)
    expect(marks).toHaveLength(1)
    expect(printed_at).toBe('2027-05-04 09:00:00')
  })
})

describe('冲销单', () => {
  const statement = statementOf(reversal)

  it('写明冲的是哪一张', () => {
    expect(term('zh', statement.title).text).toBe('医疗救助结算冲销单')
    expect(fieldsRead(statement.head)).toMatchObject({
      结算单号: 'JS20261102000001077',
      原结算单号: 'JS20261101000001041',
    })
  })

  it('写明为什么冲销，不重复原单的原因和过程', () => {
    expect(statement.explanation).toBe('原结算 JS20261101000001041 已全额冲销，限额已退回原年度。原因：账单有误')
    expect(statement.reasons).toEqual([])
    expect(statement.workings.flatMap(({ steps }) => steps)).toEqual([
      { label: '冲销', formula: '原结算 JS20261101000001041 全额退回', fen: -1_140_750, law: '' },
    ])
  })

  it('每一个数都是负数，仍然相加平衡', () => {
    expect(linesRead(statement.payments)).toEqual([
      '基本医保支付 -34790.00',
      '大病保险支付 0.00',
      '医疗救助支付 -11407.50',
      '其中：住院救助 -11407.50',
      '个人账户支付 0.00',
      '个人支付 -5802.50',
      '合计 -52000.00',
    ])
    expect(wordsRead(statement)[1]).toBe('医疗救助支付（大写）人民币负壹万壹仟肆佰零柒元伍角整')
  })
})

describe('没有救助', () => {
  const statement = statementOf(notAssisted)

  it('写零元，并写出每一条原因', () => {
    expect(statement.assisted).toBe(false)
    expect(linesRead(statement.payments)).toContain('医疗救助支付 0.00')
    expect(wordsRead(statement)[1]).toBe('医疗救助支付（大写）人民币零元整')
    expect(statement.reasons).toEqual([
      { text: '就诊日不在任何一类救助对象之内', law: '第四条' },
      { text: '费用没有超过起付标准', law: '' },
    ])
  })
})
