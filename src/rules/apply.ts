import type { Day } from '../kernel/day.ts'
import type { Fen } from '../kernel/money.ts'
import type { Claim, CounterDelta, LimitUse, ReadCounter, Reason, Ruling, TraceStep } from './claim.ts'
import type { Category, CompiledVersion } from './compile.ts'
import { fits } from './conditions.ts'
import { dayBy } from './in-force.ts'
import { type Findings, judge } from './judge.ts'
import { reason, reasonText } from './reasons.ts'
import { add, amountOf, owedBy, type Scene, type Tally } from './scene.ts'
import { misfitsOfKind } from './stages/applies.ts'
import { ownPayKey } from './stages/target.ts'

interface Held {
  readonly category: Category
  readonly from: Day
}

const heldBy = (version: CompiledVersion, claim: Claim): readonly Held[] => {
  const held: Held[] = []
  for (const category of version.categories) {
    for (const one of claim.categories) {
      if (one.key === category.key) {
        held.push({ category, from: one.from })
        break
      }
    }
  }
  return held
}

const sceneOf = (
  version: CompiledVersion,
  claim: Claim,
  year: number,
  read: ReadCounter,
  held: Held | undefined,
): Scene => ({
  claim,
  scheme: version.scheme,
  day: dayBy(version.year_by, claim),
  year,
  category: held?.category.key ?? '',
  since: held?.from ?? '',
  tally: { read, added: [], spent: null },
  past: [],
  owes: owedBy(claim),
  granted: 0,
  base: 0,
})

const startFindings = (): Findings => ({
  trace: [],
  reasons: [],
  benefits: [],
  pools: [],
  covered: false,
})

const zero = (
  reasons: readonly Reason[],
  trace: readonly TraceStep[],
  category: string | null,
  counters: readonly CounterDelta[],
): Ruling => ({
  category,
  assistance: 0,
  benefits: [],
  reasons,
  limits: [],
  counters,
  trace,
})

/**
 * Judges one claim by one version. `year` is the year it counts against, `read` gives the running totals before it.
 * The assistance is never negative and never more than the patient still owes; a zero carries every reason.
 */
export function applyRules(version: CompiledVersion, claim: Claim, year: number, read: ReadCounter): Ruling {
  const held = heldBy(version, claim)
  const first = held[0]
  const scene = sceneOf(version, claim, year, read, first)
  const excluded = exclude(version, scene, first)
  if (excluded !== null) return excluded
  if (first === undefined) {
    sumUp(version, scene)
    const said = reason('no_category', version.choose.law)
    const trace = [
      {
        benefit: null,
        stage: 'category',
        label: '救助对象类别',
        formula: said.text,
        amount: null,
        law: version.choose.law,
      },
    ]
    return zero([said], trace, null, scene.tally.added)
  }
  if (version.choose.by === 'rank' || held.length === 1) return rule(version, scene, first, held)
  let best: Ruling | undefined
  for (const one of held) {
    const ruling = rule(version, sceneOf(version, claim, year, read, one), one, held)
    if (best === undefined || ruling.assistance > best.assistance) best = ruling
  }
  return best as Ruling
}

/** A bill under one category, before any benefit was judged; for looking at a document's conditions one by one. */
export const sceneFor = (
  version: CompiledVersion,
  claim: Claim,
  year: number,
  read: ReadCounter,
  category: string,
): Scene =>
  sceneOf(
    version,
    claim,
    year,
    read,
    heldBy(version, claim).find((one) => one.category.key === category),
  )

function exclude(version: CompiledVersion, scene: Scene, held: Held | undefined): Ruling | null {
  if (version.exclusions.length === 0) return null
  const reasons: Reason[] = []
  const trace: TraceStep[] = []
  for (const one of version.exclusions) {
    if (!fits(one.tests, scene)) continue
    reasons.push(reason(one.reason, one.law))
    trace.push({
      benefit: null,
      stage: 'exclusions',
      label: one.label,
      formula: reasonText(one.reason),
      amount: 0,
      law: one.law,
    })
  }
  if (reasons.length === 0) return null
  if (held === undefined) reasons.push(reason('no_category', version.choose.law))
  return zero(reasons, trace, held?.category.key ?? null, [])
}

/** Books what later bills of the year ask for, whether or not this one was assisted. */
function sumUp(version: CompiledVersion, scene: Scene): void {
  for (const sum of version.sums) add(scene.tally, sum.owner, sum.key + scene.year, amountOf(scene, sum.word))
  for (const word of version.ownPays) {
    const own: Fen = Math.max(0, amountOf(scene, word) - scene.granted)
    add(scene.tally, 'person', ownPayKey(version.scheme, word) + scene.year, own)
  }
}

function sayCategory(version: CompiledVersion, claim: Claim, chosen: Held, held: readonly Held[]): string {
  if (claim.categories.length === 1) return chosen.category.label
  const others = held.filter((one) => one !== chosen).map((one) => one.category.label)
  for (const { key } of claim.categories)
    if (!version.categories.some((one) => one.key === key)) others.push(`${key}（本办法未列）`)
  if (others.length === 0) return chosen.category.label
  return `${chosen.category.label}（${version.choose.by === 'best' ? '取救助最高者' : '取次序在前者'}；未用：${others.join('、')}）`
}

function rule(version: CompiledVersion, scene: Scene, held: Held, all: readonly Held[]): Ruling {
  const findings = startFindings()
  findings.trace.push({
    benefit: null,
    stage: 'category',
    label: '救助对象类别',
    formula: sayCategory(version, scene.claim, held, all),
    amount: null,
    law: held.category.law,
  })
  for (const benefit of version.benefits) judge(benefit, scene, findings)
  sumUp(version, scene)
  const assisted = scene.granted > 0
  return {
    category: held.category.key,
    assistance: scene.granted,
    benefits: findings.benefits,
    reasons: assisted ? findings.reasons.filter((one) => CUTS.has(one.code)) : allReasons(version, scene, findings),
    limits: limitUses(findings, scene.tally),
    counters: scene.tally.added,
    trace: findings.trace,
  }
}

/** The only reasons told when something is paid: why it is not more. */
const CUTS: ReadonlySet<string> = new Set(['limit_cut', 'limit_used_up', 'times_used_up', 'owed_cut'])

function allReasons(version: CompiledVersion, scene: Scene, findings: Findings): readonly Reason[] {
  if (findings.covered) return findings.reasons
  const purpose = version.none.find(
    (one) => one.category.includes(scene.category) && one.careType.includes(scene.claim.care_type),
  )
  if (purpose !== undefined) {
    findings.trace.push({
      benefit: null,
      stage: 'none',
      label: purpose.label,
      formula: '不予救助',
      amount: 0,
      law: purpose.law,
    })
    return [reason('care_type_not_covered', purpose.law)]
  }
  const reasons: Reason[] = []
  for (const { applies } of version.benefits) {
    for (const code of misfitsOfKind(applies, scene)) {
      if (!reasons.some((one) => one.code === code && one.law === applies.law)) reasons.push(reason(code, applies.law))
    }
  }
  return reasons
}

function limitUses({ pools }: Findings, tally: Tally): readonly LimitUse[] {
  if (pools.length === 0) return NO_LIMITS
  return pools.map(({ pool, key, period, limit, used }) => {
    let after = used + (tally.spent?.get(key) ?? 0)
    for (const entry of tally.added) if (entry.key === key && entry.owner === pool.owner) after += entry.delta
    const use = { pool: pool.key, period, limit, used_before: used, used_after: after }
    return pool.counts ? { ...use, unit: 'times' } : use
  })
}

const NO_LIMITS: readonly LimitUse[] = []
