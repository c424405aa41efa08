import { type Caller, may } from '../access/caller.ts'
import { dayOf, formatInstant, type Instant } from '../kernel/day.ts'
import { newSettlementNo, randomText } from '../kernel/ids.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { blindIndex, type Keys } from '../kernel/seal.ts'
import { nameBlindKey, personBlindKey } from '../register/holding.ts'
import { type DecisionAnswer, decisionAnswer } from './answer.ts'
import { startBatch } from './batch.ts'
import { archiveBill, type Bill, calendarFault } from './bill.ts'
import { decideJob, previewId } from './book-settlement.ts'
import type { BookingResult, SettleJob } from './booking.ts'
import { type Desk, untilFresh } from './desk.ts'

export const VERIFY_LENGTH = 8
const PREVIEW_MS = 30 * 60_000

/** Only a terminal settles, and only for its own hospital. */
export function terminalOf(
  caller: Caller,
  permission:
    | 'settlement.settle'
    | 'settlement.preview'
    | 'settlement.reverse'
    | 'settlement.read'
    | 'settlement.print',
) {
  if (caller.kind !== 'terminal' || !may(caller, permission)) return refuse('forbidden', '只有医院终端可以办理')
  return { id: caller.id, hospital: caller.hospital }
}

function settleJob(
  keys: Keys,
  terminal: SettleJob['terminal'],
  bill: Bill,
  key: string,
  at: Instant,
  preview: string | null,
): SettleJob {
  const archived = archiveBill(bill)
  const personBlind = blindIndex(keys, personBlindKey(bill.patient.id_type, bill.patient.id_number))
  const { name } = bill.patient
  return {
    kind: 'settle',
    terminal,
    scope: terminal.id,
    key,
    // Keyed, because the name is in it.
    fingerprint: blindIndex(keys, `POST /v1/settlements\n${personBlind}\n${name}\n${preview ?? ''}\n${archived}`),
    at,
    no: newSettlementNo(at),
    verify: randomText(VERIFY_LENGTH),
    // No rule looks at the lines, and two thousand of them weigh more than everything else in the queue.
    bill: { ...bill, items: [] },
    archived,
    personBlind,
    nameBlind: blindIndex(keys, nameBlindKey(name)),
    previewId: preview,
  }
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
  const job = settleJob(desk.keys, terminal, bill, '', at, null)
  // Facts of one moment and rules of the next would show what was never true.
  const decided = await untilFresh<ReturnType<typeof decideJob>>(desk.directory, async (world) => {
    const loaded = await desk.booking.peek([job])
    return loaded.officeSeq === world.officeSeq
      ? decideJob(startBatch(loaded), job, world)
      : { stale: loaded.officeSeq }
  })
  if (isRefusal(decided)) return decided
  const answer = decisionAnswer(bill, decided.decision)
  return { preview_id: previewId(answer), expires_at: formatInstant(at + PREVIEW_MS), ...answer }
}
