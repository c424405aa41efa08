import { setTimeout } from 'node:timers/promises'
import { type Cell, cancel, isCancelling, isOutpatient, settle, type Told } from './his-cells.ts'
import { fresh } from './his-desk.ts'
import type { Window } from './his-site.ts'
import { psnOf, type Sent } from './his-window.ts'

/** The code of a refusal, or the platform's words; null: success. */
export function refusal({ json }: Sent): string | null {
  if (String(json.infcode) === '0') return null
  return /\[(\w+)\]$/.exec(json.err_msg)?.[1] ?? `platform: ${json.err_msg}`
}

/** Answers after which a hospital has to ask again. */
const OPEN = ['outcome_unknown', 'already_settling', 'overloaded', 'platform_no_answer', 'platform_unreachable']
const isDecided = (sent: Sent): boolean => !OPEN.includes(refusal(sent) ?? '')

const PATIENCE_MS = 20_000
const AGAIN_MS = 200

/** Tries until it is decided: a line that breaks, or an answer that leaves it open, decides nothing. */
async function until(cell: Cell, what: string, once: () => Promise<Sent>): Promise<Sent | null> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; ) {
    const sent = await once().catch(() => null)
    if (sent && isDecided(sent)) return sent
    await setTimeout(AGAIN_MS)
  }
  cell.faults.push(`${what} was never decided`)
  return null
}

const AMOUNTS = ['medfee_sumamt', 'fund_pay_sumamt', 'acct_pay', 'psn_cash_pay', 'maf_pay'] as const

/** Takes a decided answer to the cell's own message for true. */
function believe(cell: Cell, answer: Sent): void {
  if (refusal(answer) !== null) return
  const info: Told = answer.json.output.setlinfo
  if (!isCancelling(cell)) cell.told = info
  else {
    const { told } = cell
    if (told && AMOUNTS.some((name) => info[name] + told[name] !== 0)) cell.faults.push('is not taken back as it was')
    cell.told = null
  }
}

/** What a cell is about, asked for under a number. */
const ask = (at: Window, cell: Cell, setl_id: string, msgid: string): Promise<Sent> =>
  isCancelling(cell) ? cancel(at, cell, setl_id, msgid) : settle(at, cell, msgid)

/** Nothing decided was ever heard of a cancellation, nor asked for again. */
export const isInDoubt = (cell: Cell): boolean =>
  isCancelling(cell) && cell.client === 'gives up' && !(cell.first && isDecided(cell.first))

/** The hospital's own message; gives the settlement it was about. */
export async function sendFirst(at: Window, cell: Cell): Promise<string> {
  const setl_id = cell.told?.setl_id ?? ''
  cell.first = await ask(at, cell, setl_id, cell.msgid).catch(() => null)
  if (cell.first && isDecided(cell.first)) believe(cell, cell.first)
  return setl_id
}

/** What the hospital does next, whatever it has heard. */
export async function react(at: Window, cell: Cell, setl_id: string): Promise<void> {
  if (cell.client === 'same msgid') return repeat(at, cell, setl_id)
  if (cell.client === 'new msgid') return askAnew(at, cell, setl_id)
  if (cell.client === '2601') return takeBack(at, cell)
  if (cell.client === 'visit') return leave(at, cell)
}

async function repeat(at: Window, cell: Cell, setl_id: string): Promise<void> {
  const again = await until(cell, 'the same message', () => ask(at, cell, setl_id, cell.msgid))
  if (!again) return
  const { first } = cell
  if (!first || !isDecided(first)) believe(cell, again)
  else if (again.text !== first.text) cell.faults.push('the same message got another answer')
}

async function askAnew(at: Window, cell: Cell, setl_id: string): Promise<void> {
  const answer = await until(cell, 'a new message', () => ask(at, cell, setl_id, fresh('H65400200001-N')))
  if (!answer) return
  const why = refusal(answer)
  // Who is told that it has been cancelled has what it wanted.
  if (why === null) believe(cell, answer)
  else if (isCancelling(cell) && why.includes('不能重复撤销')) cell.told = null
  else if (why !== 'bill_already_settled') cell.faults.push(`a new message was refused: ${why}`)
}

async function takeBack(at: Window, cell: Cell): Promise<void> {
  const undone = await until(cell, '2601', () => at.undo(cell.person, cell.infno, cell.msgid))
  if (!undone) return
  const why = refusal(undone)
  if (!isCancelling(cell)) {
    if (why !== null) cell.faults.push(`2601 was refused: ${why}`)
    cell.told = null
  } else if (why === 'reversal_not_reversible') cell.told = null
  else if (why !== null || !cell.told)
    cell.faults.push(`2601 of a cancellation: ${why ?? 'done, after it was told as done'}`)
}

async function leave(at: Window, cell: Cell): Promise<void> {
  const { person, visit, told } = cell
  const [infno, more] = isOutpatient(cell) ? ['2202', { ipt_otp_no: 'MZ' }] : ['2404', {}]
  const data = { psn_no: psnOf(person), mdtrt_id: visit, ...more }
  const answer = await until(cell, infno, () => at.send(infno, { data }))
  const why = answer && refusal(answer)
  if (why && why !== 'settlement_in_the_way') cell.faults.push(`${infno} was refused: ${why}`)
  if (!why && told) cell.faults.push(`${infno} went through over a settlement`)
}
