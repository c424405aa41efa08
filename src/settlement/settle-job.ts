import { newSettlementNo, randomText } from '../kernel/ids.ts'
import { archiveBill, type StoredBill } from './bill.ts'
import type { SettleJob } from './booking.ts'

export const VERIFY_LENGTH = 8

type Asked = Pick<SettleJob, 'terminal' | 'scope' | 'key' | 'fingerprint' | 'at'>
type Whose = Pick<SettleJob, 'personBlind' | 'nameBlind'>

/** A bill to be settled, with the number it will have; names and numbers of persons stay behind as blind indexes. */
export function settleJobOf(asked: Asked, bill: Omit<StoredBill, 'patient'>, whose: Whose): SettleJob {
  const known = { ...bill, patient: { id_type: 'resident_id' } as const }
  return {
    kind: 'settle',
    ...asked,
    no: newSettlementNo(asked.at),
    verify: randomText(VERIFY_LENGTH),
    // No rule looks at the lines, and two thousand of them weigh more than everything else in the queue.
    bill: { ...known, items: [] },
    archived: archiveBill(known),
    ...whose,
    previewId: null,
  }
}
