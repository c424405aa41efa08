import { sha256 } from '../kernel/canonical.ts'
import type { Day } from '../kernel/day.ts'
import { type Fen, parseYuan } from '../kernel/money.ts'
import type { CareType } from './claim.ts'
import {
  compileConditions,
  countKey,
  type DiseaseTest,
  type Env,
  listOf,
  type Test,
  type YearSum,
} from './conditions.ts'
import { parseVersion } from './parse.ts'
import type { ReasonCode } from './reasons.ts'
import type { BenefitDocument, RepealDocument, VersionDocument } from './schema.ts'
import { type Accumulate, compileAccumulate } from './stages/accumulate.ts'
import { type Adjustment, compileAdjust } from './stages/adjust.ts'
import { type Applies, compileApplies } from './stages/applies.ts'
import { type Base, compileBase } from './stages/base.ts'
import { compileDeductible, type Deductible } from './stages/deductible.ts'
import { compileGate, type Gate } from './stages/gate.ts'
import { compileLimits, compilePool, type Limits, type Pool } from './stages/limits.ts'
import { compileRatio, type Ratio } from './stages/ratio.ts'
import { compileRound, type Rounding } from './stages/round.ts'
import { compileTarget, type Target } from './stages/target.ts'
import type { AmountWord } from './words.ts'

export type DatedBy = VersionDocument['dated_by']

export interface CompiledBenefit {
  readonly key: string
  readonly label: string
  readonly tier: number
  readonly applies: Applies
  readonly base: Base
  readonly gate: Gate | null
  readonly deductible: Deductible | null
  readonly ratio: Ratio | null
  readonly adjust: readonly Adjustment[]
  readonly target: Target | null
  readonly limits: Limits | null
  readonly accumulate: Accumulate | null
  readonly round: Rounding
  /** Counter key of its uses, without the year; null when no rule asks. */
  readonly countKey: string | null
  /** Counter keys of yearly sums of its base. */
  readonly baseSums: readonly YearSum[]
}

export interface Category {
  readonly key: string
  readonly label: string
  readonly rank: number
  readonly law: string
}

export interface Exclusion {
  readonly law: string
  readonly label: string
  readonly reason: ReasonCode
  readonly tests: readonly Test[]
}

export interface NoneOnPurpose {
  readonly law: string
  readonly label: string
  readonly category: readonly string[]
  readonly careType: readonly CareType[]
}

/** One legal document, ready to be applied: every amount in fen, every ratio a Decimal, every reference resolved. */
export interface CompiledVersion {
  readonly scheme: string
  readonly title: string
  /** The day from which it is in force. */
  readonly version: Day
  /** "sha256:" and the hash of the file's text. */
  readonly hash: string
  readonly text: string
  readonly illustrative: boolean
  /** From `version` on there is no rule any more. */
  readonly repealed: boolean
  readonly jurisdiction: readonly string[]
  readonly dated_by: DatedBy
  readonly year_by: DatedBy
  /** In the order of their rank. */
  readonly categories: readonly Category[]
  readonly choose: { readonly by: 'rank' | 'best'; readonly law: string }
  readonly pools: readonly Pool[]
  readonly benefits: readonly CompiledBenefit[]
  readonly none: readonly NoneOnPurpose[]
  readonly exclusions: readonly Exclusion[]
  /** Yearly sums of amounts of the bill that some rule asks for. */
  readonly sums: readonly YearSum[]
  /** What of the patient's own pay is summed over the year. */
  readonly ownPays: readonly AmountWord[]
  /** By how much assistance may fall when a bill grows, in fen. */
  readonly cliff: Fen
  readonly document: VersionDocument | RepealDocument
}

type DiseaseDocument = VersionDocument['diseases'][string]

/** "N18" fits N18 and N18.5; "C00-C97" fits every code whose first three signs lie between. */
function codeTest(pattern: string): (code: string) => boolean {
  const [low, high] = pattern.split('-')
  if (low === undefined || high === undefined) return (code) => code.startsWith(pattern)
  return (code) => code.slice(0, 3) >= low && code.slice(0, 3) <= high
}

function compileDisease(document: DiseaseDocument): DiseaseTest {
  const tests = (document.diagnoses ?? []).map(codeTest)
  const codes = document.disease_codes ?? []
  return ({ claim }) => {
    if (claim.disease_code !== null && codes.includes(claim.disease_code)) return true
    const diagnoses = document.principal_only ? claim.diagnoses.slice(0, 1) : claim.diagnoses
    return diagnoses.some((code) => tests.some((test) => test(code)))
  }
}

function compileBenefit(
  document: BenefitDocument,
  env: Env,
  pools: ReadonlyMap<string, Pool>,
  ownPays: Set<AmountWord>,
): Omit<CompiledBenefit, 'countKey' | 'baseSums'> {
  const round = compileRound(document.round)
  return {
    key: document.key,
    label: document.label,
    tier: document.tier,
    applies: compileApplies(document.applies, env),
    base: compileBase(document.base, round.mode, env),
    gate: document.gate ? compileGate(document.gate, env) : null,
    deductible: document.deductible ? compileDeductible(document.deductible, env) : null,
    ratio: document.ratio ? compileRatio(document.ratio, env) : null,
    adjust: compileAdjust(document.adjust ?? [], env),
    target: document.target ? compileTarget(document.target, env, ownPays) : null,
    limits: document.limits ? compileLimits(document.limits, pools, env) : null,
    accumulate: document.accumulate ? compileAccumulate(document.accumulate, env) : null,
    round,
  }
}

const head = (document: VersionDocument | RepealDocument, text: string) => ({
  scheme: document.scheme,
  title: document.title,
  version: document.start,
  hash: `sha256:${sha256(text)}`,
  text,
  illustrative: document.illustrative ?? false,
  jurisdiction: document.jurisdiction,
  document,
})

/** A notice of repeal: nothing but the day. */
export const compileRepeal = (document: RepealDocument, text: string): CompiledVersion => ({
  ...head(document, text),
  repealed: true,
  dated_by: 'discharge_date',
  year_by: 'discharge_date',
  categories: [],
  choose: { by: 'rank', law: '' },
  pools: [],
  benefits: [],
  none: [],
  exclusions: [],
  sums: [],
  ownPays: [],
  cliff: 0,
})

/** Makes a checked document ready; a name that is not defined is a bug here, for parsing refuses it. */
export function compileVersion(document: VersionDocument, text: string): CompiledVersion {
  const parameters = Object.fromEntries(
    Object.entries(document.parameters).map(([key, { value }]) => [key, parseYuan(value)]),
  )
  const diseases = Object.fromEntries(Object.entries(document.diseases).map(([key, one]) => [key, compileDisease(one)]))
  const sums = new Map<string, YearSum>()
  const counted = new Set<string>()
  const ownPays = new Set<AmountWord>()
  const envFor = (benefit: string): Env => ({ scheme: document.scheme, benefit, parameters, diseases, sums, counted })
  const pools = new Map(Object.entries(document.pools).map(([key, pool]) => [key, compilePool(key, pool, envFor(key))]))
  const benefits = document.benefits.map((one) => compileBenefit(one, envFor(one.key), pools, ownPays))
  const exclusions = document.exclusions.map((one) => ({
    law: one.law,
    label: one.label,
    reason: one.reason,
    tests: compileConditions(one, envFor('exclusions')),
  }))
  const allSums = [...sums.values()]
  return {
    ...head(document, text),
    repealed: false,
    dated_by: document.dated_by,
    year_by: document.year_by,
    categories: document.categories.toSorted((a, b) => a.rank - b.rank),
    choose: document.choose,
    pools: [...pools.values()],
    benefits: benefits.map((one) => ({
      ...one,
      countKey: counted.has(one.key) ? countKey(document.scheme, one.key) : null,
      baseSums: allSums.filter((sum) => sum.benefit === one.key),
    })),
    none: document.none.map((one) => ({
      law: one.law,
      label: one.label,
      category: listOf(one.category),
      careType: listOf(one.care_type),
    })),
    exclusions,
    sums: allSums.filter((sum) => sum.benefit === null),
    ownPays: [...ownPays],
    cliff: document.cliff ? parseYuan(document.cliff.amount) : 0,
    document,
  }
}

/** Compiles a text that was checked before it was published; faults in it are a bug of whoever stored it. */
export function compileText(text: string, file: string): CompiledVersion {
  const parsed = parseVersion(text, file)
  if ('faults' in parsed) {
    throw new Error(parsed.faults.map((one) => `${one.file}:${one.line} ${one.path} ${one.message}`).join('\n'))
  }
  return compileDocument(parsed.document, text)
}

export const compileDocument = (document: VersionDocument | RepealDocument, text: string): CompiledVersion =>
  document.repealed === true ? compileRepeal(document, text) : compileVersion(document, text)
