import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isRefusal } from '../kernel/refusal.ts'
import { checkCharacter } from '../kernel/resident-id.ts'
import { compileText } from '../rules/compile.ts'
import { gatherSchemes } from '../rules/in-force.ts'
import { type DecisionAnswer, decisionAnswer, patientPays } from './answer.ts'
import { billSchema } from './bill.ts'
import type { PersonState } from './booking.ts'
import { type Decision, decide, decideAgain, householdOwner, personOwner } from './decide.ts'

const version = compileText(
  readFileSync(new URL('../../rules/ili-yining/2023-01-01.yaml', import.meta.url), 'utf8'),
  'ili-yining',
)
const schemes = gatherSchemes([version])
const first17 = '65400219620101000'
const bill = (change: Record<string, unknown> = {}) =>
  billSchema.parse({
    bill_no: 'B1',
    visit_no: 'V1',
    care_type: 'inpatient',
    patient: { id_type: 'resident_id', id_number: first17 + checkCharacter(first17), name: '古丽·沙拉' },
    insurance: { type: 'resident', admdvs: '654002' },
    admitted_on: '2026-10-20',
    discharged_on: '2026-11-01',
    diagnoses: [{ code: 'I21.9', name: '急性心肌梗死' }],
    amounts: {
      total_cost: '52000.00',
      self_funded: '1500.00',
      prior_self_pay: '500.00',
      policy_scope_cost: '50000.00',
      basic_insurance_paid: '34790.00',
    },
    ...change,
  })
const person: PersonState = {
  id: 12,
  blind: 'b12',
  born_on: '1962-01-01',
  record_id: 34,
  name_blind: 'n',
  household: null,
  township: '示范镇',
  died_on: null,
  holdings: [{ id: 1, category: 'dibao', from_day: '2020-01-01', held: 1, recorded_at: 0 }],
}
const hospital = { code: 'H65400200001', name: '伊宁市人民医院', level: 2 as const, admdvs: '654002', suspended: false }
const AT = Date.parse('2026-11-01T10:31:07+08:00')
const standing = (change: Partial<Parameters<typeof decide>[0]> = {}) => ({
  bill: bill(),
  person,
  hospital,
  schemes,
  at: AT,
  counter: () => 0,
  ...change,
})
const decided = (change: Partial<Parameters<typeof decide>[0]> = {}): Decision & { answer: DecisionAnswer } => {
  const given = standing(change)
  const decision = decide(given)
  if (isRefusal(decision)) throw new Error(decision.refusal)
  return { ...decision, answer: decisionAnswer(given.bill, decision) }
}
const refused = (change: Partial<Parameters<typeof decide>[0]>) => {
  const decision = decide(standing(change))
  return isRefusal(decision) ? decision : null
}

describe('公布的例子', () => {
  test('低保住院：15210.00 × 75%，个人付 5802.50', () => {
    const { answer, facts, ruling } = decided()
    expect(answer).toMatchObject({
      decision: 'assisted',
      category: 'dibao',
      assistance_paid: '11407.50',
      patient_pays: '5802.50',
      rule: { scheme: 'ili-yining', version: '2023-01-01', hash: version.hash },
      benefits: [{ benefit: 'inpatient', tier: 1, base: '15210.00', amount: '11407.50' }],
      limits: [
        {
          pool: 'annual',
          year: 2026,
          limit: '60000.00',
          used_before: '0.00',
          used_after: '11407.50',
          left: '48592.50',
        },
      ],
    })
    expect(answer.trace).toContainEqual({
      benefit: 'inpatient',
      stage: 'ratio',
      label: '救助比例',
      formula: '15210.00 × 75%',
      amount: '11407.50',
      law: '第十一条',
    })
    expect(answer.explanation).toContain('低保对象')
    expect(facts).toMatchObject({
      person: { id: 12, record_id: 34, born_on: '1962-01-01', died_on: null },
      categories: [{ key: 'dibao', from: '2020-01-01' }],
      hospital: { code: 'H65400200001', level: 2, admdvs: '654002' },
      settled_on: '2026-11-01',
      business_day: '2026-11-01',
      year: 2026,
    })
    expect(facts.deltas).toContainEqual({ owner: 'p:12', key: 'ili-yining/annual/2026', delta: 1_140_750 })
    expect(patientPays(bill(), ruling.assistance)).toBe(580_250)
  })

  test('已用额度从本人的账上读，读了什么就记下什么', () => {
    const counter = (owner: string, key: string) =>
      owner === 'p:12' && key === 'ili-yining/annual/2026' ? 5_900_000 : 0
    const { answer, facts } = decided({ counter })
    expect(answer.benefits[0]).toMatchObject({ benefit: 'inpatient', amount: '1000.00' })
    expect(answer.limits[0]).toMatchObject({ used_before: '59000.00', used_after: '60000.00', left: '0.00' })
    expect(facts.counters['person|ili-yining/annual/2026']).toBe(5_900_000)
  })

  test('没有身份的人：救助为零，理由写明，照样算完', () => {
    const { answer } = decided({ person: { ...person, holdings: [] } })
    expect(answer).toMatchObject({
      decision: 'not_assisted',
      category: null,
      assistance_paid: '0.00',
      patient_pays: '17210.00',
    })
    expect(answer.reasons.map((r) => r.code)).toContain('no_category')
  })
})

describe('跨过日子', () => {
  test.each([
    ['出院那天已不是低保', '2026-11-01', 'not_assisted'],
    ['出院第二天才不是低保', '2026-11-02', 'assisted'],
  ])('%s', (_, from_day, expected) => {
    const holdings = [...person.holdings, { id: 2, category: 'dibao', from_day, held: 0 as const, recorded_at: 1 }]
    expect(decided({ person: { ...person, holdings } }).answer.decision).toBe(expected)
  })

  test('跨年住院算出院那一年', () => {
    const stay = bill({ admitted_on: '2025-12-30', discharged_on: '2026-01-02' })
    expect(decided({ bill: stay }).facts).toMatchObject({ year: 2026, business_day: '2026-01-02' })
  })

  test.each([
    ['去世后才入院：拒绝', '2026-10-19', 'deceased_before_care'],
    ['入院当天去世：不拒绝', '2026-10-20', null],
    ['住院期间去世：不拒绝', '2026-10-30', null],
  ])('%s', (_, died_on, code) => expect(refused({ person: { ...person, died_on } })?.refusal ?? null).toBe(code))

  test('住院期间去世、之后才办出院：身份算到去世那天，并留下记号', () => {
    const onTheDay = decided({ person: { ...person, died_on: '2026-11-01' } })
    expect(onTheDay.answer.decision).toBe('assisted')
    expect(onTheDay.facts.flags).toEqual([])
    const after = decided({ person: { ...person, died_on: '2026-10-31' } })
    expect(after.answer.decision).toBe('assisted')
    expect(after.facts.flags).toEqual(['discharged_after_death'])
    const ended = { id: 2, category: 'dibao', from_day: '2026-10-31', held: 0 as const, recorded_at: 1 }
    expect(
      decided({ person: { ...person, died_on: '2026-10-31', holdings: [...person.holdings, ended] } }).answer.decision,
    ).toBe('not_assisted')
  })

  test('去世后才入院的拒绝，说出是哪天就诊的', () => {
    expect(refused({ person: { ...person, died_on: '2026-10-19' } })?.detail).toContain('2026-10-20')
  })

  test.each([
    ['去世前取消低保，出院时还是', '2026-11-10', [1, 0], '11407.50'],
    ['去世前才评上低保，出院时不是', '2026-11-10', [0, 1], '0.00'],
  ] as const)('出院之后才去世，身份仍看出院那天：%s', (_, changed_on, [before, after], paid) => {
    const holdings = [
      { id: 1, category: 'dibao', from_day: '2020-01-01', held: before, recorded_at: 0 },
      { id: 2, category: 'dibao', from_day: changed_on, held: after, recorded_at: 1 },
    ]
    const at = Date.parse('2026-11-25T09:00:00+08:00')
    const { answer, facts } = decided({ person: { ...person, died_on: '2026-11-20', holdings }, at })
    expect([answer.assistance_paid, facts.flags]).toEqual([paid, []])
  })

  test('参保地没有办法、那天没有办法：说出是哪里、哪天', () => {
    expect(refused({ bill: bill({ insurance: { type: 'resident', admdvs: '990000' } }) })).toMatchObject({
      refusal: 'no_scheme',
      detail: expect.stringContaining('990000'),
    })
    const early = bill({ admitted_on: '2022-12-01', discharged_on: '2022-12-31' })
    expect(refused({ bill: early })).toMatchObject({
      refusal: 'no_rule_in_force',
      detail: expect.stringMatching(/ili-yining.*2022-12-31/),
    })
  })
})

describe('谁的账', () => {
  test('个人一个账，户一个账；没有户的人自成一户', () => {
    expect(personOwner(12)).toBe('p:12')
    expect(householdOwner('head', 'b12')).toBe('h:head')
    expect(householdOwner(null, 'b12')).toBe('h:b12')
  })

  test('户的累计读户主的账', () => {
    const asked = new Set<string>()
    decided({
      person: { ...person, household: 'head' },
      counter: (owner) => {
        asked.add(owner)
        return 0
      },
    })
    expect([...asked].every((owner) => owner === 'p:12' || owner === 'h:head')).toBe(true)
  })
})

test('用存下的账单和事实再算一遍，一字不差', () => {
  const counter = (_: string, key: string) => (key.includes('annual') ? 5_500_000 : 0)
  const { answer, facts, ruling } = decided({ counter })
  const stored = JSON.parse(JSON.stringify(facts))
  const again = decideAgain(bill(), stored, version)
  expect(decisionAnswer(bill(), again)).toEqual(answer)
  expect(again.ruling.assistance).toBe(ruling.assistance)
  const other = decideAgain(bill(), { ...stored, counters: {} }, version)
  expect(decisionAnswer(bill(), other).assistance_paid).toBe('11407.50')
})
