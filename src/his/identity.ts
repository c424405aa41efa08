import type { Day } from '../kernel/day.ts'
import type { Categories } from '../register/category.ts'
import { type Held, type Holding, heldOn, whyNothingHeld } from '../register/holding.ts'
import { sayMissing } from '../register/say-missing.ts'
import { heldTo, timelinesOf } from '../register/timeline.ts'
import type { Codes } from '../rules/codes.ts'
import { dayIn } from './fields.ts'
import { isNode, type Node } from './read-node.ts'

/** What the register says of somebody. */
export interface Registered {
  readonly holdings: readonly Holding[]
  readonly died_on: Day | null
}
/** The day that is asked about, and what its categories are called here and at the hospital. */
export interface IdentityAsk {
  readonly day: Day
  readonly codes: Codes
  readonly labels: Categories
}

function endOf(person: Registered, key: string, day: Day): Day | null {
  const timeline = timelinesOf(person.holdings).get(key)
  const end = timeline ? heldTo(timeline, day) : null
  return end === null || (person.died_on !== null && person.died_on < end) ? person.died_on : end
}

/** The rows of `idetinfo` for a day: every category that has a code at the hospital, with the true ends of its holding. */
export function identityRows(person: Registered, { day, codes, labels }: IdentityAsk): Node[] {
  return heldOn(person.holdings, day, person.died_on).flatMap(({ key, from }) => {
    const code = codes.identityCodeOf(key)
    if (!code) return []
    const end = endOf(person, key, day)
    return [
      {
        psn_idet_type: code.code,
        psn_type_lv: '',
        memo: labels.get(key) ?? key,
        begntime: `${from} 00:00:00`,
        endtime: end === null ? '' : `${end} 23:59:59`,
      },
    ]
  })
}

const sayHeld = ({ key, from }: Held, labels: Categories): string => `${labels.get(key) ?? key}（${from}起）`

/** The same in words, those without a code among them; for whom nothing is held, why. */
export function sayIdentity(
  person: Registered | null,
  { day, labels }: Pick<IdentityAsk, 'day' | 'labels'>,
): { readonly held: readonly Held[]; readonly text: string } {
  if (person === null) return { held: [], text: '登记册中查无此人' }
  const held = heldOn(person.holdings, day, person.died_on)
  if (held.length > 0) return { held, text: `医疗救助对象：${held.map((one) => sayHeld(one, labels)).join('、')}` }
  const why = whyNothingHeld(person.holdings, day, person.died_on).map((missing) => sayMissing(missing, labels))
  return { held, text: why.join('；') }
}

/** A list as platforms write it: its only row may stand alone, and no rows may be nothing at all. */
export const listOf = (value: unknown): Node[] =>
  Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []

const holdsOn = ({ begntime, endtime }: Node, day: Day): boolean =>
  (dayIn(begntime) ?? day) <= day && day <= (dayIn(endtime) ?? day)

/** The platform's rows, and after them those of ours it does not say itself for that day. */
export function mergedRows(theirs: unknown, ours: readonly Node[], day: Day): Node[] {
  const rows = listOf(theirs)
  const said = new Set(rows.filter((row) => holdsOn(row, day)).map((row) => String(row.psn_idet_type)))
  return [...rows, ...ours.filter((row) => !said.has(String(row.psn_idet_type)))]
}
