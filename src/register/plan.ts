import type { Day } from '../kernel/day.ts'
import { fault, type RowFault } from './fault.ts'
import { type KnownPerson, recordAt } from './person.ts'
import { placeKey } from './place.ts'
import type { Statement } from './statement.ts'
import { holds, type Mark, state, type Timeline, timelinesOf } from './timeline.ts'

/** A statement with the blind indexes of what it names: planning needs no number and no name. */
export interface Prepared {
  readonly statement: Statement
  readonly blind: string
  readonly name_blind: string | null
  /** undefined: not mentioned; null: a household of one. */
  readonly household: string | null | undefined
}

/** One difference between what the register says and what it will say. */
export type Difference =
  | { readonly field: 'category'; readonly category: string; readonly from_day: Day; readonly held: boolean }
  | {
      readonly field: 'township' | 'admdvs' | 'died_on'
      readonly before: string | null
      readonly after: string | null
    }
  | { readonly field: 'person' | 'name' | 'household' }
  | { readonly field: 'psn_no'; readonly before: string | null; readonly after: string; readonly psn_no: string }

export const OUTCOMES = ['new', 'changed', 'ended', 'unchanged', 'rejected'] as const
export type Outcome = (typeof OUTCOMES)[number]

export interface RowOutcome {
  readonly row: number
  readonly outcome: Outcome
  readonly differences: readonly Difference[]
}

/** What to append for one person. */
export interface PersonWrite {
  /** null: a person the register does not know yet. */
  readonly id: number | null
  readonly blind: string
  readonly statement: Statement
  /** null: the newest record still holds; `name` is null where the sealed one is kept. */
  readonly record: (Facts & { readonly name: string | null; readonly sealed_name: string | null }) | null
  readonly marks: readonly Mark[]
}

export interface Plan {
  readonly rows: readonly RowOutcome[]
  readonly faults: readonly RowFault[]
  readonly writes: readonly PersonWrite[]
}

interface Facts {
  readonly name_blind: string
  readonly household: string | null
  readonly township: string
  readonly admdvs: string
  readonly died_on: Day | null
}

/** A person while the rows that speak of them are gone through. */
interface Working {
  readonly known: KnownPerson | undefined
  readonly before: Facts | undefined
  readonly first: Statement
  facts: Facts | undefined
  name: string | null
  readonly timelines: Map<string, Timeline>
}

/**
 * Compares what is stated with what the register knows: per row what it changes, per person what to append.
 * Statements about one person are taken in order; rows that contradict the register are rejected with the reason.
 */
export function plan(
  prepared: readonly Prepared[],
  known: ReadonlyMap<string, KnownPerson>,
  townships: readonly string[],
): Plan {
  const people = new Map<string, Working>()
  const faults: RowFault[] = []
  const rows: RowOutcome[] = []
  const named = new Set(prepared.map((p) => p.blind))
  const places = new Set(townships.map(placeKey))
  const empty = places.size === 0
  for (const p of prepared) {
    const { row, township } = p.statement
    const person = people.get(p.blind) ?? begin(p, known.get(p.blind))
    people.set(p.blind, person)
    const contradiction = contradictionOf(person, p)
    if (contradiction) {
      faults.push(contradiction)
      rows.push({ row, outcome: 'rejected', differences: [] })
      continue
    }
    const differences = applyTo(person, p)
    rows.push({ row, outcome: outcomeOf(person, differences), differences })
    if (p.household && !named.has(p.household) && !known.has(p.household))
      faults.push(fault(row, '户主身份证号', 'HOUSEHOLD_HEAD_MISSING', '户主不在本文件中，也不在登记册中'))
    if (township && !empty && !places.has(placeKey(township))) {
      places.add(placeKey(township))
      faults.push(fault(row, '乡镇街道', 'TOWN_NEW', `登记册中还没有“${township}”`))
    }
  }
  rows.sort((a, b) => a.row - b.row)
  faults.sort((a, b) => a.row - b.row)
  return { rows, faults, writes: [...people].flatMap(([blind, person]) => writeOf(blind, person)) }
}

function begin(p: Prepared, known: KnownPerson | undefined): Working {
  const before = known && recordAt(known)
  return { known, before, first: p.statement, facts: before, name: null, timelines: timelinesOf(known?.holdings ?? []) }
}

function contradictionOf(person: Working, p: Prepared): RowFault | null {
  const { row, mode, renames, period } = p.statement
  const { facts } = person
  if (!facts) return mode === 'update' ? fault(row, '身份证号', 'PERSON_UNKNOWN', '登记册中查无此人') : null
  if (mode === 'add') return fault(row, '身份证号', 'PERSON_KNOWN', '登记册中已有此人')
  if (p.name_blind !== null && !renames && p.name_blind !== facts.name_blind)
    return fault(row, '姓名', 'NAME_MISMATCH_REGISTER', '姓名与登记册不符')
  if (period?.held === 1 && facts.died_on !== null && period.from > facts.died_on)
    return fault(row, '起始日期', 'ALREADY_DEAD', `登记显示此人已于 ${facts.died_on} 去世`)
  if (period?.held === 0 && !holds(person.timelines.get(period.category), period.from))
    return fault(row, '救助类别', 'NOT_HELD', `${period.from} 并不享受这一类别`)
  return null
}

/** Makes the working state say what the statement says, and lists the differences. */
function applyTo(person: Working, { statement: s, name_blind, household }: Prepared): Difference[] {
  const differences: Difference[] = []
  const old = person.facts
  if (!old) differences.push({ field: 'person' })
  const change = (field: 'township' | 'admdvs' | 'died_on', after: string | null) => {
    if (old) differences.push({ field, before: old[field], after })
    return after
  }
  const moved = s.township !== undefined && (!old || placeKey(s.township) !== placeKey(old.township))
  const next: Facts = {
    name_blind: name_blind ?? old?.name_blind ?? '',
    household: household === undefined ? (old?.household ?? null) : household,
    township: moved && s.township !== undefined ? (change('township', s.township) ?? '') : (old?.township ?? ''),
    admdvs:
      s.admdvs !== undefined && s.admdvs !== old?.admdvs ? (change('admdvs', s.admdvs) ?? '') : (old?.admdvs ?? ''),
    died_on:
      s.died_on !== undefined && s.died_on !== (old?.died_on ?? null)
        ? change('died_on', s.died_on)
        : (old?.died_on ?? null),
  }
  if (old && next.household !== old.household) differences.push({ field: 'household' })
  if (old && next.name_blind !== old.name_blind) differences.push({ field: 'name' })
  if (s.name !== undefined && next.name_blind !== old?.name_blind) person.name = s.name
  person.facts = next
  if (s.period) {
    const timeline: Timeline = person.timelines.get(s.period.category) ?? new Map()
    person.timelines.set(s.period.category, timeline)
    for (const m of state(timeline, s.period))
      differences.push({ field: 'category', category: m.category, from_day: m.from_day, held: m.held === 1 })
  }
  return differences
}

function outcomeOf(person: Working, differences: readonly Difference[]): Outcome {
  if (!person.known) return 'new'
  if (differences.length === 0) return 'unchanged'
  const ends = (d: Difference) =>
    (d.field === 'category' && !d.held) || (d.field === 'died_on' && d.before === null && d.after !== null)
  return differences.every(ends) ? 'ended' : 'changed'
}

/** Only what differs from the register in the end is appended. */
function writeOf(blind: string, person: Working): PersonWrite[] {
  const { known, before, facts } = person
  if (!facts) return []
  const original = timelinesOf(known?.holdings ?? [])
  const marks: Mark[] = []
  for (const [category, timeline] of person.timelines)
    for (const [from_day, held] of timeline)
      if (original.get(category)?.get(from_day) !== held) marks.push({ category, from_day, held })
  const same = before !== undefined && FACTS.every((key) => before[key] === facts[key])
  if (same && marks.length === 0) return []
  const sealed_name = person.name === null && known ? (recordAt(known)?.sealed_name ?? null) : null
  const record = same ? null : { ...pick(facts), name: person.name, sealed_name }
  return [{ id: known?.id ?? null, blind, statement: person.first, record, marks }]
}

const FACTS = ['name_blind', 'household', 'township', 'admdvs', 'died_on'] as const
const pick = ({ name_blind, household, township, admdvs, died_on }: Facts): Facts => ({
  name_blind,
  household,
  township,
  admdvs,
  died_on,
})
