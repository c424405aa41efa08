import { z } from 'zod'
import { rowDigest } from '../audit/chain.ts'
import { sha256 } from '../kernel/canonical.ts'
import { randomText } from '../kernel/ids.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { act, type Deps } from './act.ts'
import type { Caller, Role } from './caller.ts'
import { insertStaff } from './queries.ts'

export const staffName = z.string().trim().min(1, '不能为空').max(60, '最多 60 个字')

export interface NewStaff {
  readonly name: string
  readonly roles: readonly Role[]
}

/** The token is told here and never again: the store keeps its hash. */
export interface StaffWithToken {
  readonly id: string
  readonly token: string
}

export function addStaff(deps: Deps, caller: Caller, { name, roles }: NewStaff): Promise<StaffWithToken | Refusal> {
  const id = `S${randomText(10)}`
  const token = `mas_${randomText(32)}`
  return act(deps, caller, 'staff.write', async (tx, t, at) => {
    const distinct = [...new Set(roles)].sort()
    const row = { id, name, roles: JSON.stringify(distinct), token_hash: sha256(token), created_at: at }
    await insertStaff(tx, t, row)
    const detail = { did: 'add_staff', roles: distinct, rows: [rowDigest('staff', row)] }
    return { result: { id, token }, deed: { subject: `staff:${id}`, detail } }
  })
}
