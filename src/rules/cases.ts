import { z } from 'zod'
import { type Day, isDay } from '../kernel/day.ts'
import { type Fen, formatYuan, isYuan, parseYuan } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { applyRules } from './apply.ts'
import {
  AMOUNTS,
  type AmountName,
  CARE_TYPES,
  CIRCUMSTANCES,
  type Claim,
  INSURANCE_TYPES,
  REFERRALS,
  type Ruling,
} from './claim.ts'
import type { CompiledVersion } from './compile.ts'
import { dayBy, inForce, type Scheme } from './in-force.ts'
import { owedBy } from './scene.ts'

const text = z.string().trim().min(1)
const day = z.string().refine(isDay, '日期写作 "YYYY-MM-DD"，且须真实存在')
const yuan = z.string('金额须加引号').refine(isYuan, '金额写作 "1234.50"：元，两位小数，加引号')
const place = z.string('代码须加引号').regex(/^\d{6}$/, '行政区划代码为六位数字，加引号')

/** The facts of a bill as an official tells them; what is left out is ordinary. */
const billShape = {
  care_type: z.enum(CARE_TYPES).optional(),
  category: z.union([text, z.array(z.union([text, z.strictObject({ key: text, from: day })]))]).optional(),
  on: day.optional(),
  admitted_on: day.optional(),
  discharged_on: day.optional(),
  settled_on: day.optional(),
  insurance: z.enum(INSURANCE_TYPES).optional(),
  insured_place: place.optional(),
  hospital_place: place.optional(),
  hospital_level: z.literal([1, 2, 3]).optional(),
  referral: z.enum(REFERRALS).optional(),
  diagnoses: z.array(text).optional(),
  disease_code: text.optional(),
  age: z.int().min(0).max(150).optional(),
  channel: z.enum(['counter', 'application']).optional(),
  circumstances: z.array(z.enum(CIRCUMSTANCES)).optional(),
  policy_scope_self_paid: yuan.optional(),
  amounts: z.partialRecord(z.enum(AMOUNTS), yuan).optional(),
}
const bill = z.strictObject(billShape)
const used = z.record(text, z.union([yuan, z.int().min(0)]))

const expected = z
  .strictObject({
    assistance: yuan.optional(),
    patient_pays: yuan.optional(),
    category: z.union([text, z.null()]).optional(),
    version: day.optional(),
    benefits: z.record(text, yuan).optional(),
    reasons: z.array(text).optional(),
    left: z.record(text, z.union([yuan, z.int().min(0), z.literal('none')])).optional(),
    refused: z.enum(['no_scheme', 'no_rule_in_force']).optional(),
  })
  .refine((value) => Object.keys(value).length > 0, '至少写一项应得的结果')

export const casesSchema = z.strictObject({
  scheme: text,
  common: bill.optional(),
  cases: z
    .array(
      z.strictObject({
        name: text,
        source: text.optional(),
        bill,
        used: used.optional(),
        earlier_bills: z.array(bill).optional(),
        expect: expected,
      }),
    )
    .min(1),
})

export type CasesDocument = z.infer<typeof casesSchema>
export type CaseBill = z.infer<typeof bill>
export type Case = CasesDocument['cases'][number]

const INSURERS: readonly AmountName[] = ['basic_insurance_paid', 'serious_illness_paid', 'other_insurance_paid']
const OUTSIDE: readonly AmountName[] = ['self_funded', 'over_limit', 'prior_self_pay']
const NOBODY_PAID = Object.fromEntries(AMOUNTS.map((name) => [name, 0])) as Record<AmountName, Fen>

/** Fills the amounts that follow from the others: the total, or the part inside the policy's scope. */
export function amountsOf(facts: Pick<CaseBill, 'amounts' | 'policy_scope_self_paid'>): Record<AmountName, Fen> {
  const amounts = { ...NOBODY_PAID }
  for (const name of AMOUNTS) {
    const given = facts.amounts?.[name]
    if (given !== undefined) amounts[name] = parseYuan(given)
  }
  const sum = (names: readonly AmountName[]): Fen => names.reduce((all, name) => all + amounts[name], 0)
  if (facts.policy_scope_self_paid !== undefined) {
    amounts.policy_scope_cost = parseYuan(facts.policy_scope_self_paid) + sum(INSURERS)
  } else if (facts.amounts?.policy_scope_cost === undefined) {
    amounts.policy_scope_cost = Math.max(0, amounts.total_cost - sum(OUTSIDE))
  }
  if (facts.amounts?.total_cost === undefined) amounts.total_cost = amounts.policy_scope_cost + sum(OUTSIDE)
  return amounts
}

const LONG_AGO: Day = '1949-10-01'

/** The claim a case tells of; facts left out are those of an ordinary stay of an insured resident at home. */
export function claimOfCase(facts: CaseBill, home: string): Claim {
  const on = facts.on ?? facts.discharged_on ?? facts.settled_on ?? facts.admitted_on ?? LONG_AGO
  const discharged = facts.discharged_on ?? on
  const categories =
    facts.category === undefined ? [] : typeof facts.category === 'string' ? [facts.category] : facts.category
  const insured = facts.insured_place ?? home
  return {
    care_type: facts.care_type ?? 'inpatient',
    admitted_on: facts.admitted_on ?? discharged,
    discharged_on: discharged,
    settled_on: facts.settled_on ?? discharged,
    insurance: { type: facts.insurance ?? 'resident', admdvs: insured },
    hospital: { level: facts.hospital_level ?? 2, admdvs: facts.hospital_place ?? insured },
    referral: facts.referral ?? 'not_needed',
    diagnoses: facts.diagnoses ?? [],
    disease_code: facts.disease_code ?? null,
    circumstances: facts.circumstances ?? [],
    age: facts.age ?? 40,
    categories: categories.map((one) => (typeof one === 'string' ? { key: one, from: LONG_AGO } : one)),
    channel: facts.channel ?? 'counter',
    amounts: amountsOf(facts),
  }
}

/** Running totals in memory, of one person and their household: read by owner and key, added to by deltas. */
export interface Totals {
  readonly read: (owner: string, key: string) => number
  readonly add: (ruling: Ruling) => void
}

export function startTotals(start: ReadonlyMap<string, number> = new Map()): Totals {
  const totals = new Map<string, number>()
  // What a case begins with is told by its name alone.
  const read = (owner: string, key: string) => totals.get(`${owner} ${key}`) ?? start.get(key) ?? 0
  return {
    read,
    add: (ruling) => {
      for (const { owner, key, delta } of ruling.counters) totals.set(`${owner} ${key}`, read(owner, key) + delta)
    },
  }
}

const asNumber = (value: string | number): number => (typeof value === 'number' ? value : parseYuan(value))

/** `annual` is the pool in the period of the bill; `deductible.yearly` and the like count over its year. */
function counterKeys(version: CompiledVersion, claim: Claim, year: number, name: string): string {
  const pool = version.pools.find((one) => one.key === name)
  const quarter = Math.ceil(Number(dayBy(version.year_by, claim).slice(5, 7)) / 3)
  const period = pool?.per === 'lifetime' ? 'life' : pool?.per === 'person_quarter' ? `${year}-Q${quarter}` : `${year}`
  return name.includes('/') ? `${version.scheme}/${name}` : `${version.scheme}/${name}/${period}`
}

/** One thing that came out otherwise than the case expects. */
export interface Difference {
  readonly what: string
  readonly expected: string
  readonly got: string
}

/** Runs one case against a scheme: the version is chosen by the days of its bill, as at the counter. */
export function runCase(scheme: Scheme, one: Case, common: CaseBill = {}): readonly Difference[] {
  const home = scheme.versions.find((version) => !version.repealed)?.jurisdiction[0] ?? '000000'
  const whole = (facts: CaseBill): CaseBill => ({ ...common, ...facts })
  const claim = claimOfCase(whole(one.bill), home)
  const found = inForce([scheme], claim.insurance.admdvs, claim)
  if (isRefusal(found)) return compare('refused', one.expect.refused ?? '（应有结果）', found.refusal)
  if (one.expect.refused !== undefined) return compare('refused', one.expect.refused, found.version.version)
  const { version, year } = found
  const totals = startTotals(
    new Map(
      Object.entries(one.used ?? {}).map(([name, value]) => [counterKeys(version, claim, year, name), asNumber(value)]),
    ),
  )
  for (const earlier of one.earlier_bills ?? []) {
    const before = claimOfCase(whole(earlier), home)
    const rule = inForce([scheme], before.insurance.admdvs, before)
    if (!isRefusal(rule)) totals.add(applyRules(rule.version, before, rule.year, totals.read))
  }
  const ruling = applyRules(version, claim, year, totals.read)
  return [...compare('version', one.expect.version, version.version), ...differences(one.expect, claim, ruling)]
}

const compare = (what: string, expected: string | undefined, got: string): readonly Difference[] =>
  expected === undefined || expected === got ? [] : [{ what, expected, got }]

function differences(expect: Case['expect'], claim: Claim, ruling: Ruling): readonly Difference[] {
  const found = [
    ...compare('assistance', expect.assistance, formatYuan(ruling.assistance)),
    ...compare('patient_pays', expect.patient_pays, formatYuan(owedBy(claim) - ruling.assistance)),
    ...compare('category', expect.category === null ? '（无）' : expect.category, ruling.category ?? '（无）'),
  ]
  if (expect.benefits !== undefined) {
    const got = Object.fromEntries(ruling.benefits.map((one) => [one.benefit, formatYuan(one.amount)]))
    for (const key of new Set([...Object.keys(expect.benefits), ...Object.keys(got)])) {
      found.push(...compare(`benefits.${key}`, expect.benefits[key] ?? '0.00', got[key] ?? '0.00'))
    }
  }
  if (expect.reasons !== undefined) {
    const got = [...new Set(ruling.reasons.map((one) => one.code))].toSorted().join('、')
    found.push(...compare('reasons', expect.reasons.toSorted().join('、'), got))
  }
  for (const [pool, value] of Object.entries(expect.left ?? {})) {
    const use = ruling.limits.find((one) => one.pool === pool)
    const rest = use === undefined ? '（没有用到）' : use.limit === null ? 'none' : String(use.limit - use.used_after)
    const wanted = value === 'none' ? 'none' : String(asNumber(value))
    if (rest !== wanted) found.push({ what: `left.${pool}`, expected: String(value), got: sayLeft(rest, use?.unit) })
  }
  return found
}

const sayLeft = (rest: string, unit: 'times' | undefined): string =>
  unit === 'times' || !/^-?\d+$/.test(rest) ? rest : formatYuan(Number(rest))
