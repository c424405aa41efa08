import type { Exact, Fen } from '../../kernel/money.ts'
import { exact } from '../../kernel/money.ts'
import { compileConditions, type Env, fits, type Test } from '../conditions.ts'
import { type Scene, soFar } from '../scene.ts'
import type { AccumulateDocument } from '../schema.ts'

export interface Accumulate {
  readonly law: string
  readonly label: string
  readonly onlyFor: readonly Test[]
  /** Counter key of the bases of this year, without the year. */
  readonly key: string
  /** Counter key of what was paid this year, without the year; null takes off what earlier bills were worth. */
  readonly paidKey: string | null
}

export const compileAccumulate = (document: AccumulateDocument, env: Env): Accumulate => ({
  law: document.law,
  label: document.label ?? '全年累计',
  onlyFor: compileConditions(document.only_for ?? {}, env),
  key: `${env.scheme}/base.${document.shared_as ?? env.benefit}/`,
  paidKey: document.less === 'paid' ? `${env.scheme}/paid.${document.shared_as ?? env.benefit}/` : null,
})

/** Whether this bill counts towards the year. */
export const counts = (stage: Accumulate, scene: Scene): boolean => fits(stage.onlyFor, scene)

/** The bases of earlier bills of the year, in fen; null when this bill is counted by itself. */
export const baseSoFar = (stage: Accumulate, scene: Scene): Fen | null =>
  counts(stage, scene) ? Math.max(0, soFar(scene.tally, 'person', stage.key + scene.year)) : null

/** What was paid for earlier bills of the year, in fen. */
export const paidSoFar = (paidKey: string, scene: Scene): Fen =>
  Math.max(0, soFar(scene.tally, 'person', paidKey + scene.year))

/** What the year owes now less what it owed before; a scale that falls takes nothing back. */
export const difference = (now: Exact, then: Exact): Exact => {
  const more = now.minus(then)
  return more.isNegative() ? exact(0) : more
}
