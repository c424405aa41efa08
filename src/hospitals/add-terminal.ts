import { act, type Deps } from '../access/act.ts'
import type { Caller } from '../access/caller.ts'
import { rowDigest } from '../audit/chain.ts'
import { lockLane } from '../audit/queries.ts'
import { sha256 } from '../kernel/canonical.ts'
import { randomText } from '../kernel/ids.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { seal } from '../kernel/seal.ts'
import { hospitalNow, insertTerminal } from './queries.ts'

export interface NewTerminal {
  readonly hospital: string
  readonly label: string
  /** The terminal must sign every request (RFC 9421) with the key it is given. */
  readonly signed: boolean
}

/** The key is told here and never again: the store keeps its hash, or sealed where signatures need it. */
export interface TerminalWithKey {
  readonly id: string
  readonly key: string
}

export function addTerminal(deps: Deps, caller: Caller, terminal: NewTerminal): Promise<TerminalWithKey | Refusal> {
  const id = `T${randomText(10)}`
  const key = `mak_${randomText(32)}`
  const signing_key = terminal.signed ? seal(deps.keys, `terminal.signing_key:${id}`, key) : null
  return act(deps, caller, 'hospitals.write', async (tx, t, at) => {
    await lockLane(tx, t, 'office')
    const { hospital: hospital_code, label, signed } = terminal
    if (!(await hospitalNow(tx, t, hospital_code)))
      return refuse('record_not_found', `没有定点医疗机构 ${hospital_code}`)
    const row = { id, hospital_code, label, key_hash: sha256(key), signing_key, created_at: at }
    await insertTerminal(tx, t, row)
    const detail = { did: 'add_terminal', hospital: hospital_code, signed, rows: [rowDigest('terminal', row)] }
    return { result: { id, key }, deed: { subject: `terminal:${id}`, detail } }
  })
}
