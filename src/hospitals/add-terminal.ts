import { act, type Deps } from '../access/act.ts'
import type { Caller } from '../access/caller.ts'
import { rowDigest } from '../audit/chain.ts'
import { lockLane } from '../audit/queries.ts'
import { sha256 } from '../kernel/canonical.ts'
import { randomText } from '../kernel/ids.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { seal } from '../kernel/seal.ts'
import { sealSecret } from './his.ts'
import { holderOf, hospitalNow, insertSm2, insertTerminal, insertTif } from './queries.ts'

export interface NewTerminal {
  readonly hospital: string
  readonly label: string
  /** The terminal must sign every request (RFC 9421) with the key it is given. */
  readonly signed: boolean
  /** A key the hospital's system uses already; left out, one is made. */
  readonly key?: string | undefined
  /** It must sign the headers of the national interface, by this name and secret; left out of it, they are made. */
  readonly tif?: { readonly paasid?: string | undefined; readonly secret?: string | undefined } | undefined
  /** It must sign its envelopes; the key as `readSm2Key` gives it. */
  readonly sm2?: string | undefined
}

/** The key and the secret are told here and never again: the store keeps a hash, or what is sealed where signatures need it. */
export interface TerminalWithKey {
  readonly id: string
  readonly key: string
  readonly tif: { readonly paasid: string; readonly secret: string } | null
}

export function addTerminal(deps: Deps, caller: Caller, terminal: NewTerminal): Promise<TerminalWithKey | Refusal> {
  const id = `T${randomText(10)}`
  const { hospital: hospital_code, label, signed, key = `mak_${randomText(32)}`, sm2 } = terminal
  const tif = terminal.tif
    ? { paasid: terminal.tif.paasid ?? id, secret: terminal.tif.secret ?? `mts_${randomText(32)}` }
    : null
  const key_hash = sha256(key)
  const signing_key = signed ? seal(deps.keys, `terminal.signing_key:${id}`, key) : null
  return act(deps, caller, 'hospitals.write', async (tx, t, at) => {
    await lockLane(tx, t, 'office')
    if (!(await hospitalNow(tx, t, hospital_code)))
      return refuse('record_not_found', `没有定点医疗机构 ${hospital_code}`)
    const holder = await holderOf(tx, t, { key_hash, paasid: tif?.paasid ?? null })
    if (holder) return refuse('already_done', `${holder.what}已属于终端 ${holder.id}，停用后也不再发放`)
    const row = { id, hospital_code, label, key_hash, signing_key, created_at: at }
    const rows = [rowDigest('terminal', row)]
    await insertTerminal(tx, t, row)
    if (tif) {
      const sealed = { terminal_id: id, paasid: tif.paasid, sealed_secret: sealSecret(deps.keys, id, tif.secret), at }
      await insertTif(tx, t, sealed)
      rows.push(rowDigest('terminal_tif', sealed))
    }
    if (sm2 !== undefined) {
      const publicKey = { terminal_id: id, public_key: sm2, at }
      await insertSm2(tx, t, publicKey)
      rows.push(rowDigest('terminal_sm2', publicKey))
    }
    const how = { signed, ...(tif ? { tif: tif.paasid } : {}), ...(sm2 === undefined ? {} : { sm2: true }) }
    const detail = { did: 'add_terminal', hospital: hospital_code, ...how, rows }
    return { result: { id, key, tif }, deed: { subject: `terminal:${id}`, detail } }
  })
}
