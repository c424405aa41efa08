import type { Caller } from '../access/caller.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import type { ReversalAnswer, SettlementAnswer } from './answer.ts'
import type { Original } from './booking.ts'
import type { Desk } from './desk.ts'
import { findSettlement } from './queries.ts'
import { terminalOf } from './settle.ts'

export type Asked = { readonly no: string } | { readonly bill_no: string } | { readonly request_key: string }

/** What became of a settlement, for the hospital it belongs to: after a lost answer, a reboot, or for a reprint. */
export async function lookUp(
  desk: Desk,
  caller: Caller,
  asked: Asked,
): Promise<SettlementAnswer | ReversalAnswer | Refusal> {
  const terminal = terminalOf(caller, 'settlement.read')
  if (isRefusal(terminal)) return terminal
  const place =
    'no' in asked
      ? { no: asked.no }
      : 'bill_no' in asked
        ? { bill: asked.bill_no }
        : { requestKey: asked.request_key, terminal: terminal.id }
  const found = await findSettlement(desk.store, terminal.hospital, place)
  if (!found) return refuse('settlement_not_found', '本院没有这笔结算；若刚才没有收到答复，请用同一幂等键重试')
  return currentAnswer(found)
}

/** The stored answer, with what has become of it since. */
export function currentAnswer({ row, reversed_by }: Original): SettlementAnswer | ReversalAnswer {
  const answer = JSON.parse(row.answer) as SettlementAnswer | ReversalAnswer
  if (answer.status === 'reversal' || reversed_by === null) return answer
  return { ...answer, status: 'reversed', reversed_by }
}
