import type { Deps } from '../access/act.ts'
import { canonical } from '../kernel/canonical.ts'
import { formatYuan } from '../kernel/money.ts'
import { type CompiledVersion, compileText } from '../rules/compile.ts'
import { textByHash } from '../rules/queries.ts'
import { decisionAnswer, type SettlementAnswer } from './answer.ts'
import { readArchivedBill } from './bill.ts'
import type { SettlementRow } from './booking.ts'
import { decideAgain } from './decide.ts'
import type { Facts } from './facts.ts'
import { settlementByNo, settlementPage } from './queries.ts'

/** One thing in which a stored settlement differs from what its own row decides today. */
export interface Difference {
  readonly settlement_no: string
  readonly what: string
}

export interface Recomputed {
  readonly checked: number
  readonly differences: readonly Difference[]
}

/** A bill may have 2,000 lines, so a page of them must be short. */
const PAGE = 32
type Versions = (hash: string) => Promise<CompiledVersion | null>

/** Rule versions by the hash of their text, compiled once. */
function versionsOf(deps: Deps): Versions {
  const known = new Map<string, CompiledVersion | null>()
  return async (hash) => {
    const before = known.get(hash)
    if (before !== undefined) return before
    const text = await textByHash(deps.store, hash)
    const version = text ? compileText(text.text, `${text.scheme}/${text.version}.yaml`) : null
    // A text that does not have the hash it is filed under has been changed.
    const sound = version?.hash === hash ? version : null
    known.set(hash, sound)
    return sound
  }
}

async function recomputeRow(row: SettlementRow, versions: Versions): Promise<Difference[]> {
  const differs = (what: string): Difference => ({ settlement_no: row.settlement_no, what })
  const facts = JSON.parse(row.facts) as Facts
  const version = await versions(facts.rule.hash)
  if (!version) return [differs(`rule ${facts.rule.hash} is missing or altered`)]
  const told = JSON.parse(row.answer) as SettlementAnswer
  const bill = readArchivedBill(row.bill)
  const decision = decideAgain(bill, facts, version)
  const answer = decisionAnswer(bill, decision)
  const differences = (Object.keys(answer) as (keyof typeof answer)[])
    .filter((key) => canonical(answer[key]) !== canonical(told[key]))
    .map((key) => differs(`${key}: stored ${canonical(told[key])}, recomputed ${canonical(answer[key])}`))
  if (decision.ruling.assistance !== row.assistance_fen) {
    differences.push(
      differs(
        `assistance_fen: stored ${formatYuan(row.assistance_fen)}, recomputed ${formatYuan(decision.ruling.assistance)}`,
      ),
    )
  }
  return differences
}

/**
 * Decides settlements again from their own rows: the archived bill, the facts and the text of the rule by its hash.
 * Nothing else is read, so the result is the same for ever. Reversals mirror their originals and are not decided.
 */
export async function recompute(deps: Deps, no: string | null): Promise<Recomputed> {
  const versions = versionsOf(deps)
  const differences: Difference[] = []
  let checked = 0
  const check = async (row: SettlementRow) => {
    if (row.kind === 'reversal') return
    checked++
    differences.push(...(await recomputeRow(row, versions)))
  }
  if (no !== null) {
    const row = await settlementByNo(deps.store, no)
    if (!row) return { checked: 0, differences: [{ settlement_no: no, what: 'no such settlement' }] }
    await check(row)
    return { checked, differences }
  }
  for (let after = 0; ; ) {
    const page = await settlementPage(deps.store, after, PAGE)
    for (const row of page) await check(row)
    const last = page.at(-1)
    if (!last) return { checked, differences }
    after = last.ledger_seq
  }
}
