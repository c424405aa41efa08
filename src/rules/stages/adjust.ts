import { type Exact, exact, type Fen, formatYuan } from '../../kernel/money.ts'
import { compileConditions, compileMoney, type Env, fits, type Test } from '../conditions.ts'
import type { ReasonCode } from '../reasons.ts'
import { formatExact, type Scene } from '../scene.ts'
import type { AdjustmentDocument } from '../schema.ts'

export interface Adjustment {
  readonly law: string
  readonly label: string
  readonly tests: readonly Test[]
  readonly points: Exact | null
  readonly times: Exact | null
  readonly nothingBelow: Fen | null
  readonly atLeast: Fen | null
}

export interface Adjusted {
  readonly amount: Exact
  readonly steps: readonly { law: string; label: string; formula: string; amount: Exact }[]
  /** Why it became zero, if it did. */
  readonly reason: { code: ReasonCode; law: string } | null
}

export const compileAdjust = (documents: readonly AdjustmentDocument[], env: Env): readonly Adjustment[] =>
  documents.map((one) => ({
    law: one.law,
    label: one.label ?? '调整',
    tests: compileConditions(one, env),
    points:
      one.points_more !== undefined
        ? exact(one.points_more)
        : one.points_less !== undefined
          ? exact(one.points_less).negated()
          : null,
    times: one.times === undefined ? null : exact(one.times),
    nothingBelow: one.nothing_below === undefined ? null : compileMoney(one.nothing_below, env),
    atLeast: one.at_least === undefined ? null : compileMoney(one.at_least, env),
  }))

/** The adjustments that are for this bill. */
export const adjustmentsFor = (stage: readonly Adjustment[], scene: Scene): readonly Adjustment[] =>
  stage.filter((one) => fits(one.tests, scene))

/** The points by which ratios move, all together; null when they do not. */
export function pointsOf(chosen: readonly Adjustment[]): Exact | null {
  let points: Exact | null = null
  for (const one of chosen) if (one.points !== null) points = points === null ? one.points : points.plus(one.points)
  return points
}

/** Factors and minimum amounts, in order; a zero stays a zero and a rise never goes beyond `most`. */
export function adjust(chosen: readonly Adjustment[], start: Exact, most: Fen): Adjusted {
  let amount = start
  let reason: Adjusted['reason'] = null
  const steps: { law: string; label: string; formula: string; amount: Exact }[] = []
  for (const one of chosen) {
    if (amount.isZero()) break
    const was = formatExact(amount)
    let formula = ''
    if (one.times !== null) {
      amount = amount.times(one.times)
      formula = `${was} × ${one.times}`
      if (amount.isZero()) reason = { code: 'adjusted_to_zero', law: one.law }
    } else if (one.nothingBelow !== null && amount.lessThan(one.nothingBelow)) {
      amount = exact(0)
      formula = `${was} 不足 ${formatYuan(one.nothingBelow)}，不予支付`
      reason = { code: 'below_minimum', law: one.law }
    } else if (one.atLeast !== null && amount.lessThan(one.atLeast)) {
      amount = exact(Math.min(one.atLeast, most))
      formula = `${was} 不足 ${formatYuan(one.atLeast)}，按 ${formatExact(amount)} 支付`
    }
    if (formula !== '') steps.push({ law: one.law, label: one.label, formula, amount })
  }
  return { amount, steps, reason }
}
