import { type Caller, may, type Permission } from '../access/caller.ts'
import { dayOf, formatInstant, type Instant } from '../kernel/day.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { blindIndex, type Keys } from '../kernel/seal.ts'
import { nameBlindKey, personBlindKey } from '../register/holding.ts'
import { type DecisionAnswer, decisionAnswer } from './answer.ts'
import { startBatch } from './batch.ts'
import { type Bill, calendarFault } from './bill.ts'
import { decideJob, previewId } from './book-settlement.ts'
import type { BookingResult, SettleJob } from './booking.ts'
import { type Desk, untilFresh } from './desk.ts'
import { settleJobOf } from './settle-job.ts'

const PREVIEW_MS = 30 * 60_000

/** Only a terminal may, and only for its own hospital. */
export function terminalOf(caller: Caller, permission: Permission) {
  if (caller.kind !== 'terminal' || !may(caller, permission)) return refuse('forbidden', '只有医院终端可以办理')
  return { id: caller.id, hospital: caller.hospital }
}

function settleJob(
  keys: Keys,
  terminal: SettleJob['terminal'],
  bill: Bill,
  key: string,
  at: Instant,
  previewId: string | null,
): SettleJob {
  const { patient, ...rest } = bill
  const personBlind = blindIndex(keys, personBlindKey(patient.id_type, patient.id_number))
  const nameBlind = blindIndex(keys, nameBlindKey(patient.name))
  const asked = (archived: string) =>
    `POST /v1/settlements\n${personBlind}\n${patient.name}\n${previewId ?? ''}\n${archived}`
  const job = settleJobOf({ terminal, scope: terminal.id, key, fingerprint: '', at }, rest, { personBlind, nameBlind })
  // Keyed, because the name is in it.
  return { ...job, previewId, fingerprint: blindIndex(keys, asked(job.archived)) }
}

/** Books a bill once. The same key with the same bill gives the same answer for ever, whatever has changed since. */
export async function settle(
  desk: Desk,
  caller: Caller,
  bill: Bill,
  key: string,
  preview: string | null,
): Promise<BookingResult> {
  const terminal = terminalOf(caller, 'settlement.settle')
  if (isRefusal(terminal)) return terminal
  const at = desk.now()
  const fault = calendarFault(bill, dayOf(at))
  return fault ?? desk.submit(settleJob(desk.keys, terminal, bill, key, at, preview))
}

/** What settling would decide now; writes nothing and promises nothing beyond `expires_at`. */
export async function preview(
  desk: Desk,
  caller: Caller,
  bill: Bill,
): Promise<Refusal | (DecisionAnswer & { preview_id: string; expires_at: string })> {
  const terminal = terminalOf(caller, 'settlement.preview')
  if (isRefusal(terminal)) return terminal
  const at = desk.now()
  const fault = calendarFault(bill, dayOf(at))
  if (fault) return fault
  const answer = await decidedNow(desk, settleJob(desk.keys, terminal, bill, '', at, null))
  if (isRefusal(answer)) return answer
  return { preview_id: previewId(answer), expires_at: formatInstant(at + PREVIEW_MS), ...answer }
}

/** What a job would be decided to now; writes nothing. */
export async function decidedNow(desk: Desk, job: SettleJob): Promise<DecisionAnswer | Refusal> {
  // Facts of one moment and rules of the next would show what was never true.
  const decided = await untilFresh<ReturnType<typeof decideJob>>(desk.directory, async (world) => {
    const loaded = await desk.booking.peek([job])
    return loaded.officeSeq === world.officeSeq
      ? decideJob(startBatch(loaded), job, world)
      : { stale: loaded.officeSeq }
  })
  return isRefusal(decided) ? decided : decisionAnswer(job.bill, decided.decision)
}
