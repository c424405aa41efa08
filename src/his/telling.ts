import { randomText } from '../kernel/ids.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import type { Guard } from '../settlement/exchange.ts'
import { handOn, isBetween, noAnswer } from './between.ts'
import { answerOf } from './envelope.ts'
import { askedOf, psnBlind, sealAnswer, sealMessage } from './kept.ts'
import type { PlatformAnswer } from './platform.ts'
import { psnOfVisit } from './queries.ts'
import { isNode, type Node } from './read-node.ts'
import { saidBefore, saidOf } from './said.ts'
import type { HisCall, HisDeps, Named, Said, Transaction } from './transaction.ts'

/** What is read of a message about a visit. */
export interface Told {
  readonly psn_no: string
  /** Null where the visit has no number yet. */
  readonly mdtrt_id: string | null
  /** For messages that take something away: what must not be settled; the whole visit, or one batch of it. */
  readonly free?: { readonly bill_no?: string }
  /** The output, once the visit has its number. */
  readonly output: (mdtrt_id: string) => Node
}
export interface Telling extends Named {
  readonly read: (input: Node) => Told | Refusal
}

/** The number a platform gave to a visit: registration says `data`, admission says `result`. */
function numberGiven(answer: PlatformAnswer): string | null {
  const nodes = [answer.output?.data, answer.output?.result, answer.output]
  const named = nodes
    .filter(isNode)
    .find((node) => typeof node.mdtrt_id === 'string' || typeof node.mdtrt_id === 'number')
  return named ? String(named.mdtrt_id) : null
}

const VISIT = /^[\x21-\x7e]{1,30}$/
/** A number of our own making, for a visit the hospital has registered nowhere else. */
const ownNumber = (stamp: string): string => `MA${stamp.slice(0, 14)}${randomText(8)}`

const guardOf = (deps: HisDeps, told: Told): Guard | undefined =>
  told.free && told.mdtrt_id !== null
    ? { rule: 'no_live_settlement', mdtrt_id: told.mdtrt_id, psn_blind: psnBlind(deps.keys, told.psn_no), ...told.free }
    : undefined

/** A visit is of whom it was first told: diagnoses and charges of another would be judged with theirs. */
async function othersVisit(deps: HisDeps, { terminal }: HisCall, { mdtrt_id, psn_no }: Told): Promise<Refusal | null> {
  const whose = mdtrt_id === null ? null : await psnOfVisit(deps.store, terminal.hospital, mdtrt_id)
  if (whose === null || whose === psnBlind(deps.keys, psn_no)) return null
  return refuse('record_mismatch', `就诊 ${mdtrt_id} 不是此人员编号的就诊`)
}

/** Takes down what was said of a visit, and answers; the same message again gets the same answer. */
function takeDown(deps: HisDeps, call: HisCall, told: Told, mdtrt_id: string, text: string, guard?: Guard) {
  const asked = askedOf(deps.keys, call)
  const { hospital } = call.terminal
  const { infno, msgid, input } = call.envelope
  const psn_blind = psnBlind(deps.keys, told.psn_no)
  const sealed = sealMessage(deps.keys, hospital, asked.key, JSON.stringify(input))
  return deps.desk.submit({
    kind: 'note',
    ...asked,
    ...(guard ? { guard } : {}),
    message: { mdtrt_id, infno, msgid, psn_blind, sealed },
    answer: sealAnswer(deps.keys, hospital, asked.key, text),
  })
}

async function tellBetween(deps: HisDeps, call: HisCall, told: Told): Promise<Said> {
  const guard = guardOf(deps, told)
  if (guard) {
    const free = await deps.desk.submit({ kind: 'note', ...askedOf(deps.keys, call), guard })
    if (isRefusal(free) || free.problem) return saidOf(deps, call, free)
  }
  const outcome = await handOn(call)
  if (outcome.kind !== 'answered') return noAnswer(outcome)
  const { answer } = outcome
  const mdtrt_id = told.mdtrt_id ?? numberGiven(answer)
  if (!answer.success || mdtrt_id === null || !VISIT.test(mdtrt_id)) return { text: answer.text }
  return saidOf(deps, call, await takeDown(deps, call, told, mdtrt_id, answer.text))
}

/** A message about a visit that settles nothing: registration, diagnoses, charges, admission, discharge. */
export function telling(deps: HisDeps, { read, ...of }: Telling): Transaction {
  return {
    ...of,
    async run(call) {
      const told = read(call.envelope.input)
      if (isRefusal(told)) return told
      const { key, fingerprint } = askedOf(deps.keys, call)
      return deps.under.once(call.terminal.hospital, key, fingerprint, async () => {
        const before = await saidBefore(deps, call)
        if (before) return before
        if (isBetween(call)) return tellBetween(deps, call, told)
        const others = await othersVisit(deps, call, told)
        if (others) return others
        const stamp = call.stamp()
        const mdtrt_id = told.mdtrt_id ?? ownNumber(stamp.refmsgid.slice(6))
        if (!VISIT.test(mdtrt_id)) return refuse('his_input_invalid', '就诊ID mdtrt_id 格式不符')
        const text = answerOf({ ...told.output(mdtrt_id) }, stamp)
        return saidOf(deps, call, await takeDown(deps, call, told, mdtrt_id, text, guardOf(deps, told)))
      })
    },
  }
}
