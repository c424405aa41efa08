import { compileConditions, type Env, type Test } from '../conditions.ts'
import type { ReasonCode } from '../reasons.ts'
import type { Scene } from '../scene.ts'
import type { BenefitDocument } from '../schema.ts'

export interface Applies {
  readonly law: string
  readonly tests: readonly Test[]
}

export const compileApplies = (document: BenefitDocument['applies'], env: Env): Applies => ({
  law: document.law,
  tests: compileConditions(document, env),
})

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
