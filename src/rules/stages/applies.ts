import { compileConditions, type Env, fits, type Test } from '../conditions.ts'
import type { ReasonCode } from '../reasons.ts'
import type { Scene } from '../scene.ts'
import type { BenefitDocument } from '../schema.ts'

export interface Applies {
  readonly law: string
  readonly tests: readonly Test[]
  /** Those of the tests that ask who the patient is and what kind of care it was. */
  readonly kind: readonly Test[]
}

const KINDS: ReadonlySet<ReasonCode> = new Set(['category_not_covered', 'care_type_not_covered'])

export function compileApplies(document: BenefitDocument['applies'], env: Env): Applies {
  const tests = compileConditions(document, env)
  return { law: document.law, tests, kind: tests.filter((test) => KINDS.has(test.reason)) }
}

/** Whether the benefit is for this category and this kind of care at all. */
export const covers = (stage: Applies, scene: Scene): boolean => fits(stage.kind, scene)

/** The reasons of kind alone: told only when no benefit covers the bill. */
export const misfitsOfKind = (stage: Applies, scene: Scene): readonly ReasonCode[] =>
  stage.kind.filter((test) => !test.fits(scene)).map((test) => test.reason)

/** Every reason why the benefit is not for this bill; empty when it is. */
export function misfits(stage: Applies, scene: Scene): readonly ReasonCode[] {
  let codes: ReasonCode[] | null = null
  for (const test of stage.tests) {
    if (test.fits(scene)) continue
    codes ??= []
    codes.push(test.reason)
  }
  return codes ?? NONE
}

const NONE: readonly ReasonCode[] = []
