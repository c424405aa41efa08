import { z } from 'zod'
import type { Deps } from '../access/act.ts'
import { type Caller, may } from '../access/caller.ts'
import type { DirectoryKeeper } from '../access/directory.ts'
import { formatInstant } from '../kernel/day.ts'
import { formatYuan } from '../kernel/money.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { missedTitle } from './looked-up.ts'
import { missedDocuments } from './queries.ts'

const yuan = z.string().meta({ examples: ['1375.00'] })
const missed = z.strictObject({
  hospital: z.string(),
  hospital_name: z.string(),
  setl_id: z.string(),
  mdtrt_id: z.string(),
  bill_no: z.string(),
  day: z.string(),
  at: z.string(),
  reason: z.strictObject({ code: z.string(), title: z.string() }),
  total_cost: yuan,
  funds_paid: yuan.describe('by the insurer and everybody else'),
  account_paid: yuan,
  cash_paid: yuan.describe('by the patient: assistance would have been part of it'),
})
export const missedAnswer = z
  .strictObject({ missed: z.array(missed), more: z.boolean().describe('true: there are others after these') })
  .meta({ id: 'MissedAssistance' })
export type MissedAnswer = z.output<typeof missedAnswer>

const MOST = 500

/** Bills that went through without a decision on assistance that may be due, the oldest first. */
export async function missedAssistance(
  deps: Deps & { readonly directory: DirectoryKeeper },
  caller: Caller,
): Promise<MissedAnswer | Refusal> {
  if (!may(caller, 'tasks.read')) return refuse('forbidden', '需要权限 tasks.read')
  const { hospitals } = await deps.directory.recent()
  const documents = await missedDocuments(deps.store, MOST + 1)
  const rows = documents.slice(0, MOST).map((d) => ({
    hospital: d.hospital_code,
    hospital_name: hospitals.get(d.hospital_code)?.name ?? '',
    setl_id: d.setl_id,
    mdtrt_id: d.mdtrt_id,
    bill_no: d.bill_no,
    day: d.setl_day,
    at: formatInstant(d.at),
    reason: { code: d.missed ?? '', title: d.missed ? missedTitle(d.missed) : '' },
    total_cost: formatYuan(d.medfee_fen),
    funds_paid: formatYuan(d.fund_fen),
    account_paid: formatYuan(d.acct_fen),
    cash_paid: formatYuan(d.cash_fen),
  }))
  return { missed: rows, more: documents.length > MOST }
}
