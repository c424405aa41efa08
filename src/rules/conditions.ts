import { exact, type Fen, parseYuan, round } from '../kernel/money.ts'
import type { ReasonCode } from './reasons.ts'
import { amountOf, placeOf, type Scene, soFar } from './scene.ts'
import { CONDITION_KEYS, type ConditionsDocument, type MeasureDocument, type MoneyDocument } from './schema.ts'
import type { AmountWord } from './words.ts'

/** What a compiler of stages needs to know of the document, and what it notes down for later bills. */
export interface Env {
  readonly scheme: string
  readonly benefit: string
  readonly parameters: Readonly<Record<string, Fen>>
  readonly diseases: Readonly<Record<string, DiseaseTest>>
  /** Yearly sums that some condition or gate looks at. */
  readonly sums: Map<string, YearSum>
  /** Benefits whose uses are counted. */
  readonly counted: Set<string>
}

export type DiseaseTest = (scene: Scene) => boolean

export interface YearSum {
  readonly owner: 'person' | 'household'
  readonly word: AmountWord
  /** The benefit whose base it is, or null for an amount of the bill. */
  readonly benefit: string | null
  /** Without the year. */
  readonly key: string
}

/** One condition: does the bill fit, and what to tell the patient when it does not. */
export interface Test {
  readonly fits: (scene: Scene) => boolean
  readonly reason: ReasonCode
}

export interface Row<T> {
  readonly tests: readonly Test[]
  readonly value: T
}

export const fits = (tests: readonly Test[], scene: Scene): boolean => {
  for (const test of tests) if (!test.fits(scene)) return false
  return true
}

/** The value of the first row that fits; undefined when none does. */
export function pick<T>(rows: readonly Row<T>[], scene: Scene): T | undefined {
  for (const row of rows) if (fits(row.tests, scene)) return row.value
  return undefined
}

/** An amount of the document in fen; a share of a parameter is rounded as the document says, half up to the fen by default. */
export function compileMoney(money: MoneyDocument, env: Pick<Env, 'parameters'>): Fen {
  if (typeof money === 'string') return parseYuan(money)
  const value = env.parameters[money.parameter]
  if (value === undefined) throw new Error(`unknown parameter ${money.parameter}`)
  return money.times === undefined
    ? value
    : round(exact(value).times(exact(money.times)), money.mode ?? 'half_up', money.to)
}

interface Edges<T> {
  readonly above?: T | undefined
  readonly from?: T | undefined
  readonly below?: T | undefined
  readonly up_to?: T | undefined
}

/** A test of a number against edges that say themselves whether they are open. */
export function within<T>(edges: Edges<T>, toNumber: (edge: T) => number): (value: number) => boolean {
  const above = edges.above === undefined ? -Infinity : toNumber(edges.above)
  const from = edges.from === undefined ? -Infinity : toNumber(edges.from)
  const below = edges.below === undefined ? Infinity : toNumber(edges.below)
  const upTo = edges.up_to === undefined ? Infinity : toNumber(edges.up_to)
  return (value) => value > above && value >= from && value < below && value <= upTo
}

export const listOf = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T])

/** Notes that a yearly sum is needed and gives its counter key without the year. */
export function noteSum(env: Env, owner: YearSum['owner'], word: AmountWord): string {
  const own = word === 'base'
  const key = `${env.scheme}/sum.${word}${own ? `.${env.benefit}` : ''}/`
  env.sums.set(`${owner} ${key}`, { owner, word, benefit: own ? env.benefit : null, key })
  return key
}

const member = <T>(wanted: T | readonly T[], of: (scene: Scene) => T): ((scene: Scene) => boolean) => {
  const list = listOf(wanted)
  return (scene) => list.includes(of(scene))
}

const measured = (documents: MeasureDocument | readonly MeasureDocument[], env: Env, yearly: boolean) => {
  const parts = listOf(documents).map((measure) => ({
    word: measure.amount,
    inside: within(measure, (edge) => compileMoney(edge, env)),
    key: yearly ? noteSum(env, 'person', measure.amount) : '',
  }))
  return (scene: Scene): boolean =>
    parts.every(({ word, inside, key }) =>
      inside(amountOf(scene, word) + (yearly ? soFar(scene.tally, 'person', key + scene.year) : 0)),
    )
}

type Maker<K extends Condition> = (wanted: NonNullable<ConditionsDocument[K]>, env: Env) => (scene: Scene) => boolean

const disease = (groups: string | readonly string[], env: Env): readonly DiseaseTest[] =>
  listOf(groups).map((group) => {
    const test = env.diseases[group]
    if (test === undefined) throw new Error(`unknown disease group ${group}`)
    return test
  })

type Condition = keyof ConditionsDocument
type Makers = { readonly [K in Condition]: readonly [ReasonCode, Maker<K>] }

const MAKERS: Makers = {
  category: ['category_not_covered', (wanted) => member(wanted, (scene) => scene.category)],
  care_type: ['care_type_not_covered', (wanted) => member(wanted, (scene) => scene.claim.care_type)],
  insurance: ['insurance_not_covered', (wanted) => member(wanted, (scene) => scene.claim.insurance.type)],
  hospital_level: ['hospital_level_not_covered', (wanted) => member(wanted, (scene) => scene.claim.hospital.level)],
  place: [
    'place_not_covered',
    (wanted) => member(wanted, ({ claim }) => placeOf(claim.insurance.admdvs, claim.hospital.admdvs)),
  ],
  referral: ['not_referred', (wanted) => member(wanted, (scene) => scene.claim.referral)],
  disease: [
    'disease_not_covered',
    (wanted, env) => {
      const tests = disease(wanted, env)
      return (scene) => tests.some((test) => test(scene))
    },
  ],
  not_disease: [
    'disease_not_covered',
    (wanted, env) => {
      const tests = disease(wanted, env)
      return (scene) => !tests.some((test) => test(scene))
    },
  ],
  age: [
    'age_not_covered',
    (wanted) => {
      const inside = within(wanted, (edge) => edge)
      return (scene) => inside(scene.claim.age)
    },
  ],
  channel: ['on_application_only', (wanted) => (scene) => scene.claim.channel === wanted],
  circumstance: [
    'circumstance_not_covered',
    (wanted) => {
      const list = listOf(wanted)
      return (scene) => scene.claim.circumstances.some((one) => list.includes(one))
    },
  ],
  recognised: [
    'recognised_too_late',
    ({ from, before }) =>
      (scene) =>
        (from === undefined || scene.since >= from) && (before === undefined || scene.since < before),
  ],
  bill: ['bill_size_not_covered', (wanted, env) => measured(wanted, env, false)],
  year: ['year_sum_not_covered', (wanted, env) => measured(wanted, env, true)],
  earlier: [
    'earlier_benefit_missing',
    ({ benefit, is }) => {
      const list = listOf(benefit)
      return ({ past }) => {
        const used = past.some(
          (one) => list.includes(one.benefit) && (is === 'limit_reached' ? one.limitReached : one.amount > 0),
        )
        return is === 'not_used' ? !used : used
      }
    },
  ],
  nth_this_year: [
    'turn_not_covered',
    (wanted, env) => {
      env.counted.add(env.benefit)
      const inside = within(wanted, (edge) => edge)
      const key = countKey(env.scheme, env.benefit)
      return (scene) => inside(soFar(scene.tally, 'person', key + scene.year) + 1)
    },
  ],
}

export const countKey = (scheme: string, benefit: string): string => `${scheme}/count.${benefit}/`

function compileTest<K extends Condition>(key: K, document: ConditionsDocument, env: Env): Test | null {
  const wanted = document[key]
  if (wanted === undefined) return null
  const [code, make]: readonly [ReasonCode, Maker<K>] = MAKERS[key]
  const reason = key === 'channel' && wanted === 'counter' ? 'at_counter_only' : code
  return { reason, fits: make(wanted, env) }
}

/** The conditions of a row as tests, in the order of the vocabulary; a row's own keys are passed over. */
export function compileConditions(document: ConditionsDocument, env: Env): readonly Test[] {
  const tests: Test[] = []
  for (const key of CONDITION_KEYS) {
    const test = compileTest(key, document, env)
    if (test !== null) tests.push(test)
  }
  return tests
}

export const compileRows = <D extends ConditionsDocument, T>(
  rows: readonly D[],
  env: Env,
  value: (row: D) => T,
): readonly Row<T>[] => rows.map((row) => ({ tests: compileConditions(row, env), value: value(row) }))
