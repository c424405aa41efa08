import type { Deps } from '../access/act.ts'
import { blindIndex, type Keys } from '../kernel/seal.ts'
import type { Db } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import { inTurns } from '../store/turns.ts'
import { type Categories, type CategoryNames, categoryNames } from './category.ts'
import { nameBlindKey, personBlindKey } from './holding.ts'
import { type Plan, type Prepared, plan } from './plan.ts'
import { findPeople, knownTownships } from './queries.ts'
import type { Statement } from './statement.ts'

/** `categories`: those that the schemes in force add to the ones every scheme knows. */
export interface RegisterDeps extends Deps {
  readonly categories?: () => Promise<Categories>
}

export const namesOf = async (deps: RegisterDeps): Promise<CategoryNames> => categoryNames(await deps.categories?.())

/** Works out the blind indexes of statements, before a transaction is opened. */
export const prepare = (keys: Keys, statements: readonly Statement[]): Promise<Prepared[]> =>
  inTurns(statements, (part) =>
    part.map((statement) => ({
      statement,
      blind: blindIndex(keys, personBlindKey(statement.id_type, statement.id_number)),
      name_blind: statement.name === undefined ? null : blindIndex(keys, nameBlindKey(statement.name)),
      household: statement.head ? blindIndex(keys, personBlindKey('resident_id', statement.head)) : statement.head,
    })),
  )

/**
 * What the statements would change, compared with the register as this connection sees it; outside a write others may
 * have their turn `between` two readings.
 */
export async function assess(
  db: Db,
  t: Tables,
  prepared: readonly Prepared[],
  between?: () => Promise<void>,
): Promise<Plan> {
  const blinds = new Set(prepared.flatMap((p) => (p.household ? [p.blind, p.household] : [p.blind])))
  const known = await findPeople(db, t, [...blinds], between)
  const townships = await knownTownships(db, t)
  await between?.()
  return plan(prepared, known, townships)
}
