import { type Call, isJson, type Json, text } from './wire.ts'

export const KINDS = [
  'refuse',
  'hang',
  'late',
  'cut',
  'cut_before',
  'twice',
  'http_500',
  'malformed',
  'bad_sums',
  'maf',
] as const
export type Kind = (typeof KINDS)[number]

/** Something that goes wrong with the next messages of a transaction. */
export interface Fault {
  /** A transaction, or `*` for each. */
  readonly on: string
  /** Only the message of this number; null: any. */
  readonly msgid: string | null
  readonly kind: Kind
  times: number
  /** Messages that pass unharmed first. */
  after: number
  /** `late`: how long. */
  readonly ms: number
  /** `late`: the work is done when the time has passed, not at once. */
  readonly before: boolean
  /** `hang`, `http_500`: whether the work is done all the same; `hang` does it unless told otherwise. */
  readonly work: boolean
  /** `refuse`: its words and code; `malformed`: the whole body. */
  readonly text: string | null
  readonly infcode: number
  /** `bad_sums`: which sum; `twice`: the body or the whole response; `refuse`: `minimal` has every field empty. */
  readonly how: string | null
}

const HOWS: Readonly<Record<string, readonly string[]>> = {
  bad_sums: ['fund', 'scope', 'cash', 'account'],
  twice: ['body', 'response'],
  refuse: ['minimal'],
}

/** A fault from what a control call asks; a text says what is wrong with it. */
export function faultOf(asked: Json): Fault | string {
  const kind = KINDS.find((k) => k === asked.kind)
  const on = text(asked.on)
  if (!kind) return `kind is one of ${KINDS.join(', ')}`
  if (!/^(\*|\d{4}[A-Z]?)$/.test(on)) return 'on is a transaction such as 2207, or *'
  const how = text(asked.how) || null
  if (how !== null && !HOWS[kind]?.includes(how)) return `how is one of ${(HOWS[kind] ?? ['nothing here']).join(', ')}`
  for (const name of ['times', 'after', 'ms', 'infcode'])
    if (asked[name] !== undefined && !Number.isInteger(asked[name])) return `${name} is a whole number`
  const whole = (name: string, otherwise: number) => (typeof asked[name] === 'number' ? asked[name] : otherwise)
  return {
    on,
    msgid: text(asked.msgid) || null,
    kind,
    times: whole('times', 1),
    after: whole('after', 0),
    ms: whole('ms', 1000),
    before: asked.before === true,
    work: asked.work === undefined ? kind === 'hang' : asked.work === true,
    text: typeof asked.text === 'string' ? asked.text : null,
    infcode: whole('infcode', -1),
    how,
  }
}

/** The fault that this message meets, if one waits for it. */
export function meet(faults: readonly Fault[], call: Call): Fault | null {
  for (const fault of faults) {
    if (fault.times <= 0 || ![call.infno, call.base, '*'].includes(fault.on)) continue
    if (fault.msgid !== null && fault.msgid !== call.msgid) continue
    if (fault.after > 0) {
      fault.after--
      continue
    }
    fault.times--
    return fault
  }
  return null
}

const ONE_YUAN = 1

/** The same output with one sum that does not add up; the books stay right. */
export function badSums(output: unknown, how: string | null): unknown {
  if (!isJson(output) || !isJson(output.setlinfo)) return output
  const s = output.setlinfo
  const plus = (name: string, more: unknown) => ({ [name]: Math.round((Number(s[name]) + Number(more)) * 100) / 100 })
  const broken =
    how === 'scope'
      ? plus('inscp_scp_amt', ONE_YUAN)
      : how === 'cash'
        ? plus('psn_cash_pay', ONE_YUAN)
        : plus('fund_pay_sumamt', how === 'account' ? s.acct_pay : ONE_YUAN)
  return { ...output, setlinfo: { ...s, ...broken } }
}
