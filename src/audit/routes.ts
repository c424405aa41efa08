import { z } from 'zod'
import type { Deps } from '../access/act.ts'
import type { Door } from '../door/call.ts'
import { formatInstant } from '../kernel/day.ts'
import { formatYuan } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { checkpointSchema } from './chain.ts'
import { takeCheckpoint } from './checkpoint.ts'
import { readRecords } from './records.ts'
import { reportFilter } from './report.ts'
import { type ReportFormat, settlementsReport } from './settlements-report.ts'
import { verifyAudit } from './verify.ts'

const MEDIA = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl; charset=utf-8' } as const

const record = z
  .strictObject({
    lane: z.string(),
    seq: z.int(),
    at: z.string(),
    actor: z.string(),
    action: z.string(),
    subject: z.string(),
    detail: z.string().describe('JSON text, as hashed'),
    hash: z.string(),
  })
  .meta({ id: 'AuditRecord' })
const recordsAnswer = z
  .strictObject({ records: z.array(record), next: z.int().nullable() })
  .meta({ id: 'AuditRecords' })
const recordsQuery = z.strictObject({
  lane: z.enum(['ledger', 'office', 'desk']).default('office'),
  after: z
    .string()
    .regex(/^\d{1,15}$/, '序号')
    .default('0')
    .transform(Number),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, '1–1000')
    .default('100')
    .transform(Number)
    .refine((n) => n <= 1000, '1–1000'),
})
const auditFault = z.strictObject({
  lane: z.string(),
  seq: z.int().nullable(),
  row: z.string().nullable(),
  what: z.string(),
})
const ledgerFault = z.strictObject({ where: z.string(), what: z.string() })
const verification = z
  .strictObject({
    audit: z.strictObject({ links: z.int(), settlements: z.int(), fault_count: z.int(), faults: z.array(auditFault) }),
    ledger: z.strictObject({
      settlements: z.int(),
      assistance: z.string(),
      counters: z.int(),
      faults: z.array(ledgerFault),
    }),
  })
  .meta({ id: 'Verification' })

/** What the auditor asks: the export, the log, proof that neither was touched. */
export function auditRoutes(doors: Door, deps: Deps): void {
  for (const format of ['csv', 'jsonl'] as const) openReport(doors, deps, format)
  doors.open(
    {
      method: 'get',
      path: '/v1/audit/records',
      permission: 'audit.read',
      id: 'auditRecords',
      tag: 'audit',
      summary: 'Records of a chain, in order',
      query: recordsQuery,
      answers: {
        200: { description: 'a page of records; `next` is the `after` of the next page', schema: recordsAnswer },
      },
    },
    async ({ caller, query }) => {
      const found = await readRecords(deps, caller, query)
      if (isRefusal(found)) return found
      return { status: 200, json: { ...found, records: found.records.map((r) => ({ ...r, at: formatInstant(r.at) })) } }
    },
  )
  doors.open(
    {
      method: 'get',
      path: '/v1/audit/checkpoint',
      permission: 'audit.read',
      id: 'auditCheckpoint',
      tag: 'audit',
      summary: 'Signed heads of all chains, to be kept elsewhere',
      answers: { 200: { description: 'the checkpoint', schema: checkpointSchema } },
    },
    async ({ caller }) => {
      const found = await takeCheckpoint(deps, caller)
      return isRefusal(found) ? found : { status: 200, json: found }
    },
  )
  doors.open(
    {
      method: 'post',
      path: '/v1/audit/verification',
      permission: 'audit.read',
      id: 'auditVerification',
      tag: 'audit',
      summary: 'Verify chains, bookings and ledger, against older checkpoints if given',
      body: z.strictObject({ checkpoints: z.array(checkpointSchema).max(100).default([]) }),
      answers: { 200: { description: 'every fault found; none when history is whole', schema: verification } },
    },
    async ({ caller, body }) => {
      const audit = await verifyAudit(deps, caller, body.checkpoints)
      if (isRefusal(audit)) return audit
      const ledger = await verifyLedger(deps, caller)
      if (isRefusal(ledger)) return ledger
      const { faultCount, ...audited } = audit
      const { assistance_fen, ...folded } = ledger
      return {
        status: 200,
        json: {
          audit: { ...audited, fault_count: faultCount },
          ledger: { ...folded, assistance: formatYuan(assistance_fen) },
        },
      }
    },
  )
}

function openReport(doors: Door, deps: Deps, format: ReportFormat): void {
  doors.open(
    {
      method: 'get',
      path: `/v1/reports/settlements.${format}`,
      permission: 'reports.export',
      id: `settlementsReport_${format}`,
      tag: 'reports',
      summary: `All rows of the ledger that pass the filter, as ${format.toUpperCase()}, with count and sums in head and foot and a SHA-256 over every byte before its line`,
      query: reportFilter,
      answers: {
        200: { description: 'the export, streamed', media: MEDIA[format].slice(0, MEDIA[format].indexOf(';')) },
      },
      refusals: ['record_not_found'],
    },
    async ({ caller, query }) => {
      const report = await settlementsReport(deps, caller, query, format)
      if (isRefusal(report)) return report
      const name = `settlements-${report.upto}.${format}`
      const headers = { 'content-disposition': `attachment; filename="${name}"`, 'x-ledger-upto': String(report.upto) }
      const text = ReadableStream.from(encoded(report.text)) as ReadableStream<Uint8Array>
      return { status: 200, text, media: MEDIA[format], headers }
    },
  )
}

async function* encoded(text: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const part of text) yield encoder.encode(part)
}
