import { appendAudit } from '../audit/queries.ts'
import type { Instant } from '../kernel/day.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import type { Keys } from '../kernel/seal.ts'
import type { Db, Store } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import { actorOf, type Caller, laneOf, may, type Permission } from './caller.ts'

/** What a verb may reach: everything with an effect comes in here. */
export interface Deps {
  readonly store: Store
  readonly keys: Keys
  readonly now: () => Instant
}

/** What the audit log keeps of an act; `detail` must hold no name and no ID number. */
export interface Deed {
  readonly subject: string
  readonly detail: Readonly<Record<string, unknown>>
}

interface Refused {
  readonly refused: Refusal
}
const isRefused = (value: unknown): value is Refused =>
  typeof value === 'object' && value !== null && 'refused' in value

/**
 * Permission, transaction and audit record in one: the only way to write, but for the booking of settlements.
 * `work` returns the result and what to note of it, or a refusal, which rolls everything back.
 */
export async function act<R>(
  deps: Deps,
  caller: Caller,
  permission: Permission,
  work: (tx: Db, t: Tables, at: Instant) => Promise<{ readonly result: R; readonly deed: Deed } | Refusal>,
): Promise<R | Refusal> {
  if (!may(caller, permission)) return refuse('forbidden', `需要权限 ${permission}`)
  const { store } = deps
  try {
    return await store.write(async (tx) => {
      const at = deps.now()
      const done = await work(tx, store.tables, at)
      // Thrown so that the store rolls back; caught below and handed on as the value it is.
      if (isRefusal(done)) throw { refused: done } satisfies Refused
      await appendAudit(tx, store.tables, {
        lane: laneOf(permission),
        at,
        actor: actorOf(caller),
        action: permission,
        subject: done.deed.subject,
        detail: JSON.stringify(done.deed.detail),
      })
      return done.result
    })
  } catch (error) {
    if (isRefused(error)) return error.refused
    throw error
  }
}
