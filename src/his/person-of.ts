import { schemeCategories } from '../access/directory.ts'
import type { Day } from '../kernel/day.ts'
import { maskName } from '../kernel/person-name.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { unseal } from '../kernel/seal.ts'
import { type Categories, categoryNames } from '../register/category.ts'
import { heldOn } from '../register/holding.ts'
import { type KnownPerson, type PersonRecord, placeOfName, recordAt } from '../register/person.ts'
import { findPeople } from '../register/queries.ts'
import type { Registered } from './identity.ts'
import { askedOf, psnBlind } from './kept.ts'
import { personOfPsn } from './queries.ts'
import type { HisCall, HisDeps } from './transaction.ts'

/** Somebody on the register, as it stands now. */
export interface Known extends Registered {
  readonly person: KnownPerson
  readonly record: PersonRecord
}

/** Whom the register knows by the blind index of an ID number. */
export async function knownUnder(deps: HisDeps, blind: string): Promise<Known | null> {
  const person = (await findPeople(deps.store.read, deps.store.tables, [blind])).get(blind)
  const record = person && recordAt(person)
  return person && record ? { person, record, holdings: person.holdings, died_on: record.died_on } : null
}

/** Whom a number of the insurer means: somebody, on the register or not; null: nobody has told us. */
export async function meantBy(deps: HisDeps, psn_no: string): Promise<{ readonly known: Known | null } | null> {
  const blind = await personOfPsn(deps.store, psnBlind(deps.keys, psn_no))
  return blind === null ? null : { known: await knownUnder(deps, blind) }
}
export const notMet = (psn_no: string): Refusal =>
  refuse('record_not_found', `人员编号 ${psn_no} 没有登记过，请先调用1101`)

/** Learns whom a number means; the refusal: it has meant somebody else. */
export async function learnPsn(deps: HisDeps, call: HisCall, psn_no: string, blind: string): Promise<Refusal | null> {
  const learn = { psn_blind: psnBlind(deps.keys, psn_no), person_blind: blind }
  if ((await personOfPsn(deps.store, learn.psn_blind)) === blind) return null
  const result = await deps.desk.submit({ kind: 'note', ...askedOf(deps.keys, call), learn })
  return isRefusal(result) ? result : null
}

/** Every category by its name, those the schemes in force add among them. */
export const labelsOf = ({ directory }: HisCall): Categories => categoryNames(schemeCategories(directory)).labels

/** Whoever gives no name is not told one: a number alone must not find out whose it is. */
export const maskedName = (deps: HisDeps, { person, record }: Known): string =>
  maskName(unseal(deps.keys, placeOfName(person.blind), record.sealed_name))

export const assistedOn = (known: Known | null, day: Day): boolean =>
  known !== null && heldOn(known.holdings, day, known.died_on).length > 0
