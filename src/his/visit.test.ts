import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldVisit, type Told, UNTOLD, type Visit } from './visit.ts'

const whose = { mdtrt_id: 'M1', psn_no: 'P1' }
const told = (infno: string, input: Record<string, unknown>): Told => ({ infno, input, at: 0 })
const fold = (...messages: Told[]): Visit => foldVisit(messages)

const registered = told('2201', {
  data: { psn_no: 'P1', insutype: '390', begntime: '2026-03-12 09:00:00', mdtrt_cert_type: '02', mdtrt_cert_no: 'X' },
})
const diagnosis = (diag_code: string, diag_srt_no: unknown, change: Record<string, unknown> = {}) => ({
  diag_type: '1',
  diag_srt_no,
  diag_code,
  diag_name: `名${diag_code}`,
  diag_time: '2026-03-12 09:10:00',
  vali_flag: '1',
  ...change,
})
const consulted = (...diseinfo: object[]) =>
  told('2203A', {
    mdtrtinfo: { ...whose, med_type: '14', begntime: '2026-03-12 09:05:00', dise_codg: 'M03900', dise_name: '高血压' },
    diseinfo,
  })
const fee = (feedetl_sn: string, change: Record<string, unknown> = {}) => ({
  ...whose,
  feedetl_sn,
  chrg_bchno: 'B1',
  det_item_fee_sumamt: '10.00',
  cnt: 1,
  pric: '10.000000',
  ...change,
})
const charged = (...feedetail: object[]) => told('2204', { feedetail })
const uploaded = (...feedetail: object[]) => told('2301', { feedetail })
const admitted = told('2401', {
  mdtrtinfo: {
    psn_no: 'P1',
    insutype: '390',
    begntime: '2026-03-01 08:00:00',
    med_type: '21',
    dscg_maindiag_code: 'J18.9',
    dscg_maindiag_name: '肺炎',
  },
  diseinfo: [diagnosis('J18.9', 1, { maindiag_flag: '1' })],
})
const discharged = told('2402', {
  dscginfo: { ...whose, insutype: '390', endtime: '2026-03-10 10:00:00', dscg_way: '1' },
  diseinfo: [diagnosis('I10', 2, { maindiag_flag: '0' }), diagnosis('J15.9', 1, { maindiag_flag: '1' })],
})
const data = (infno: string, change: Record<string, unknown> = {}) => told(infno, { data: { ...whose, ...change } })
const numbers = (visit: Visit) => visit.fees.map((row) => row.feedetl_sn)
const codes = (visit: Visit) => visit.diagnoses.map((one) => one.code)

describe('门诊', () => {
  test('什么也没说过', () =>
    expect(UNTOLD).toMatchObject({ state: 'open', begin: null, end: null, med_type: null, diagnoses: [], fees: [] }))
  test('挂号、就诊信息', () =>
    expect(fold(registered, consulted(diagnosis('I10', 1)))).toMatchObject({
      state: 'open',
      psn_no: 'P1',
      insutype: '390',
      med_type: '14',
      mdtrt_cert_type: '02',
      begin: { day: '2026-03-12' },
      end: null,
      dise_codg: 'M03900',
      dise_name: '高血压',
      diagnoses: [{ code: 'I10', name: '名I10' }],
    }))
  test('只有就诊信息', () =>
    expect(fold(consulted(diagnosis('I10', 1)))).toMatchObject({ psn_no: 'P1', med_type: '14' }))
  test('诊断：主诊断在前，按序号，无效的不算，没有名称用代码', () => {
    const visit = fold(
      consulted(
        diagnosis('C', '3'),
        diagnosis('X', 1, { vali_flag: '0' }),
        diagnosis('B', 2, { diag_name: '' }),
        diagnosis('A', 9, { maindiag_flag: '1' }),
      ),
    )
    expect(codes(visit)).toEqual(['A', 'B', 'C'])
    expect(visit.diagnoses[1]).toEqual({ code: 'B', name: 'B' })
  })
  test('就诊信息再传一次：以后一次为准，没有诊断的不改诊断', () => {
    expect(codes(fold(consulted(diagnosis('A', 1)), consulted(diagnosis('B', 1))))).toEqual(['B'])
    expect(codes(fold(consulted(diagnosis('A', 1)), consulted()))).toEqual(['A'])
  })
  test('撤销挂号，再挂号重新开始', () => {
    expect(fold(registered, data('2202'))).toMatchObject({ state: 'cancelled' })
    expect(fold(registered, charged(fee('1')), data('2202'), registered)).toMatchObject({ state: 'open', fees: [] })
  })
  test('读不懂的、不相干的报文不影响', () =>
    expect(fold(registered, told('2203', {}), told('2206', {}), told('2204', { feedetail: [] }))).toEqual(
      fold(registered),
    ))
})

describe('明细', () => {
  test('分批上传，同一流水号以后一次为准', () => {
    const visit = fold(charged(fee('1'), fee('2')), charged(fee('2', { cnt: 5 }), fee('3', { chrg_bchno: 'B2' })))
    expect(numbers(visit)).toEqual(['1', '2', '3'])
    expect(visit.fees[1]).toMatchObject({ cnt: '5', det_item_fee_sumamt: 1000, node: { pric: '10.000000' } })
  })
  test('撤销一批；0000 撤销全部', () => {
    const both = charged(fee('1'), fee('2', { chrg_bchno: 'B2' }))
    expect(numbers(fold(both, data('2205', { chrg_bchno: 'B2' })))).toEqual(['1'])
    expect(numbers(fold(both, data('2205', { chrg_bchno: '0000' })))).toEqual([])
  })
  test('0000 只撤销未结算的', () => {
    const both = charged(fee('1'), fee('2', { chrg_bchno: 'B2' }))
    expect(numbers(foldVisit([both, data('2205', { chrg_bchno: '0000' })], new Set(['B1'])))).toEqual(['1'])
  })
  test('撤销后可以重传', () =>
    expect(numbers(fold(charged(fee('1')), data('2205', { chrg_bchno: '0000' }), charged(fee('1'))))).toEqual(['1']))
  test('住院：分段上传，负数的退费行留着', () => {
    const visit = fold(
      admitted,
      uploaded(fee('6', { chrg_bchno: '' })),
      uploaded(fee('10', { cnt: '-20.0', det_item_fee_sumamt: '-3520.0', init_feedetl_sn: '6' })),
    )
    expect(visit.fees).toMatchObject([
      { feedetl_sn: '6' },
      { cnt: '-20', det_item_fee_sumamt: -352_000, init_feedetl_sn: '6' },
    ])
  })
  test('住院：按流水号撤销，0000 全部撤销', () => {
    const rows = [admitted, uploaded(fee('1'), fee('2'), fee('3'))] as const
    const cleared = (...sn: string[]) => told('2302', { data: sn.map((feedetl_sn) => ({ ...whose, feedetl_sn })) })
    expect(numbers(fold(...rows, cleared('1', '3')))).toEqual(['2'])
    expect(numbers(fold(...rows, cleared('0000')))).toEqual([])
  })
  test('任何一串上传和撤销之后，流水号不重复', () => {
    const sn = fc.constantFrom('1', '2', '3')
    const message = fc.oneof(
      fc.array(sn, { minLength: 1, maxLength: 4 }).map((list) => charged(...list.map((one) => fee(one)))),
      fc.constantFrom('0000', 'B1', 'B2').map((chrg_bchno) => data('2205', { chrg_bchno })),
    )
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
        const list = numbers(foldVisit(messages))
        expect(new Set(list).size).toBe(list.length)
      }),
    )
  })
})

describe('住院', () => {
  test('入院', () =>
    expect(fold(admitted)).toMatchObject({
      med_type: '21',
      begin: { day: '2026-03-01' },
      end: null,
      diagnoses: [{ code: 'J18.9' }],
    }))
  test('入院没有诊断列表：用主诊断', () =>
    expect(fold(told('2401', { ...admitted.input, diseinfo: [] })).diagnoses).toEqual([
      { code: 'J18.9', name: '肺炎' },
    ]))
  test('出院：有出院日和出院诊断', () => {
    const visit = fold(admitted, discharged)
    expect(visit).toMatchObject({ begin: { day: '2026-03-01' }, end: { day: '2026-03-10' }, med_type: '21' })
    expect(codes(visit)).toEqual(['J15.9', 'I10'])
  })
  test('出院没有诊断：用入院诊断', () =>
    expect(codes(fold(admitted, told('2402', { ...discharged.input, diseinfo: [] })))).toEqual(['J18.9']))
  test('撤销出院：回到在院，诊断回到入院诊断', () =>
    expect(fold(admitted, discharged, data('2405'))).toEqual(fold(admitted)))
  test('入院信息变更：写了的改，没写的不动', () => {
    const amended = told('2403', { adminfo: { ...whose, begntime: '2026-03-02 08:00:00' } })
    expect(fold(admitted, amended)).toMatchObject({
      begin: { day: '2026-03-02' },
      med_type: '21',
      diagnoses: [{ code: 'J18.9' }],
    })
    const ended = told('2403', { adminfo: { ...whose, endtime: '2026-03-09' }, diseinfo: [diagnosis('K', 1)] })
    expect(fold(admitted, ended)).toMatchObject({ end: { day: '2026-03-09' }, diagnoses: [{ code: 'K' }] })
  })
  test('撤销入院，再入院重新开始', () => {
    expect(fold(admitted, data('2404')).state).toBe('cancelled')
    expect(fold(admitted, uploaded(fee('1')), discharged, data('2404'), admitted)).toEqual(fold(admitted))
  })
  test.each<[string, Partial<Visit>]>([
    ['2401', { state: 'cancelled' }],
    ['2402', { state: 'open', end: null }],
    ['2207', { state: 'open', end: { day: '2026-03-10', at: Date.parse('2026-03-10T10:00:00+08:00') } }],
  ])('冲正 %s', (oinfno, expected) =>
    expect(fold(admitted, discharged, told('2601', { data: { psn_no: 'P1', omsgid: 'X', oinfno } }))).toMatchObject(
      expected,
    ),
  )
})
