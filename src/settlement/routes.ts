import { z } from 'zod'
import type { Door, Reply } from '../door/call.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { previewSchema, reversalSchema, settlementSchema } from './answer.ts'
import { billSchema } from './bill.ts'
import type { BookingResult } from './booking.ts'
import type { Desk } from './desk.ts'
import { lookUp } from './look-up.ts'
import { printStatement } from './print.ts'
import { reverse } from './reverse.ts'
import { preview, settle } from './settle.ts'
import { STATEMENT_CSP, statementPage } from './statement-page.ts'

const KEY = /^[A-Za-z0-9_-]{16,64}$/
const idempotency = z.object({
  'idempotency-key': z
    .string({ error: '[idempotency_key_missing] 请带上 Idempotency-Key' })
    .regex(KEY, '[idempotency_key_malformed] 16–64 位字母、数字、_ 或 -，只带一个')
    .describe('client-made key of this request; repeat it to get the same answer'),
})
const withPreview = idempotency.extend({
  'preview-id': z
    .string()
    .regex(/^[0-9a-f]{24}$/, '应为预结算返回的 preview_id')
    .optional()
    .describe('settle only if the decision is still the previewed one'),
})
const no = z.string().regex(/^[0-9A-Z]{10,40}$/, '结算单号格式不符')

const REFUSALS_OF_A_BILL = [
  'bill_does_not_add_up',
  'bill_already_settled',
  'person_unknown',
  'name_mismatch',
  'deceased_before_care',
  'no_scheme',
  'no_rule_in_force',
  'hospital_suspended',
] as const
const REFUSALS_OF_A_KEY = [
  'idempotency_key_missing',
  'idempotency_key_malformed',
  'idempotency_key_reused',
  'outcome_unknown',
] as const

/** A booking's answer on the wire: the stored bytes, whether first or repeated. */
function replyOf(result: BookingResult): Reply | Refusal {
  if (isRefusal(result)) return result
  return {
    status: result.status,
    text: result.body,
    media: result.problem ? 'application/problem+json; charset=utf-8' : 'application/json; charset=utf-8',
    headers: {
      ...(result.location === null ? {} : { location: result.location }),
      ...(result.replayed ? { 'idempotent-replayed': 'true' } : {}),
    },
  }
}

/** What a bill would get, and settling it. */
function openSettling(door: Door, desk: Desk): void {
  door.open(
    {
      method: 'post',
      path: '/v1/settlements/preview',
      permission: 'settlement.preview',
      id: 'preview',
      tag: 'settlement',
      summary: 'What settling this bill would decide; writes nothing',
      body: billSchema,
      answers: { 200: { description: 'the decision', schema: previewSchema } },
      refusals: REFUSALS_OF_A_BILL,
    },
    async ({ caller, body }) => {
      const decision = await preview(desk, caller, body)
      return isRefusal(decision) ? decision : { status: 200, json: decision }
    },
  )
  door.open(
    {
      method: 'post',
      path: '/v1/settlements',
      permission: 'settlement.settle',
      id: 'settle',
      tag: 'settlement',
      summary: 'Decide and book a bill, once',
      headers: withPreview,
      body: billSchema,
      answers: { 201: { description: 'booked, or the stored answer on a repeat', schema: settlementSchema } },
      refusals: [...REFUSALS_OF_A_BILL, ...REFUSALS_OF_A_KEY, 'preview_outdated'],
    },
    async ({ caller, body, headers }) =>
      replyOf(await settle(desk, caller, body, headers['idempotency-key'], headers['preview-id'] ?? null)),
  )
}

/** What became of a settlement. */
function openLookUp(door: Door, desk: Desk): void {
  door.open(
    {
      method: 'get',
      path: '/v1/settlements',
      permission: 'settlement.read',
      id: 'findSettlement',
      tag: 'settlement',
      summary: 'What became of a bill or of a request',
      query: z
        .strictObject({ bill_no: z.string().min(1).max(40).optional(), request_key: z.string().regex(KEY).optional() })
        .refine((q) => (q.bill_no === undefined) !== (q.request_key === undefined), '请带 bill_no 或 request_key 之一'),
      answers: { 200: { description: 'the settlement', schema: z.union([settlementSchema, reversalSchema]) } },
      refusals: ['settlement_not_found'],
    },
    async ({ caller, query }) => {
      const found = await lookUp(
        desk,
        caller,
        query.bill_no === undefined ? { request_key: query.request_key ?? '' } : { bill_no: query.bill_no },
      )
      return isRefusal(found) ? found : { status: 200, json: found }
    },
  )
  door.open(
    {
      method: 'get',
      path: '/v1/settlements/{no}',
      permission: 'settlement.read',
      id: 'readSettlement',
      tag: 'settlement',
      summary: 'A settlement by its number',
      params: z.strictObject({ no }),
      answers: { 200: { description: 'the settlement', schema: z.union([settlementSchema, reversalSchema]) } },
      refusals: ['settlement_not_found'],
    },
    async ({ caller, params }) => {
      const found = await lookUp(desk, caller, { no: params.no })
      return isRefusal(found) ? found : { status: 200, json: found }
    },
  )
}

/** Taking a settlement back. */
function openReversal(door: Door, desk: Desk): void {
  door.open(
    {
      method: 'post',
      path: '/v1/settlements/{no}/reversal',
      permission: 'settlement.reverse',
      id: 'reverse',
      tag: 'settlement',
      summary: 'Take a settlement back as a whole',
      params: z.strictObject({ no }),
      headers: idempotency,
      body: z
        .strictObject({ reason: z.string().trim().min(1, '请填冲销原因').max(200, '最多 200 个字') })
        .meta({ id: 'ReversalRequest' }),
      answers: { 201: { description: 'reversed, or the stored answer on a repeat', schema: reversalSchema } },
      refusals: ['settlement_not_found', 'already_reversed', 'reversal_not_reversible', ...REFUSALS_OF_A_KEY],
    },
    async ({ caller, params, headers, body }) =>
      replyOf(await reverse(desk, caller, params.no, body.reason, headers['idempotency-key'])),
  )
}

/** The paper for the patient. */
function openStatement(door: Door, desk: Desk): void {
  door.open(
    {
      method: 'get',
      path: '/v1/settlements/{no}/statement',
      permission: 'settlement.print',
      id: 'printStatement',
      tag: 'settlement',
      summary: 'The statement (结算单) to print; every call is one copy and is counted',
      params: z.strictObject({ no }),
      query: z.strictObject({
        lang: z.enum(['zh', 'ug', 'kk', 'en']).default('zh'),
        paper: z.enum(['a4', 'roll']).default('a4'),
      }),
      answers: { 200: { description: 'a page', media: 'text/html' } },
      refusals: ['settlement_not_found'],
    },
    async ({ caller, params, query }) => {
      const source = await printStatement(desk, caller, { no: params.no, ...query })
      if (isRefusal(source)) return source
      return {
        status: 200,
        text: statementPage(source, query),
        media: 'text/html; charset=utf-8',
        headers: { 'content-security-policy': STATEMENT_CSP, 'x-content-type-options': 'nosniff' },
      }
    },
  )
}

export function settlementRoutes(door: Door, desk: Desk): void {
  openSettling(door, desk)
  openLookUp(door, desk)
  openReversal(door, desk)
  openStatement(door, desk)
}
