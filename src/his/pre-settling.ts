import { parseYuan } from '../kernel/money.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import type { DecisionAnswer } from '../settlement/answer.ts'
import { decidedNow } from '../settlement/settle.ts'
import { previewOutput } from './assisted.ts'
import { handOn, isBetween, noAnswer } from './between.ts'
import { jobOf } from './bill-of.ts'
import type { Node } from './read-node.ts'
import { readSettle, type SettleData } from './requests-settle.ts'
import { readInsured } from './setlinfo.ts'
import type { HisCall, HisDeps, Named, Said, Transaction } from './transaction.ts'
import { limitLeft, workingOf } from './working.ts'

/** The insurer's trial settlement with the assistance that would join it now; nothing is written. */
async function tryAssistance(
  deps: HisDeps,
  call: HisCall,
  data: SettleData,
  container: Node,
): Promise<Record<string, unknown> | Refusal> {
  const insured = readInsured(container, 'presettled', { ...data })
  if (isRefusal(insured)) return insured
  const job = await jobOf(deps, call, data, insured, true)
  if (isRefusal(job)) return job
  const decided: DecisionAnswer | Refusal = await decidedNow(deps.desk, job)
  if (isRefusal(decided)) return decided
  const added = {
    assistance: parseYuan(decided.assistance_paid),
    left: limitLeft(decided),
    working: workingOf(decided),
    msgid: call.envelope.msgid,
  }
  return { ...previewOutput(insured, added) }
}

/** A trial: 2206 for outpatients, 2303 for inpatients. Not binding; whoever settles later is decided anew. */
export function preSettling(deps: HisDeps, of: Named): Transaction {
  async function between(call: HisCall, data: SettleData): Promise<Said> {
    const outcome = await handOn(call)
    if (outcome.kind !== 'answered') return noAnswer(outcome)
    if (!outcome.answer.success) return { text: outcome.answer.text }
    const output = await tryAssistance(deps, call, data, outcome.answer.output ?? {})
    return isRefusal(output) ? { text: outcome.answer.text } : { output }
  }
  return {
    ...of,
    async run(call) {
      const { infno, input } = call.envelope
      const data = readSettle(infno, input)
      if (isRefusal(data)) return data
      if (isBetween(call)) return between(call, data)
      const output = await tryAssistance(deps, call, data, input)
      return isRefusal(output) ? output : { output }
    },
  }
}
