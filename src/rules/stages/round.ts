import { type Exact, exact, type Fen, type RoundMode, type RoundUnit, round } from '../../kernel/money.ts'
import type { RoundDocument } from '../schema.ts'

export interface Rounding {
  readonly law: string
  readonly to: RoundUnit
  readonly mode: RoundMode
  readonly patient: { readonly to: RoundUnit; readonly mode: RoundMode } | null
  readonly said: string
  /** Written in the document; the habit of half up to the fen otherwise. */
  readonly written: boolean
}

const UNIT_WORDS = { fen: '分', jiao: '角', yuan: '元' } as const
const MODE_WORDS = { half_up: '四舍五入', half_even: '四舍六入五成双', down: '去尾' } as const

export const sayRounding = (to: RoundUnit, mode: RoundMode): string => `${MODE_WORDS[mode]}到${UNIT_WORDS[to]}`

export function compileRound(document: RoundDocument | undefined): Rounding {
  const to = document?.to ?? 'fen'
  const mode = document?.mode ?? 'half_up'
  const patient = document?.patient ?? null
  const said = patient ? `个人付的${sayRounding(patient.to, patient.mode)}` : sayRounding(to, mode)
  return { law: document?.law ?? '未规定', to, mode, patient, said, written: document !== undefined }
}

const STEPS = { fen: 1, jiao: 10, yuan: 100 } as const

/** The assistance in whole fen. `owes` is what the patient owes before it, for a document that rounds the patient's amount. */
export function roundOff(rounding: Rounding, amount: Exact, owes: Fen): Fen {
  if (rounding.patient === null) return round(amount, rounding.mode, rounding.to)
  const left = exact(owes).minus(amount)
  return owes - round(left, rounding.patient.mode, rounding.patient.to)
}

/** The most that may be paid when `room` fen are left: still rounded as the document says, never above the room. */
export function roundDownTo(rounding: Rounding, room: Fen, owes: Fen): Fen {
  const unit = rounding.patient?.to ?? rounding.to
  if (unit === 'fen') return room
  const rounded = roundOff(rounding, exact(room), owes)
  return Math.max(0, rounded > room ? rounded - STEPS[unit] : rounded)
}
