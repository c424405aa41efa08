import { z } from 'zod'
import { REFUSALS, type Refusal } from '../kernel/refusal.ts'

export const problemSchema = z
  .strictObject({
    type: z.string().describe('address of the description of this code'),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    action: z.string().describe('收费员现在怎么办'),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' })

/** The body of a refusal, RFC 9457 `application/problem+json`, always the same bytes for the same refusal. */
export function problemText(refusal: Refusal): string {
  const entry = REFUSALS[refusal.refusal]
  return JSON.stringify({
    type: `/problems/${refusal.refusal}`,
    title: entry.title,
    status: entry.status,
    code: refusal.refusal,
    detail: refusal.detail,
    action: entry.action,
    ...(refusal.errors ? { errors: refusal.errors } : {}),
  })
}

export const statusOf = (refusal: Refusal): number => REFUSALS[refusal.refusal].status
