import { setTimeout } from 'node:timers/promises'
import { upstreamFor } from '../hospitals/his.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import type { CallRow, Guard } from '../settlement/exchange.ts'
import { endCall, resolveCall } from './doubt.ts'
import { askedOf } from './kept.ts'
import { awaitOthers } from './others.ts'
import { type CallNotes, sealNotes } from './own-call.ts'
import { mayBeAbout, type Outcome, type PlatformAnswer, sendTo } from './platform.ts'
import { openCallOf, saidOf, storedAnswer } from './said.ts'
import { SERVICE_OF } from './services.ts'
import type { HisCall, HisDeps, Said } from './transaction.ts'

/** Whether the hospital reaches the insurance platform through us. */
export const isBetween = (call: HisCall): boolean => call.directory.his.get(call.terminal.hospital) === 'in_between'

export const NO_PLATFORM: Outcome = { kind: 'not_sent', why: '没有设置本统筹区的医保平台地址' }

/** Hands a hospital's message on as it came. */
export async function handOn(call: HisCall): Promise<Outcome> {
  const { hospitals, upstreams } = call.directory
  const upstream = upstreamFor(upstreams, hospitals.get(call.terminal.hospital)?.admdvs ?? '')
  if (!upstream) return NO_PLATFORM
  const { infno } = call.envelope
  return sendTo(upstream, {
    infno,
    service: SERVICE_OF(infno, call.path),
    headers: call.forward,
    body: call.raw,
  })
}

/** What a hospital is told of an outcome that is not the platform's answer. */
export const noAnswer = (outcome: Exclude<Outcome, { kind: 'answered' }>): Refusal =>
  outcome.kind === 'not_sent'
    ? refuse('platform_unreachable', `医保平台没有连上（${outcome.why}），没有办理任何业务`)
    : refuse('platform_no_answer', `医保平台没有给出可用的答复（${'why' in outcome ? outcome.why : outcome.media}）`)

/** A message that books nothing: the platform's answer, a file, or that there was none. */
export async function handOnQuestion(call: HisCall): Promise<Said> {
  const outcome = await handOn(call)
  if (outcome.kind === 'answered') return { text: outcome.answer.text }
  if (outcome.kind === 'bytes') return { bytes: new Uint8Array(outcome.bytes), media: outcome.media }
  return noAnswer(outcome)
}

export interface Crossing {
  readonly guard: Guard
  readonly bill_no: string | null
  readonly psn_blind: string
  readonly notes: CallNotes
}

const TRIES = [0, 1500]

/** What becomes of the platform's answers. */
export interface Endings {
  /** Begins what can go on while the platform works; the call stands written down, and what is said later is not seen. */
  readonly meanwhile?: () => void
  readonly success: (answer: PlatformAnswer, row: CallRow) => Promise<Said>
  /** Ends the call; its refusal is kept and passed on, unless something else is done about it. */
  readonly refusal?: (answer: PlatformAnswer, row: CallRow) => Promise<unknown>
}

/**
 * A call that moves money: written down before it is made, ended only by an answer that is kept. What the platform
 * answers is handed to `endings`; what nobody knows is brought to an end by asking.
 */
export async function cross(
  deps: HisDeps,
  call: HisCall,
  crossing: Crossing,
  { meanwhile, success, refusal }: Endings,
): Promise<Said> {
  const asked = askedOf(deps.keys, call)
  const { hospital } = call.terminal
  return deps.under.once(hospital, asked.key, asked.fingerprint, async () => {
    const { guard, bill_no, psn_blind, notes } = crossing
    const { mdtrt_id } = notes
    const draft = { mdtrt_id, bill_no, psn_blind, sealed: sealNotes(deps, asked.key, notes) }
    const begun = await deps.desk.submit({ kind: 'note', ...asked, guard, call: draft })
    if (isRefusal(begun)) return begun
    const row = begun.resume ?? {
      ...draft,
      hospital_code: hospital,
      key: asked.key,
      fingerprint: asked.fingerprint,
      at: asked.at,
    }
    if (begun.resume) {
      await awaitOthers(deps, row)
      return afterDoubt(deps, call, row)
    }
    if (begun.replayed || begun.problem) {
      const undo = await openCallOf(deps, hospital, asked.key)
      return undo ? afterDoubt(deps, call, undo) : saidOf(deps, call, begun)
    }
    const sent = handOn(call)
    meanwhile?.()
    const outcome = await sent
    if (outcome.kind === 'unknown' || outcome.kind === 'bytes') return afterDoubt(deps, call, row)
    if (outcome.kind === 'not_sent') {
      await endCall(deps, row, notes, noAnswer(outcome))
      return (await storedAnswer(deps, hospital, row.key)) ?? noAnswer(outcome)
    }
    const { answer } = outcome
    if (answer.success) return mayBeAbout(answer, notes) ? success(answer, row) : afterDoubt(deps, call, row)
    await (refusal ? refusal(answer, row) : endCall(deps, row, notes, { text: answer.text }))
    return (await storedAnswer(deps, hospital, row.key)) ?? { text: answer.text }
  })
}

/** Asks until the call, or the undoing of it, has ended, for as long as somebody waits at the counter; after that the rounds go on without them. */
async function afterDoubt(deps: HisDeps, call: HisCall, row: CallRow): Promise<Said> {
  const { key } = askedOf(deps.keys, call)
  for (const pause of TRIES) {
    await setTimeout(pause)
    if ((await resolveCall(deps, row)) === 'ended') {
      const said = await storedAnswer(deps, call.terminal.hospital, key)
      if (said) return said
    }
  }
  return refuse('outcome_unknown', `医保平台没有答复，报文 ${key} 结果未知，系统正在自动核实`)
}
