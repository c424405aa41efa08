import { isUnavailable } from '../store/store.ts'
import { handOn, noAnswer } from './between.ts'
import { answerOf, type Output, type Stamp } from './envelope.ts'
import type { PlatformAnswer } from './platform.ts'
import type { Node } from './read-node.ts'
import type { HisCall, Said } from './transaction.ts'

/** What of the platform's envelope still holds when something is added to its output. */
const STANDING = ['inf_refmsgid', 'refmsg_time', 'respond_time', 'warn_msg'] as const

/** The platform's answer with another output, written as every client reads it; a signature over the old one is left out. */
function withOutput(answer: PlatformAnswer, output: Output, stamp: Stamp): string {
  const theirs = JSON.parse(answer.text) as Node
  const standing = STANDING.filter((name) => typeof theirs[name] === 'string').map((name) => [name, theirs[name]])
  return JSON.stringify({ ...JSON.parse(answerOf(output, stamp)), ...Object.fromEntries(standing) })
}

function nothingFrom(error: unknown): null {
  if (isUnavailable(error)) return null
  throw error
}

/**
 * Hands a question on and adds to the answer; a refusal, and what `add` leaves alone (null), goes through as it came. So
 * does everything while our own books cannot be read: most patients are none of ours, and the insurer has answered.
 */
export async function handOnAdding(call: HisCall, add: (output: Node) => Promise<Node | null>): Promise<Said> {
  const outcome = await handOn(call)
  if (outcome.kind === 'bytes') return { bytes: new Uint8Array(outcome.bytes), media: outcome.media }
  if (outcome.kind !== 'answered') return noAnswer(outcome)
  const { answer } = outcome
  const output = answer.success ? await add(answer.output ?? {}).catch(nothingFrom) : null
  return { text: output === null ? answer.text : withOutput(answer, output, call.stamp()) }
}
