import { type Exact, exact, type Fen, formatPercent, formatYuan } from '../../kernel/money.ts'
import {
  compileConditions,
  compileMoney,
  compileRows,
  type Env,
  fits,
  pick,
  type Row,
  type Test,
} from '../conditions.ts'
import { amountOf, formatExact, type Scene, soFar } from '../scene.ts'
import type { TargetDocument } from '../schema.ts'
import type { AmountWord } from '../words.ts'

type Ceiling =
  | { readonly kind: 'share'; readonly ratio: Exact; readonly of: AmountWord }
  | { readonly kind: 'bill'; readonly fen: Fen }
  | { readonly kind: 'year'; readonly fen: Fen; readonly key: string }

export interface Target {
  readonly law: string
  readonly label: string
  readonly onlyFor: readonly Test[]
  readonly exactly: boolean
  readonly counting: AmountWord
  readonly rows: readonly Row<Ceiling>[]
}

/** Counter key of what the patient has paid this year of an amount, without the year. */
export const ownPayKey = (scheme: string, counting: AmountWord): string => `${scheme}/own_pay.${counting}/`

export function compileTarget(document: TargetDocument, env: Env, ownPays: Set<AmountWord>): Target {
  const counting = document.counting ?? 'patient_owes'
  return {
    law: document.law,
    label: document.label ?? '个人负担上限',
    onlyFor: compileConditions(document.only_for ?? {}, env),
    exactly: document.patient_pays === 'exactly',
    counting,
    rows: compileRows(document.rows, env, (row): Ceiling => {
      if (row.share !== undefined) return { kind: 'share', ratio: exact(row.share), of: row.of ?? 'total_cost' }
      if (row.a_year === undefined) return { kind: 'bill', fen: compileMoney(row.a_bill ?? '0.00', env) }
      ownPays.add(counting)
      return { kind: 'year', fen: compileMoney(row.a_year, env), key: ownPayKey(env.scheme, counting) }
    }),
  }
}

const ceilingOf = (ceiling: Ceiling, scene: Scene): { amount: Exact; said: string } => {
  if (ceiling.kind === 'share') {
    const whole = amountOf(scene, ceiling.of)
    return { amount: ceiling.ratio.times(whole), said: `${formatYuan(whole)} × ${formatPercent(ceiling.ratio)}` }
  }
  if (ceiling.kind === 'bill') return { amount: exact(ceiling.fen), said: formatYuan(ceiling.fen) }
  const used = Math.max(0, soFar(scene.tally, 'person', ceiling.key + scene.year))
  const left = Math.max(0, ceiling.fen - used)
  return { amount: exact(left), said: `全年 ${formatYuan(ceiling.fen)}，已付 ${formatYuan(used)}` }
}

/** The assistance that leaves the patient with the ceiling, in fen; null when the stage changes nothing. */
export function aim(stage: Target, amount: Exact, scene: Scene): { amount: Exact; formula: string } | null {
  if (!fits(stage.onlyFor, scene)) return null
  const ceiling = pick(stage.rows, scene)
  if (ceiling === undefined) return null
  const burden = Math.max(0, amountOf(scene, stage.counting) - scene.granted)
  const { amount: most, said } = ceilingOf(ceiling, scene)
  const room = exact(burden).minus(most)
  const aimed = room.isNegative() ? exact(0) : room
  if (!stage.exactly && aimed.lessThanOrEqualTo(amount)) return null
  if (aimed.equals(amount)) return null
  return { amount: aimed, formula: `${formatYuan(burden)} − 个人负担 ${formatExact(most)}（${said}）` }
}
