import type { Caller } from '../access/caller.ts'
import { sha256 } from '../kernel/canonical.ts'
import { newSettlementNo, randomText } from '../kernel/ids.ts'
import { isRefusal } from '../kernel/refusal.ts'
import type { BookingResult } from './booking.ts'
import type { Desk } from './desk.ts'
import { terminalOf } from './settle.ts'
import { VERIFY_LENGTH } from './settle-job.ts'

/** Takes a settlement back as a whole; limits return to the year they came from. There is no partial reversal. */
export async function reverse(
  desk: Desk,
  caller: Caller,
  target: string,
  reason: string,
  key: string,
): Promise<BookingResult> {
  const terminal = terminalOf(caller, 'settlement.reverse')
  if (isRefusal(terminal)) return terminal
  const at = desk.now()
  return desk.submit({
    kind: 'reverse',
    terminal,
    scope: terminal.id,
    key,
    fingerprint: sha256(`POST /v1/settlements/${target}/reversal\n${reason}`),
    at,
    no: newSettlementNo(at),
    verify: randomText(VERIFY_LENGTH),
    target: { no: target },
    reason,
  })
}
