import { type Caller, may } from '../access/caller.ts'
import { type Fault, type Refusal, refuse } from '../kernel/refusal.ts'
import type { RuleFault } from './check.ts'
import type { RuleDeps } from './prover.ts'
import { publishedTexts } from './queries.ts'

/** Everything that stands against publishing a text, without keeping it. */
export async function checkText(deps: RuleDeps, caller: Caller, text: string): Promise<readonly RuleFault[] | Refusal> {
  if (!may(caller, 'rules.check')) return refuse('forbidden', '需要权限 rules.check')
  return deps.prove({ text, inForce: await publishedTexts(deps.store) })
}

const MOST = 100

/** Faults of a text as a refusal; the line and the bill that shows the fault go with the message. */
export function unsound(faults: readonly RuleFault[]): Refusal {
  const errors: Fault[] = faults.slice(0, MOST).map((one) => ({
    path: one.path,
    message: `第 ${one.line} 行：${one.message}${one.bill === undefined ? '' : `（${one.bill}）`}`,
  }))
  return refuse('rule_unsound', `共 ${faults.length} 处有误`, { errors })
}
