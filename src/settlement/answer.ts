import { z } from 'zod'
import { formatInstant, type Instant } from '../kernel/day.ts'
import { type Fen, formatYuan } from '../kernel/money.ts'
import type { LimitUse } from '../rules/claim.ts'
import { explainRuling } from '../rules/explain.ts'
import { paidByOthers, type StoredBill } from './bill.ts'
import type { Decision } from './decide.ts'

const yuan = z.string().meta({ examples: ['11407.50'] })
const reason = z.strictObject({ code: z.string(), text: z.string(), law: z.string().nullable() })
const limit = z.strictObject({
  pool: z.string(),
  year: z.int(),
  period: z.string().describe('the year, quarter or disease-year the limit belongs to'),
  unit: z.literal('times').optional().describe('a pool that counts uses; absent: yuan'),
  limit: yuan.nullable().describe('null: no limit'),
  used_before: yuan,
  used_after: yuan,
  left: yuan.nullable(),
})
const decisionShape = {
  decision: z.enum(['assisted', 'not_assisted']),
  reasons: z.array(reason),
  bill_no: z.string(),
  category: z.string().nullable(),
  rule: z.strictObject({ scheme: z.string(), version: z.string(), hash: z.string() }),
  benefits: z.array(z.strictObject({ benefit: z.string(), tier: z.int(), base: yuan, amount: yuan })),
  assistance_paid: yuan,
  patient_pays: yuan,
  limits: z.array(limit),
  trace: z.array(
    z.strictObject({
      benefit: z.string().nullable(),
      stage: z.string(),
      label: z.string(),
      formula: z.string(),
      amount: yuan.nullable(),
      law: z.string(),
    }),
  ),
  explanation: z.string(),
}
export const previewSchema = z
  .strictObject({ preview_id: z.string(), expires_at: z.string(), ...decisionShape })
  .meta({ id: 'Preview' })
export const settlementSchema = z
  .strictObject({
    settlement_no: z.string(),
    ledger_seq: z.int(),
    status: z.enum(['settled', 'reversed']),
    ...decisionShape,
    verify_code: z.string(),
    settled_at: z.string(),
    reversed_by: z.string().optional(),
  })
  .meta({ id: 'Settlement' })
export const reversalSchema = z
  .strictObject({
    settlement_no: z.string(),
    ledger_seq: z.int(),
    status: z.literal('reversal'),
    reverses: z.string(),
    bill_no: z.string(),
    reason: z.string(),
    assistance_paid: yuan.describe('negative'),
    patient_pays: yuan.describe('negative'),
    limits: z.array(limit),
    verify_code: z.string(),
    settled_at: z.string(),
  })
  .meta({ id: 'Reversal' })

export type DecisionAnswer = Omit<z.output<typeof previewSchema>, 'preview_id' | 'expires_at'>
export type SettlementAnswer = z.output<typeof settlementSchema>
export type ReversalAnswer = z.output<typeof reversalSchema>
export type LimitAnswer = z.output<typeof limit>

/** Limits in yuan, or in times where the pool counts uses. */
export function limitAnswer(use: LimitUse, year: number): LimitAnswer {
  const say = use.unit === 'times' ? String : formatYuan
  return {
    pool: use.pool,
    year,
    period: use.period,
    ...(use.unit ? { unit: use.unit } : {}),
    limit: use.limit === null ? null : say(use.limit),
    used_before: say(use.used_before),
    used_after: say(use.used_after),
    left: use.limit === null ? null : say(Math.max(0, use.limit - use.used_after)),
  }
}

/** What the patient owes at the counter once everybody else has paid. */
export const patientPays = (bill: StoredBill, assistance: Fen): Fen =>
  bill.amounts.total_cost - paidByOthers(bill.amounts) - assistance

/** The decision on the wire; the order of its keys is part of what is stored and replayed. */
export function decisionAnswer(bill: StoredBill, { facts, ruling, version }: Decision): DecisionAnswer {
  return {
    decision: ruling.assistance > 0 ? 'assisted' : 'not_assisted',
    reasons: ruling.reasons.map((r) => ({ code: r.code, text: r.text, law: r.law })),
    bill_no: bill.bill_no,
    category: ruling.category,
    rule: facts.rule,
    benefits: ruling.benefits.map((b) => ({
      benefit: b.benefit,
      tier: b.tier,
      base: formatYuan(b.base),
      amount: formatYuan(b.amount),
    })),
    assistance_paid: formatYuan(ruling.assistance),
    patient_pays: formatYuan(patientPays(bill, ruling.assistance)),
    limits: ruling.limits.map((l) => limitAnswer(l, facts.year)),
    trace: ruling.trace.map((t) => ({
      benefit: t.benefit,
      stage: t.stage,
      label: t.label,
      formula: t.formula,
      amount: t.amount === null ? null : formatYuan(t.amount),
      law: t.law,
    })),
    explanation: explainRuling(ruling, version),
  }
}

export const settlementAnswer = (
  decision: DecisionAnswer,
  booked: { no: string; seq: number; verify: string; at: Instant },
): SettlementAnswer => ({
  settlement_no: booked.no,
  ledger_seq: booked.seq,
  status: 'settled',
  ...decision,
  verify_code: booked.verify,
  settled_at: formatInstant(booked.at),
})
