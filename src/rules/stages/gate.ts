import { type Fen, formatYuan } from '../../kernel/money.ts'
import { compileConditions, compileMoney, type Env, fits, noteSum, type Test, within } from '../conditions.ts'
import { amountOf, type Scene, soFar } from '../scene.ts'
import type { GateDocument } from '../schema.ts'
import type { AmountWord } from '../words.ts'

interface Door {
  readonly word: AmountWord
  readonly owner: 'person' | 'household'
  /** Counter key without the year; null looks at this bill alone. */
  readonly sum: string | null
  readonly inside: (amount: Fen) => boolean
  readonly said: string
}

export interface Gate {
  readonly law: string
  readonly label: string
  readonly onlyFor: readonly Test[]
  readonly doors: readonly Door[]
}

const SIGNS = { above: '>', from: '≥', below: '<', up_to: '≤' } as const

export const compileGate = (document: GateDocument, env: Env): Gate => ({
  law: document.law,
  label: document.label ?? '救助门槛',
  onlyFor: compileConditions(document.only_for ?? {}, env),
  doors: document.any.map((door) => {
    const owner = door.over === 'household_year' ? 'household' : 'person'
    const edges = (Object.keys(SIGNS) as (keyof typeof SIGNS)[]).flatMap((edge) =>
      door[edge] === undefined ? [] : [`${SIGNS[edge]} ${formatYuan(compileMoney(door[edge], env))}`],
    )
    return {
      word: door.amount,
      owner,
      sum: door.over === 'bill' ? null : noteSum(env, owner, door.amount),
      inside: within(door, (edge) => compileMoney(edge, env)),
      said: edges.join(' 且 '),
    }
  }),
})

/** Whether the bill passes; null when the gate is not for this bill. The first open door is the one told. */
export function passGate(gate: Gate, scene: Scene): { open: boolean; formula: string } | null {
  if (!fits(gate.onlyFor, scene)) return null
  let shut = ''
  for (const door of gate.doors) {
    const earlier = door.sum === null ? 0 : soFar(scene.tally, door.owner, door.sum + scene.year)
    const amount = amountOf(scene, door.word) + earlier
    const formula = `${door.sum === null ? '本次' : '全年'} ${formatYuan(amount)}（须 ${door.said}）`
    if (door.inside(amount)) return { open: true, formula }
    shut = shut === '' ? formula : `${shut}；${formula}`
  }
  return { open: false, formula: shut }
}
