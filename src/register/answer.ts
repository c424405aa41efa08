import { z } from 'zod'
import { changeListSchema, daySchema } from './change-list.ts'
import { idType, patientSchema, residentId } from './patient.ts'
import { PURPOSES } from './person.ts'
import { OUTCOMES } from './plan.ts'
import { psnNoStatement } from './psn-no.ts'

const day = daySchema
const instant = z.string().meta({ format: 'date-time', examples: ['2026-11-01T10:31:07+08:00'] })
export const eligibilityBody = z
  .strictObject({
    patient: patientSchema,
    insurance: z.strictObject({ admdvs: z.string().regex(/^\d{6}$/, '参保地：6 位数字') }).optional(),
    on: day.optional(),
  })
  .meta({ id: 'EligibilityAsk' })

export const eligibilityAnswer = z
  .strictObject({
    status: z.enum(['eligible', 'not_eligible', 'unknown_person']),
    on: day,
    asked_at: instant,
    categories: z.array(z.strictObject({ key: z.string(), label: z.string(), from: day })),
    limits: z.array(
      z.strictObject({
        pool: z.string(),
        period: z.string(),
        unit: z.enum(['yuan', 'times']),
        limit: z.string().nullable(),
        used: z.string(),
        left: z.string().nullable(),
      }),
    ),
    reasons: z.array(z.strictObject({ code: z.string(), text: z.string() })),
  })
  .meta({ id: 'Eligibility' })

export const draftBody = z
  .discriminatedUnion('source', [
    z.strictObject({
      source: z.literal('roster'),
      text: z.string().min(1, '不能为空').meta({ description: 'a roster as CSV text' }),
    }),
    z.strictObject({ source: z.literal('changes'), changes: changeListSchema }),
    psnNoStatement.extend({ source: z.literal('psn_no') }),
  ])
  .meta({ id: 'RegisterDraft' })

export const draftId = z.strictObject({ id: z.string().regex(/^[0-9A-Z]{20}$/, '编号格式不符') })

const counts = z
  .strictObject({ ...Object.fromEntries(OUTCOMES.map((o) => [o, z.int()])), skipped: z.int() })
  .meta({ id: 'RegisterCounts', description: 'rows by what they change' })
const faults = z.array(
  z
    .strictObject({
      row: z.int(),
      column: z.string().nullable(),
      code: z.string(),
      rejects: z.boolean(),
      reason: z.string(),
      action: z.string(),
    })
    .meta({ id: 'RowFault' }),
)
const difference = z
  .strictObject({
    field: z.enum(['person', 'name', 'household', 'township', 'admdvs', 'died_on', 'category', 'psn_no']),
    before: z.string().nullable().optional(),
    after: z.string().nullable().optional(),
    category: z.string().optional(),
    from_day: day.optional(),
    held: z.boolean().optional(),
    psn_no: z.string().optional(),
  })
  .meta({ id: 'RegisterDifference' })
const row = z.strictObject({
  row: z.int(),
  outcome: z.enum(OUTCOMES),
  name: z.string().nullable(),
  id_number: z.string(),
  reason: z.string().optional(),
  differences: z.array(difference),
})

export const draftView = z
  .strictObject({
    id: z.string(),
    status: z.enum(['waiting', 'approved']),
    source: z.string(),
    hash: z.string(),
    drafted_by: z.string(),
    drafted_at: instant,
    approved_by: z.string().nullable(),
    approved_at: instant.nullable(),
    counts,
    faults,
    rows: z.array(row),
    rows_omitted: z.int(),
  })
  .meta({ id: 'RegisterDraftView' })

export const draftMade = z.strictObject({ id: z.string(), hash: z.string(), counts, faults }).meta({ id: 'DraftMade' })

export const approvalAnswer = z
  .strictObject({
    id: z.string(),
    drafted_by: z.string(),
    approved_by: z.string(),
    approved_at: instant,
    counts,
    faults,
  })
  .meta({ id: 'RegisterApproval' })

export const searchBody = z
  .strictObject({
    id_type: idType,
    id_number: residentId,
    on: day.optional(),
    known_at: z.iso
      .datetime({ offset: true, error: '时刻须为 RFC 3339，如 2026-11-01T10:31:07+08:00' })
      .transform((text) => Date.parse(text))
      .optional(),
    purpose: z.enum(PURPOSES).optional().meta({ description: 'shows name and number in full; noted in the audit log' }),
  })
  .meta({ id: 'PersonSearch' })

const held = { category: z.string(), label: z.string() }

export const personAnswer = z
  .discriminatedUnion('status', [
    z.strictObject({ status: z.literal('unknown_person') }),
    z.strictObject({
      status: z.literal('registered'),
      person_id: z.int(),
      name: z.string(),
      id_number: z.string(),
      township: z.string(),
      admdvs: z.string(),
      head_of_household: z.boolean(),
      died_on: day.nullable(),
      on: day,
      categories: z.array(z.strictObject({ key: z.string(), label: z.string(), from: day })),
      history: z.array(
        z.strictObject({ ...held, from_day: day, held: z.boolean(), batch_id: z.string(), recorded_at: instant }),
      ),
    }),
  ])
  .meta({ id: 'RegisteredPerson' })

export const tasksAnswer = z
  .strictObject({
    tasks: z.array(
      z.strictObject({
        kind: z.string(),
        id: z.string(),
        source: z.string(),
        drafted_by: z.string(),
        drafted_at: instant,
        own: z.boolean(),
        counts: counts.nullable(),
      }),
    ),
  })
  .meta({ id: 'Tasks' })
