import { newSettlementNo, randomText } from '../kernel/ids.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { TOMBSTONE_NOTE } from '../settlement/batch.ts'
import { VERIFY_LENGTH } from '../settlement/settle-job.ts'
import { cross, isBetween } from './between.ts'
import { bookUndoing, resolveOnce, undoingRefused } from './doubt.ts'
import { answerOf } from './envelope.ts'
import { askedOf, keyOf, psnBlind, scopeOf, sealAnswer, sealMessage } from './kept.ts'
import { awaitOthers } from './others.ts'
import { notesOf } from './own-call.ts'
import { documentByKey, keysKnown } from './queries.ts'
import { type ReverseData, read2601 } from './requests-settle.ts'
import { openCallOf, saidOf, storedAnswer } from './said.ts'
import { plainInfno } from './services.ts'
import type { HisCall, HisDeps, Named, Said, Transaction } from './transaction.ts'

/** Originals whose outcome a hospital may not know. */
const REVERSIBLE = ['2102', '2103', '2207', '2208', '2304', '2305', '2401']
/** A hospital that asks while the original is still being worked on waits for it as long as this. */
const WAIT_MS = 25_000

interface Original {
  readonly infno: string
  readonly msgid: string
}

/**
 * The message to take back: under the number it really came with, which a letter may follow that the 2601 leaves out.
 * Where the person's message of this number is another transaction, that one is not taken back on a guess.
 */
async function originalOf(deps: HisDeps, hospital: string, data: ReverseData): Promise<Original | Refusal> {
  const { oinfno, omsgid: msgid, psn_no } = data
  const all = [...new Set([oinfno, ...REVERSIBLE.flatMap((infno) => [infno, `${infno}A`])])]
  const known = await keysKnown(
    deps.store,
    hospital,
    all.map((infno) => keyOf(infno, msgid)),
  )
  const came = all.filter((infno) => known.includes(keyOf(infno, msgid)))
  const same = came.find((infno) => infno === oinfno) ?? came.find((infno) => plainInfno(infno) === plainInfno(oinfno))
  if (same) return { infno: same, msgid }
  const blind = psnBlind(deps.keys, psn_no)
  for (const infno of came) {
    // Clients that number by the second alone may well have sent it for somebody else.
    if ((await documentByKey(deps.store, hospital, keyOf(infno, msgid)))?.psn_blind !== blind) continue
    return refuse('record_mismatch', `报文 ${msgid} 是 ${infno}，不是 ${oinfno}`)
  }
  return { infno: oinfno, msgid }
}

async function undoSecond(deps: HisDeps, call: HisCall, data: ReverseData, of: Original): Promise<Said> {
  const { envelope, terminal } = call
  const asked = askedOf(deps.keys, call)
  const answer = sealAnswer(deps.keys, terminal.hospital, asked.key, answerOf({}, call.stamp()))
  const result = await deps.desk.submit({
    kind: 'reverse',
    ...asked,
    no: newSettlementNo(asked.at),
    verify: randomText(VERIFY_LENGTH),
    target: { requestKey: keyOf(of.infno, of.msgid) },
    psn_blind: psnBlind(deps.keys, data.psn_no),
    reason: `2601 ${data.omsgid}`,
    message: {
      infno: envelope.infno,
      msgid: envelope.msgid,
      sealed: sealMessage(deps.keys, terminal.hospital, asked.key, JSON.stringify(envelope.input)),
    },
    answer,
  })
  return saidOf(deps, call, result)
}

/**
 * What has not come yet is refused from now on: the platform must not see it after its reversal. The refusal: it has
 * come meanwhile. Where the platform will not reverse it the tombstone stands all the same, and a new number is asked for.
 */
async function refuseLater(deps: HisDeps, call: HisCall, key: string): Promise<Refusal | null> {
  const { terminal, at } = call
  const { hospital } = terminal
  const buried = await deps.desk.submit({ ...TOMBSTONE_NOTE, terminal, scope: scopeOf(hospital), key, at })
  if (!isRefusal(buried) || buried.refusal !== 'idempotency_key_reused') return isRefusal(buried) ? buried : null
  const begun = await openCallOf(deps, hospital, key)
  return begun ? refuse('already_settling', `报文 ${key} 正在办理，请稍后再冲正`) : null
}

async function undoBetween(deps: HisDeps, call: HisCall, data: ReverseData, of: Original): Promise<Said> {
  const { hospital } = call.terminal
  const original = keyOf(of.infno, of.msgid)
  await deps.under.settled(hospital, original, WAIT_MS)
  if (deps.under.has(hospital, original)) return refuse('already_settling', `报文 ${original} 正在办理，请稍后再冲正`)
  const open = await openCallOf(deps, hospital, original)
  if (open) {
    await awaitOthers(deps, open)
    await resolveOnce(deps, open)
  }
  const blind = psnBlind(deps.keys, data.psn_no)
  const document = await documentByKey(deps.store, hospital, original)
  const arrived = document || open ? null : await refuseLater(deps, call, original)
  if (arrived) return arrived
  // Asked to take a cancellation back, the platform would settle again; here a bill is settled anew.
  if (document?.kind === 'reversal') return refuse('reversal_not_reversible', `${original} 本身是撤销`)
  // Where nobody knows the message, the visit is not known either: it must not stand in the way of another one.
  const mdtrt_id = document?.mdtrt_id ?? open?.mdtrt_id ?? original
  const notes = notesOf(call, { mdtrt_id, psn_no: data.psn_no, original: of })
  const guard = { rule: 'begin', mdtrt_id, psn_blind: document ? blind : null, undoes: original } as const
  return cross(
    deps,
    call,
    { guard, bill_no: null, psn_blind: blind, notes },
    {
      async success(answer, row) {
        await bookUndoing(deps, row, notes, answer.text)
        const said = await storedAnswer(deps, hospital, row.key)
        return said ?? refuse('outcome_unknown', '冲正已办理，正在登记')
      },
      refusal: (answer, row) => undoingRefused(deps, row, notes, answer),
    },
  )
}

/** 2601: takes back a message whose outcome the hospital does not know, by the number it was sent under. */
export const undoing = (deps: HisDeps, of: Named): Transaction => ({
  ...of,
  async run(call) {
    const data = read2601(call.envelope.input)
    if (isRefusal(data)) return data
    if (!REVERSIBLE.includes(plainInfno(data.oinfno))) {
      return refuse('reversal_not_reversible', `${data.oinfno} 不能冲正；可冲正的交易：${REVERSIBLE.join('、')}`)
    }
    const of = await originalOf(deps, call.terminal.hospital, data)
    if (isRefusal(of)) return of
    return isBetween(call) ? undoBetween(deps, call, data, of) : undoSecond(deps, call, data, of)
  },
})
