import { expect, test } from 'vitest'
import { exact } from '../../kernel/money.ts'
import type { RoundDocument } from '../schema.ts'
import { compileRound, roundDownTo, roundOff } from './round.ts'

type Doc = Omit<RoundDocument, 'law'>
const rows: readonly [string, Doc | undefined, string, number, number][] = [
  ['不写就四舍五入到分', undefined, '100.5', 1_000, 101],
  ['不到半分', undefined, '100.4999', 1_000, 100],
  ['成双：向下', { to: 'fen', mode: 'half_even' }, '100.5', 1_000, 100],
  ['成双：向上', { to: 'fen', mode: 'half_even' }, '101.5', 1_000, 102],
  ['去尾', { to: 'fen', mode: 'down' }, '100.99', 1_000, 100],
  ['到角', { to: 'jiao', mode: 'half_up' }, '105', 1_000, 110],
  ['到角，不到五分', { to: 'jiao', mode: 'half_up' }, '104.9', 1_000, 100],
  ['到元去尾', { to: 'yuan', mode: 'down' }, '199', 1_000, 100],
  [
    '个人付的到角：534.864 付 534.90',
    { to: 'fen', mode: 'half_up', patient: { to: 'jiao', mode: 'half_up' } },
    '481377.6',
    534_864,
    481_374,
  ],
  [
    '个人付的去掉分：救助多付',
    { to: 'fen', mode: 'half_up', patient: { to: 'jiao', mode: 'down' } },
    '500',
    1_009,
    509,
  ],
]

test.each(rows)('%s', (_name, document, amount, owes, wanted) => {
  expect(
    roundOff(compileRound(document === undefined ? undefined : { law: '第三条', ...document }), exact(amount), owes),
  ).toBe(wanted)
})

const capped: readonly [string, Doc, number, number, number][] = [
  ['到分：限额所余照付', { to: 'fen', mode: 'half_up' }, 1_005, 5_000, 1_005],
  ['到角：进上去会超过限额，就退一角', { to: 'jiao', mode: 'half_up' }, 1_005, 5_000, 1_000],
  ['到角：舍下来不超过', { to: 'jiao', mode: 'half_up' }, 1_004, 5_000, 1_000],
  ['到角：正好', { to: 'jiao', mode: 'half_up' }, 1_010, 5_000, 1_010],
  ['到元：不足一元就不付', { to: 'yuan', mode: 'half_up' }, 60, 5_000, 0],
  [
    '个人付的到角：多收一角也不超过限额',
    { to: 'fen', mode: 'half_up', patient: { to: 'jiao', mode: 'half_up' } },
    1_005,
    5_009,
    999,
  ],
]

test.each(capped)('%s', (_name, document, room, owes, wanted) => {
  expect(roundDownTo(compileRound({ law: '第三条', ...document }), room, owes)).toBe(wanted)
})

test('写明的和习惯的分得清', () => {
  expect(compileRound(undefined)).toMatchObject({
    law: '未规定',
    written: false,
    said: '四舍五入到分',
    to: 'fen',
    mode: 'half_up',
    patient: null,
  })
  expect(compileRound({ law: '第三条', to: 'jiao', mode: 'down' })).toMatchObject({
    law: '第三条',
    written: true,
    said: '去尾到角',
  })
  expect(
    compileRound({ law: '第三条', to: 'fen', mode: 'down', patient: { to: 'yuan', mode: 'half_even' } }).said,
  ).toBe('个人付的四舍六入五成双到元')
})
