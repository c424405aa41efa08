import type { Fen } from '../../kernel/money.ts'
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
import { type Scene, soFar } from '../scene.ts'
import type { DeductibleDocument } from '../schema.ts'

export interface Deductible {
  readonly law: string
  readonly label: string
  readonly onlyFor: readonly Test[]
  readonly rows: readonly Row<Fen>[]
  /** Counter key of what has been deducted this year, without the year; null deducts on every bill. */
  readonly key: string | null
}

export function compileDeductible(document: DeductibleDocument, env: Env): Deductible {
  const fen = (amount: DeductibleDocument['amount']): Fen =>
    amount === undefined || amount === 'none' ? 0 : compileMoney(amount, env)
  return {
    law: document.law,
    label: document.label ?? '起付标准',
    onlyFor: compileConditions(document.only_for ?? {}, env),
    rows: document.rows
      ? compileRows(document.rows, env, (row) => fen(row.amount))
      : [{ tests: [], value: fen(document.amount) }],
    key: document.per === 'year' ? `${env.scheme}/deductible.${document.shared_as ?? env.benefit}/` : null,
  }
}

/** The deductible in fen and what is left of it for this bill; null: not for this bill; undefined: no row says. */
export function findDeductible(stage: Deductible, scene: Scene): { full: Fen; left: Fen } | null | undefined {
  if (!fits(stage.onlyFor, scene)) return null
  const full = pick(stage.rows, scene)
  if (full === undefined) return undefined
  if (stage.key === null || full === 0) return { full, left: full }
  return { full, left: Math.max(0, full - soFar(scene.tally, 'person', stage.key + scene.year)) }
}
