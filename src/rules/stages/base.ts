import { type Exact, exact, type Fen, formatYuan, type RoundMode, round } from '../../kernel/money.ts'
import {
  compileConditions,
  compileMoney,
  compileRows,
  type Env,
  fits,
  listOf,
  pick,
  type Row,
  type Test,
} from '../conditions.ts'
import { amountOf, leftBy, type Scene } from '../scene.ts'
import type { BaseDocument } from '../schema.ts'
import type { AmountWord } from '../words.ts'

interface Offset {
  readonly word: AmountWord
  readonly times: Exact | null
  readonly tests: readonly Test[]
}

export interface Base {
  readonly law: string
  readonly label: string
  readonly of: readonly AmountWord[]
  readonly benefits: readonly string[] | null
  readonly withoutCapped: boolean
  readonly less: readonly Offset[]
  readonly times: readonly Row<Exact>[]
  readonly atMost: Fen | null
  /** A base is an amount of the statement: a factor or share is rounded to the fen in the benefit's own mode. */
  readonly mode: RoundMode
}

/** An amount, its formula, for the trace. */
export interface Worked {
  readonly amount: Fen
  readonly formula: string
}

export function compileBase(document: BaseDocument, mode: RoundMode, env: Env): Base {
  const { times } = document
  return {
    law: document.law,
    label: document.label ?? '救助基数',
    of: listOf(document.of),
    benefits: document.benefits ?? null,
    withoutCapped: document.without_capped_part ?? false,
    less: (document.less ?? []).map((one) =>
      typeof one === 'string'
        ? { word: one, times: null, tests: [] }
        : {
            word: one.amount,
            times: one.times === undefined ? null : exact(one.times),
            tests: compileConditions(one, env),
          },
    ),
    times:
      times === undefined
        ? []
        : typeof times === 'string'
          ? [{ tests: [], value: exact(times) }]
          : compileRows(times, env, (row) => exact(row.value)),
    atMost: document.at_most === undefined ? null : compileMoney(document.at_most, env),
    mode,
  }
}

const fenOf = (stage: Base, scene: Scene, word: AmountWord): Fen =>
  word === 'left_by_benefits' ? leftBy(scene, stage.benefits, stage.withoutCapped) : amountOf(scene, word)

/** What the benefit counts from, in fen; offsets are taken in order and never take it below zero. */
export function takeBase(stage: Base, scene: Scene): Worked {
  let amount = 0
  let formula = ''
  for (const word of stage.of) {
    const value = fenOf(stage, scene, word)
    amount += value
    formula = formula === '' ? formatYuan(value) : `${formula} + ${formatYuan(value)}`
  }
  for (const { word, times, tests } of stage.less) {
    if (!fits(tests, scene)) continue
    const whole = fenOf(stage, scene, word)
    const value = times === null ? whole : round(times.times(whole), stage.mode)
    if (value === 0) continue
    amount = Math.max(0, amount - value)
    formula = `${formula} − ${formatYuan(value)}`
  }
  const factor = stage.times.length === 0 ? undefined : pick(stage.times, scene)
  if (factor !== undefined) {
    formula = formula.includes(' ') ? `(${formula}) × ${factor}` : `${formula} × ${factor}`
    amount = round(factor.times(amount), stage.mode)
  }
  if (stage.atMost !== null && amount > stage.atMost) {
    formula = `${formula}，最多按 ${formatYuan(stage.atMost)}`
    amount = stage.atMost
  }
  return { amount, formula }
}
