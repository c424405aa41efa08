import { type Exact, exact, type Fen, formatYuan, round } from '../kernel/money.ts'
import type { Benefit, Reason, TraceStep } from './claim.ts'
import type { CompiledBenefit } from './compile.ts'
import { pick } from './conditions.ts'
import { type ReasonCode, reason } from './reasons.ts'
import { add, amountOf, formatExact, type Scene } from './scene.ts'
import { baseSoFar, counts, difference, paidSoFar } from './stages/accumulate.ts'
import { type Adjustment, adjust, adjustmentsFor, pointsOf } from './stages/adjust.ts'
import { covers, misfits } from './stages/applies.ts'
import { takeBase } from './stages/base.ts'
import { findDeductible } from './stages/deductible.ts'
import { passGate } from './stages/gate.ts'
import { draw, type Found, findPools, sayPool } from './stages/limits.ts'
import { quotaOf, yieldOf } from './stages/ratio.ts'
import { roundDownTo, roundOff } from './stages/round.ts'
import { aim } from './stages/target.ts'

/** Written into the trace when a result had to be cut back to its base; `check` refuses documents that need it. */
export const OVER_BASE = '不超过基数'

/** What judging the benefits of a bill gathers. */
export interface Findings {
  readonly trace: TraceStep[]
  readonly reasons: Reason[]
  readonly benefits: Benefit[]
  /** Every pool that was looked at, as the bill found it. */
  readonly pools: Found[]
  /** Some benefit is for this category and this care. */
  covered: boolean
}

const step = (
  findings: Findings,
  benefit: CompiledBenefit,
  stage: string,
  said: { readonly law: string; readonly label: string },
  formula: string,
  amount: Fen | null,
): void => {
  findings.trace.push({ benefit: benefit.key, stage, label: said.label, formula, amount, law: said.law })
}

const say = (findings: Findings, code: ReasonCode, law: string): void => {
  if (!findings.reasons.some((one) => one.code === code && one.law === law)) findings.reasons.push(reason(code, law))
}

/** Judges one benefit on the bill and books what later bills need; the scene moves on by what was granted. */
export function judge(benefit: CompiledBenefit, scene: Scene, findings: Findings): void {
  if (!covers(benefit.applies, scene)) return
  findings.covered = true
  const codes = misfits(benefit.applies, scene)
  for (const code of codes) say(findings, code, benefit.applies.law)
  if (codes.length > 0) return
  const base = takeBase(benefit.base, scene)
  scene.base = base.amount
  step(findings, benefit, 'base', benefit.base, base.formula, base.amount)
  const quota = benefit.ratio === null ? null : quotaOf(benefit.ratio, scene)
  const pools = opened(benefit, scene, findings)
  const raw = pools === null || base.amount === 0 ? null : worked(benefit, scene, findings)
  const { accumulate } = benefit
  if (accumulate !== null && counts(accumulate, scene)) {
    add(scene.tally, 'person', accumulate.key + scene.year, base.amount)
  }
  for (const sum of benefit.baseSums) add(scene.tally, sum.owner, sum.key + scene.year, base.amount)
  const wanted = raw === null ? 0 : shown(benefit, raw)
  const amount = settle(benefit, scene, findings, raw, wanted, pools ?? NO_POOLS)
  const limitReached = pools?.some((one) => one.room <= amount) ?? false
  scene.past.push({ benefit: benefit.key, base: base.amount, amount, cut: Math.max(0, wanted - amount), limitReached })
  scene.granted += amount
  if (quota !== null) {
    const others = quota.counting.reduce((sum, word) => sum + amountOf(scene, word), 0)
    add(scene.tally, 'person', quota.key + scene.year, amount + others)
  }
  if (accumulate?.paidKey) add(scene.tally, 'person', accumulate.paidKey + scene.year, amount)
  if (amount > 0) findings.benefits.push({ benefit: benefit.key, tier: benefit.tier, base: base.amount, amount })
}

const NO_POOLS: readonly Found[] = []

/** Base and gate: the pools the benefit will draw on, or null when it does not open. */
function opened(benefit: CompiledBenefit, scene: Scene, findings: Findings): readonly Found[] | null {
  if (benefit.gate !== null) {
    const gate = passGate(benefit.gate, scene)
    if (gate !== null) step(findings, benefit, 'gate', benefit.gate, gate.formula, null)
    if (gate !== null && !gate.open) {
      if (scene.base === 0) say(findings, 'base_zero', benefit.base.law)
      say(findings, 'gate_not_reached', benefit.gate.law)
      return null
    }
  }
  if (scene.base === 0) say(findings, 'base_zero', benefit.base.law)
  const pools = benefit.limits === null ? NO_POOLS : findPools(benefit.limits, scene)
  for (const one of pools) {
    if (one.silent) say(findings, 'not_in_rows', one.pool.law)
    if (!findings.pools.some((other) => other.key === one.key)) findings.pools.push(one)
  }
  return pools
}

/** Deductible, ratio, adjustments and target: what the document gives before limits, in fen with a fraction. */
function worked(benefit: CompiledBenefit, scene: Scene, findings: Findings): Exact {
  const chosen = benefit.adjust.length === 0 ? NO_ADJUSTMENTS : adjustmentsFor(benefit.adjust, scene)
  let amount = scaled(benefit, scene, findings, chosen)
  if (chosen.length > 0) {
    const adjusted = adjust(chosen, amount, scene.base)
    for (const one of adjusted.steps) step(findings, benefit, 'adjust', one, one.formula, shown(benefit, one.amount))
    if (adjusted.reason !== null) say(findings, adjusted.reason.code, adjusted.reason.law)
    amount = adjusted.amount
  }
  if (chosen.length > 0 && amount.greaterThan(scene.base)) {
    amount = exact(scene.base)
    step(findings, benefit, 'adjust', { law: benefit.base.law, label: OVER_BASE }, formatYuan(scene.base), scene.base)
  }
  if (benefit.target === null) return amount
  const aimed = aim(benefit.target, amount, scene)
  if (aimed === null) return amount
  step(findings, benefit, 'target', benefit.target, aimed.formula, shown(benefit, aimed.amount))
  return aimed.amount
}

const NO_ADJUSTMENTS: readonly Adjustment[] = []

/** An unrounded amount as the trace shows it, in whole fen; what is paid is rounded once, at the end. */
const shown = (benefit: CompiledBenefit, amount: Exact): Fen => round(amount, benefit.round.mode)

/** Deductible and ratio, by themselves or as the difference the bill makes to the year. */
function scaled(benefit: CompiledBenefit, scene: Scene, findings: Findings, chosen: readonly Adjustment[]): Exact {
  const earlier = benefit.accumulate === null ? null : baseSoFar(benefit.accumulate, scene)
  const deducted = deduct(benefit, scene, findings, earlier)
  if (deducted === null) return exact(0)
  const { ratio } = benefit
  if (ratio === null) {
    const now = exact(Math.max(0, (earlier ?? 0) + scene.base - deducted))
    return earlier === null ? now : moreThan(benefit, scene, findings, now, exact(Math.max(0, earlier - deducted)))
  }
  const row = pick(ratio.rows, scene)
  if (row === undefined) {
    say(findings, 'not_in_rows', ratio.law)
    return exact(0)
  }
  const points = chosen.length === 0 ? null : pointsOf(chosen)
  const now = yieldOf(row, (earlier ?? 0) + scene.base, deducted, points, scene)
  if (earlier === null) {
    tellRatio(benefit, scene, findings, now.formula, now.amount, deducted)
    return now.amount
  }
  step(findings, benefit, 'ratio', ratio, now.formula, shown(benefit, now.amount))
  const then = yieldOf(row, earlier, deducted, points, scene)
  const more = moreThan(benefit, scene, findings, now.amount, then.amount)
  if (now.amount.isZero() && earlier + scene.base > deducted) say(findings, 'ratio_zero', ratio.law)
  return more
}

/** What the year owes now less what it owed before this bill, or less what was paid, as the document says. */
function moreThan(benefit: CompiledBenefit, scene: Scene, findings: Findings, now: Exact, computed: Exact): Exact {
  const { accumulate } = benefit
  if (accumulate === null) return now
  const paid = accumulate.paidKey === null ? null : paidSoFar(accumulate.paidKey, scene)
  const then = paid === null ? computed : exact(paid)
  const more = difference(now, then)
  const formula = `${formatExact(now)} − ${formatExact(then)}（${paid === null ? '到上次为止应得' : '本年已付'}）`
  step(findings, benefit, 'accumulate', accumulate, formula, shown(benefit, more))
  if (more.isZero() && !now.isZero()) say(findings, 'accumulated_no_more', accumulate.law)
  return more
}

function tellRatio(
  benefit: CompiledBenefit,
  scene: Scene,
  findings: Findings,
  formula: string,
  amount: Exact,
  deducted: Fen,
): void {
  const { ratio } = benefit
  if (ratio === null) return
  const whole = amount.isInteger()
  step(
    findings,
    benefit,
    'ratio',
    ratio,
    whole ? formula : `${formula} = ${formatExact(amount)}`,
    shown(benefit, amount),
  )
  if (amount.isZero() && scene.base > deducted) say(findings, 'ratio_zero', ratio.law)
}

/** Books and tells the deductible; the fen not paid, or null when no row of the document says how much. */
function deduct(benefit: CompiledBenefit, scene: Scene, findings: Findings, earlier: Fen | null): Fen | null {
  const stage = benefit.deductible
  if (stage === null) return 0
  const found = findDeductible(stage, scene)
  if (found === null) return 0
  if (found === undefined) {
    say(findings, 'not_in_rows', stage.law)
    return null
  }
  if (found.full === 0) return 0
  const deducted = earlier === null ? found.left : found.full
  const total = (earlier ?? 0) + scene.base
  if (earlier === null && stage.key !== null) {
    add(scene.tally, 'person', stage.key + scene.year, Math.min(scene.base, deducted))
  }
  const used =
    found.full === found.left || earlier !== null
      ? ''
      : `（全年 ${formatYuan(found.full)}，已扣 ${formatYuan(found.full - found.left)}）`
  step(
    findings,
    benefit,
    'deductible',
    stage,
    `${formatYuan(total)} − ${formatYuan(deducted)}${used}`,
    Math.max(0, total - deducted),
  )
  if (scene.base > 0 && total <= deducted) say(findings, 'below_deductible', stage.law)
  return deducted
}

/** Limits, rounding and the guard of what is owed: the amount paid, booked into its pools. */
function settle(
  benefit: CompiledBenefit,
  scene: Scene,
  findings: Findings,
  raw: Exact | null,
  wanted: Fen,
  pools: readonly Found[],
): Fen {
  if (raw === null || wanted === 0) {
    for (const one of pools)
      if (one.room === 0) say(findings, one.pool.counts ? 'times_used_up' : 'limit_used_up', one.pool.law)
    if (raw !== null && !raw.isZero()) say(findings, 'rounded_to_zero', benefit.round.law)
    return 0
  }
  const owes = scene.owes - scene.granted
  const { round } = benefit
  let amount = round.to === 'fen' && round.patient === null ? wanted : Math.max(0, roundOff(round, raw, owes))
  if (amount === 0) say(findings, 'rounded_to_zero', round.law)
  const rounded = amount
  for (const one of pools) {
    if (amount > one.room || (amount === one.room && raw.greaterThan(one.room))) {
      say(findings, one.room > 0 ? 'limit_cut' : one.pool.counts ? 'times_used_up' : 'limit_used_up', one.pool.law)
      amount = roundDownTo(round, one.room, owes)
    }
    step(findings, benefit, 'limits', one.pool, sayPool(one), amount)
  }
  if (round.written || !raw.isInteger()) {
    step(
      findings,
      benefit,
      'round',
      { law: round.law, label: round.said },
      `${formatExact(raw)} → ${formatYuan(rounded)}`,
      amount,
    )
  }
  if (amount > owes) {
    amount = owes
    say(findings, owes === 0 ? 'nothing_owed' : 'owed_cut', benefit.base.law)
    step(findings, benefit, 'guard', { law: benefit.base.law, label: '不超过个人应付' }, formatYuan(owes), amount)
  }
  if (amount === 0) return 0
  for (const one of pools) draw(scene.tally, one, one.pool.counts ? 1 : amount)
  if (benefit.countKey !== null) add(scene.tally, 'person', benefit.countKey + scene.year, 1)
  return amount
}
