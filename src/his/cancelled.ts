import type { Instant } from '../kernel/day.ts'
import { cancelledOutput, numberOf, type SettlementOutput } from './assisted.ts'
import { answerOf, stampFor } from './envelope.ts'
import { amount, type Column, clockTime, ident, moment, readable } from './fields.ts'
import { keyOf, sealAnswer, sealDocument } from './kept.ts'
import type { CallNotes } from './own-call.ts'
import type { PlatformAnswer } from './platform.ts'
import { documentBySetlId } from './queries.ts'
import { isNode, type Node } from './read-node.ts'
import { bookedOf, toldOf } from './told.ts'
import type { HisDeps } from './transaction.ts'

/** What the document of a cancellation says, sealed for keeping. */
export interface TakenBack {
  /** The insurer's number of it, where there is one. */
  readonly setl_id: string | null
  readonly sealed: string
  /** The whole answer, for where the ledger gets no row. */
  readonly answer: string
}

interface How {
  /** Our number of the reversal, and when. */
  readonly no: string
  readonly at: Instant
  /** The platform's answer to the cancellation; null where it is not at hand. */
  readonly platform: PlatformAnswer | null
  /** The insurer's own document of the cancellation, where the hospital sends it along. */
  readonly info?: Node | null
}

/** Columns only the insurer knows anew after a cancellation; one that is not what it should be stays as it was. */
const THEIRS = { setl_time: moment, balc: amount, clr_way: ident(6), clr_optins: ident(6) } as const
const reads = (column: Column<unknown>, raw: unknown): boolean => readable(column, raw) !== null
const NUMBER = ident(40)

function theirsOf(info: Node | null): Node {
  const known = Object.entries(THEIRS).filter(([name, column]) => reads(column, info?.[name]))
  return Object.fromEntries(known.map(([name]) => [name, name === 'balc' ? numberOf(info?.balc) : info?.[name]]))
}

/** The document of a cancellation: what the hospital was told before, turned round, under the insurer's new number. */
export async function takenBackOf(
  deps: HisDeps,
  notes: Pick<CallNotes, 'terminal' | 'infno' | 'msgid' | 'setl_id'>,
  how: How,
): Promise<TakenBack> {
  const { hospital } = notes.terminal
  const key = keyOf(notes.infno, notes.msgid)
  const { platform } = how
  const told = platform?.output?.setlinfo
  const info = how.info ?? (isNode(told) ? told : null)
  const setl_id = await numberOfTaking(deps, notes, info)
  const output = await turnedRound(deps, notes, how, setl_id, info)
  const unchanged = platform !== null && output.unbooked
  const text = unchanged ? platform.text : answerOf({ ...output.told }, stampFor(hospital, how.at, how.no.slice(14)))
  const words = unchanged && isNode(told) ? platform.output : output.told
  return {
    setl_id,
    sealed: sealDocument(deps.keys, hospital, key, JSON.stringify(words)),
    answer: sealAnswer(deps.keys, hospital, key, text),
  }
}

/**
 * The insurer's number of the cancellation; null where there is none, or it names another document with us: what the
 * hospital is told must be what is kept. The original's own number stays, for that is how such platforms list both.
 */
async function numberOfTaking(
  { store }: HisDeps,
  { terminal, infno, msgid, setl_id: target }: Pick<CallNotes, 'terminal' | 'infno' | 'msgid' | 'setl_id'>,
  info: Node | null,
): Promise<string | null> {
  const given = readable(NUMBER, info?.setl_id)
  if (given === null || given === target) return given
  const named = await documentBySetlId(store, terminal.hospital, given)
  return named === null || named.key === keyOf(infno, msgid) ? given : null
}

async function turnedRound(
  deps: HisDeps,
  { terminal, setl_id: target, msgid }: Pick<CallNotes, 'terminal' | 'setl_id' | 'msgid'>,
  { no, at }: How,
  setl_id: string | null,
  info: Node | null,
): Promise<{ readonly told: SettlementOutput | Node; readonly unbooked: boolean }> {
  const document = await documentBySetlId(deps.store, terminal.hospital, target ?? '')
  if (!document) return { told: {}, unbooked: true }
  const booked = await bookedOf(deps, document.settlement_no)
  const before = await toldOf(deps, document, booked)
  const settlement_no = booked ? no : null
  const after = cancelledOutput(before, { setl_id: setl_id ?? no, setl_time: clockTime(at), msgid, settlement_no })
  return {
    told: { ...after, setlinfo: { ...after.setlinfo, ...theirsOf(info) } },
    unbooked: booked === null,
  }
}
