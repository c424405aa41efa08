import { amountInWords } from '../kernel/amount-words.ts'
import { ageOn, daysBetween } from '../kernel/day.ts'
import type { Fen } from '../kernel/money.ts'
import { maskId } from '../kernel/resident-id.ts'
import { isTermKey, type TermKey } from '../kernel/terms.ts'
import type { CareType, InsuranceType } from '../rules/claim.ts'
import {
  benefitWord,
  billAmounts,
  code,
  common,
  costsOf,
  type MoneyLine,
  named,
  paymentsOf,
  proveItAddsUp,
  signedFen,
  text,
  type Value,
  word,
} from './statement-lines.ts'
import type { PrintedLimit, PrintedSettlement, StatementSource } from './statement-source.ts'

export interface Field {
  readonly label: TermKey
  readonly value: Value
}

export interface Mark {
  readonly key: 'original_copy' | 'reprint' | 'reversed' | 'reversal_copy'
  /** On a reprint: how many times it has been reprinted. */
  readonly nth?: number
}

export interface Step {
  readonly label: string
  readonly formula: string
  readonly fen: Fen | null
  readonly law: string
}

/** The working of one benefit, or of what comes before any benefit; `paid` is null where it came to nothing. */
export interface Working {
  readonly benefit: Value | null
  readonly paid: { readonly tier: number; readonly base: Fen; readonly amount: Fen } | null
  readonly steps: readonly Step[]
}

/** Yuan in fen, or a number of times. */
export interface LimitLine {
  readonly pool: Value
  readonly period: string
  readonly times: boolean
  readonly limit: number | null
  readonly used_before: number
  readonly used_after: number
  readonly left: number | null
}

/** A statement in no language yet: what stands on the paper, in order. */
export interface Statement {
  readonly title: TermKey
  readonly place: string
  readonly marks: readonly Mark[]
  readonly illustrative: boolean
  readonly head: readonly Field[]
  readonly verification: { readonly code: string; readonly qr: string }
  readonly person: readonly Field[]
  readonly visit: readonly Field[]
  readonly costs: readonly MoneyLine[]
  readonly payments: readonly MoneyLine[]
  readonly words: readonly { readonly label: TermKey; readonly fen: Fen; readonly text: string }[]
  readonly rule: readonly Field[]
  readonly workings: readonly Working[]
  readonly limits: readonly LimitLine[]
  readonly assisted: boolean
  readonly reasons: readonly { readonly text: string; readonly law: string }[]
  readonly explanation: string
  readonly printed_at: string
  readonly phone: string
}

const HOTLINE = '12393'

const CARE: Readonly<Record<CareType, TermKey>> = {
  inpatient: 'inpatient',
  outpatient_chronic: 'chronic_outpatient',
  outpatient_serious: 'outpatient_serious',
  outpatient: 'outpatient',
}
const INSURANCE: Readonly<Record<InsuranceType, TermKey>> = {
  resident: 'insurance_resident',
  employee: 'insurance_employee',
  none: 'insurance_none',
}
const LEVEL = { 1: 'level_1', 2: 'level_2', 3: 'level_3' } as const
const POOLS: Readonly<Record<string, TermKey>> = { annual: 'annual_limit', tilt: 'tilt_assistance' }

/** "2026-11-01T10:31:07+08:00" -> "2026-11-01 10:31:07": the paper says Beijing time, so nothing else may come in. */
function beijing(instant: string): string {
  if (!instant.endsWith('+08:00')) throw new Error('a statement prints Beijing time only')
  return instant.slice(0, 19).replace('T', ' ')
}

function marksOf({ settlement, print }: StatementSource): Mark[] {
  if (!Number.isInteger(print.nth) || print.nth < 1) throw new Error('prints are counted from 1')
  const copy: Mark = print.nth === 1 ? { key: 'original_copy' } : { key: 'reprint', nth: print.nth - 1 }
  if (settlement.status === 'reversal') return [{ key: 'reversal_copy' }, copy]
  if (settlement.status === 'settled') return [copy]
  return print.nth === 1 ? [{ key: 'reversed' }] : [{ key: 'reversed' }, copy]
}

function headOf({ settlement }: StatementSource): Field[] {
  const fields: Field[] = [{ label: 'settlement_no', value: code(settlement.settlement_no) }]
  if (settlement.reverses) fields.push({ label: 'reverses_no', value: code(settlement.reverses) })
  fields.push({ label: 'settlement_time', value: code(beijing(settlement.settled_at)) })
  return fields
}

function personOf({ settlement, patient, rule }: StatementSource): Field[] {
  const category = settlement.category
  return [
    { label: 'name', value: text(patient.name) },
    { label: 'gender', value: word(patient.sex) },
    { label: 'age', value: code(String(ageOn(patient.born_on, settlement.settled_at.slice(0, 10)))) },
    { label: 'id_number', value: code(maskId(patient.id_number)) },
    {
      label: 'category',
      value: category
        ? named(category, rule.labels?.categories, isTermKey(category) ? category : undefined)
        : { as: 'blank' },
    },
    { label: 'certificate_no', value: code(patient.certificate_no) },
    { label: 'township', value: text(patient.township) },
  ]
}

const DIAGNOSES_SHOWN = 6

/** The first ones in full, the number of the others: forty would push the amounts off the page. */
function diagnosesOf({ bill: { diagnoses } }: StatementSource): string {
  const shown = diagnoses.slice(0, DIAGNOSES_SHOWN).map((diagnosis) => `${diagnosis.code} ${diagnosis.name}`)
  return shown.join('；') + (diagnoses.length > shown.length ? ` 等${diagnoses.length}项` : '')
}

function visitOf(source: StatementSource): Field[] {
  const { bill, hospital } = source
  const stay: Field[] =
    bill.admitted_on && bill.discharged_on
      ? [
          { label: 'admission_date', value: code(bill.admitted_on) },
          { label: 'discharge_date', value: code(bill.discharged_on) },
          // Admission and discharge on one day count as one day in hospital.
          {
            label: 'days_in_hospital',
            value: code(String(Math.max(1, daysBetween(bill.admitted_on, bill.discharged_on)))),
          },
        ]
      : [{ label: 'visit_date', value: code(bill.visited_on) }]
  return [
    { label: 'designated_hospital', value: text(`${hospital.name}（${hospital.code}）`) },
    { label: 'hospital_level', value: word(LEVEL[hospital.level]) },
    { label: 'department', value: text(bill.department) },
    { label: 'visit_no', value: code(bill.visit_no) },
    { label: 'bill_no', value: code(bill.bill_no) },
    { label: 'care_type', value: word(CARE[bill.care_type]) },
    ...stay,
    { label: 'insurance', value: word(INSURANCE[bill.insurance.type]) },
    { label: 'insured_place', value: code(bill.insurance.admdvs) },
    { label: 'diagnosis', value: text(diagnosesOf(source)) },
  ]
}

/** A reversal takes one step; the working of the amount stands on the settlement that it takes back. */
const takingBack = ({ reverses, assistance_paid }: PrintedSettlement): Working => ({
  benefit: null,
  paid: null,
  steps: [{ label: '冲销', formula: `原结算 ${reverses} 全额退回`, fen: signedFen(assistance_paid), law: '' }],
})

/** Every step, in the order in which it was taken; a new block begins where the benefit changes. */
function workingsOf({ settlement, rule }: StatementSource): Working[] {
  if (settlement.status === 'reversal') return [takingBack(settlement)]
  const workings: { key: string | null; steps: Step[]; benefit: Value | null; paid: Working['paid'] }[] = []
  for (const { benefit: key, label, formula, amount, law } of settlement.trace) {
    const step: Step = { label, formula, fen: amount === null ? null : signedFen(amount), law }
    const last = workings.at(-1)
    if (last?.key === key) {
      last.steps.push(step)
      continue
    }
    const found = settlement.benefits.find((item) => item.benefit === key)
    const paid = found && { tier: found.tier, base: signedFen(found.base), amount: signedFen(found.amount) }
    const benefit = key === null ? null : named(key, rule.labels?.benefits, benefitWord(key))
    workings.push({ key, benefit, paid: paid ?? null, steps: [step] })
  }
  return workings
}

function limitOf(line: PrintedLimit, { rule }: StatementSource): LimitLine {
  const figure = line.unit === 'times' ? Number : signedFen
  return {
    pool: named(line.pool, rule.labels?.pools, common(POOLS, line.pool)),
    period: line.period ?? (line.year ? String(line.year) : ''),
    times: line.unit === 'times',
    limit: line.limit === null ? null : figure(line.limit),
    used_before: figure(line.used_before),
    used_after: figure(line.used_after),
    left: line.left === null ? null : figure(line.left),
  }
}

/** What came of it; a reversal says why it was made, not why the original amount was what it was. */
function resultOf(settlement: PrintedSettlement): Pick<Statement, 'assisted' | 'reasons' | 'explanation'> {
  if (settlement.status === 'reversal') {
    const explanation = `原结算 ${settlement.reverses} 已全额冲销，限额已退回原年度。原因：${settlement.reason ?? '未注明'}`
    return { assisted: true, reasons: [], explanation }
  }
  return {
    assisted: settlement.decision === 'assisted',
    reasons: settlement.reasons.map((reason) => ({ text: reason.text, law: reason.law ?? '' })),
    explanation: settlement.explanation,
  }
}

const inWords = (label: TermKey, fen: Fen) => ({ label, fen, text: amountInWords(fen) })

/** What stands on the paper. Throws when the stored amounts do not add up: that is a bug, not a print. */
export function statementOf(source: StatementSource): Statement {
  const { settlement, rule, print } = source
  const amount = billAmounts(source)
  const costs = costsOf(amount)
  const payments = paymentsOf(source, amount)
  proveItAddsUp(source, costs, payments)
  return {
    title: settlement.status === 'reversal' ? 'reversal_statement' : 'settlement_statement',
    place: source.place ?? '',
    marks: marksOf(source),
    illustrative: rule.illustrative,
    head: headOf(source),
    verification: { code: settlement.verify_code, qr: `MA:${settlement.settlement_no}:${settlement.verify_code}` },
    person: personOf(source),
    visit: visitOf(source),
    costs,
    payments,
    words: [
      inWords('total_cost', amount('total_cost')),
      inWords('assistance_paid', signedFen(settlement.assistance_paid)),
      inWords('you_pay', signedFen(settlement.patient_pays)),
    ],
    rule: [
      { label: 'scheme', value: text(rule.title) },
      { label: 'rule_version', value: code(`${settlement.rule.scheme} ${settlement.rule.version}`) },
    ],
    workings: workingsOf(source),
    limits: settlement.limits.map((line) => limitOf(line, source)),
    ...resultOf(settlement),
    printed_at: beijing(print.printed_at),
    phone: source.phone ?? HOTLINE,
  }
}
