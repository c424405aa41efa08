import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_FEN } from '../kernel/money.ts'
import {
  combineStatements,
  describeTotals,
  type OwnTotals,
  STMT_RSLT_OF_TOTALS,
  type StatedTotals,
  sayDifferences,
  verdictOf,
} from './totals.ts'

const OURS: OwnTotals = { count: 67, medfee: 895_823, fund: 181_904, acct: 38_823, cash: 100_000, assistance: 32_000 }
const stated = (change: Partial<StatedTotals> = {}): StatedTotals => ({
  count: 67,
  medfee: 895_823,
  fund: 181_904,
  acct: 38_823,
  ...change,
})

describe('对总账', () => {
  test.each<[string, Partial<StatedTotals>, string]>([
    ['全部一致', {}, '000000'],
    ['中心多一笔', { count: 66 }, '000101'],
    ['医院多一笔', { count: 68 }, '000102'],
    ['笔数一致，基金少一分', { fund: 181_903 }, '000103'],
    ['笔数一致，基金没有算进医疗救助', { fund: 149_904 }, '000103'],
    ['基金里算进了个人账户', { fund: 181_904 + 38_823 }, '000103'],
    ['总费用不一致', { medfee: 1 }, '000103'],
    ['个人账户不一致', { acct: 0 }, '000103'],
    ['笔数与金额都不一致，先看笔数', { count: 70, fund: 0 }, '000102'],
    ['没有报的项目不比', { acct: undefined } as object, '000000'],
    ['报了现金就比现金', { cash: 1 }, '000103'],
  ])('%s', (_, change, code) => {
    expect(STMT_RSLT_OF_TOTALS[verdictOf(stated(change), OURS)]).toBe(code)
  })

  test('说明里写出中心的笔数和每一项合计，不符时再写医院的数', () => {
    expect(describeTotals(stated(), OURS)).toBe(
      '相符：中心 67 笔（含撤销），总费用 8958.23，基金 1819.04（含医疗救助 320.00，不含个人账户），个人账户 388.23',
    )
    expect(describeTotals(stated({ count: 66, fund: 149_904 }), OURS)).toBe(
      '不符：中心 67 笔（含撤销），总费用 8958.23，基金 1819.04（含医疗救助 320.00，不含个人账户），个人账户 388.23；医院 笔数 66，基金 1499.04',
    )
  })

  test('再大的数，说明也不超过 200 个字，而且没有截断', () => {
    const sum = fc.integer({ min: -MAX_FEN, max: MAX_FEN })
    const totals = fc.record({ count: fc.nat({ max: 99_999_999 }), medfee: sum, fund: sum, acct: sum, cash: sum })
    fc.assert(
      fc.property(totals, totals, sum, (theirs, ours, assistance) => {
        const { cash, ...of3201 } = theirs
        const { acct, ...of3202 } = theirs
        for (const asked of [of3201, of3202])
          expect(describeTotals(asked, { ...ours, assistance }).length).toBeLessThan(200)
      }),
    )
  })

  test('差异写出双方的数', () => {
    expect(sayDifferences(stated({ count: 66, fund: 149_904 }), OURS)).toBe(
      '笔数：医院 66、中心 67；基金：医院 1499.04、中心 1819.04',
    )
  })
})

describe('与医保平台一起对账', () => {
  const say = (stmt_rslt: string, stmt_rslt_dscr: string) => ({ stmt_rslt, stmt_rslt_dscr })
  test.each([
    ['双方都相符', '000000', '000000', '000000'],
    ['平台用短代码', '000000', '0', '000000'],
    ['平台不符', '000000', '000102', '000102'],
    ['平台用短代码说不符', '000000', '1', '000101'],
    ['本系统不符', '000103', '000000', '000103'],
    ['双方都不符，以本系统为准，平台的话也在说明里', '000101', '000102', '000101'],
  ])('%s', (_, own, platform, both) => {
    const combined = combineStatements(say(own, '本系统的话'), say(platform, '平台的话'))
    expect(combined.stmt_rslt).toBe(both)
    expect(combined.stmt_rslt_dscr).toContain('本系统的话')
    expect(combined.stmt_rslt_dscr).toContain('平台的话')
  })
})
