import { dayOf } from '../src/kernel/day.ts'
import { isRefusal } from '../src/kernel/refusal.ts'
import { blindIndex } from '../src/kernel/seal.ts'
import { nameBlindKey, personBlindKey } from '../src/register/holding.ts'
import { archiveBill, billSchema } from '../src/settlement/bill.ts'
import type { Booked, BookingResult, Job, NoteJob, ReverseJob, SettleJob } from '../src/settlement/booking.ts'
import type { DocumentDraft, Unbooked } from '../src/settlement/exchange.ts'
import { type Person, residentId } from './people.ts'
import { billOf, type Terminal, type World } from './world.ts'

let made = 0
/** A fresh number of whatever kind: of a visit, a document, a message. */
export const fresh = (what: string): string => `${what}${String(++made).padStart(6, '0')}`
/** The key of a message: `infno:msgid`. */
export const newMessage = (infno: string): string => `${infno}:${fresh('H65400200001-')}`

/** A bill the insurer has settled: what a job of a HIS settles, takes back or says something about. */
export interface Visit {
  readonly person: Person
  readonly base: string
  readonly mdtrt_id: string
  readonly bill_no: string
  readonly setl_id: string
  readonly psn_blind: string
}

export const visitOf = (person: Person, base = '1000.00', change: Partial<Visit> = {}): Visit => {
  const mdtrt_id = change.mdtrt_id ?? fresh('MD')
  const psn_blind = `psn-${person.id}`
  return { person, base, mdtrt_id, bill_no: `${mdtrt_id}/1`, setl_id: fresh('SETL'), psn_blind, ...change }
}

type Common = Pick<NoteJob, 'terminal' | 'scope' | 'key' | 'fingerprint' | 'at'>

/** The insurer has paid nothing: the patient would have to pay it all in cash. */
const draftOf = (v: Visit, total: number, at: number): DocumentDraft => ({
  setl_id: v.setl_id,
  mdtrt_id: v.mdtrt_id,
  psn_blind: v.psn_blind,
  insutype: '390',
  clr_type: '21',
  setl_optins: '654002',
  setl_day: dayOf(at),
  medfee_fen: total,
  fund_fen: 0,
  acct_fen: 0,
  cash_fen: total,
  sealed: `sealed ${v.setl_id}`,
})

/** Jobs as the transactions of a HIS make them, handed straight to the desk. */
export function hisDesk(w: World, terminal: Terminal = w.terminal) {
  const { desk } = w.service.deps
  const { id, hospital } = terminal
  const asked = (key: string): Common => ({
    terminal: { id, hospital },
    scope: `his:${hospital}`,
    key,
    fingerprint: 'same',
    at: w.clock,
  })
  const submit = (job: Job) => desk.submit(job)
  const settleJob = (v: Visit, change: Partial<SettleJob> = {}): SettleJob => {
    const bill = billSchema.parse(billOf(v.person, v.base, { bill_no: v.bill_no, visit_no: v.mdtrt_id }))
    const { keys } = desk
    return {
      kind: 'settle',
      ...asked(newMessage('2207')),
      no: fresh('2026110110000'),
      verify: 'VERIFY01',
      bill,
      archived: archiveBill(bill),
      personBlind: blindIndex(keys, personBlindKey('resident_id', v.person.id)),
      nameBlind: blindIndex(keys, nameBlindKey(v.person.name)),
      previewId: null,
      document: draftOf(v, bill.amounts.total_cost, w.clock),
      ...change,
    }
  }
  const reverseJob = (target: ReverseJob['target'], change: Partial<ReverseJob> = {}): ReverseJob => ({
    kind: 'reverse',
    ...asked(newMessage('requestKey' in target ? '2601' : '2208')),
    no: fresh('2026110111000'),
    verify: 'VERIFY02',
    target,
    reason: '退费',
    document: { setl_id: null, setl_day: '2026-11-01', sealed: 'sealed back' },
    ...change,
  })
  const pass = (v: Visit, decideBy = w.clock + 60_000) => ({ sealedAnswer: `answer ${v.setl_id}`, decideBy })
  return {
    pass,
    submit,
    settleJob,
    reverseJob,
    settle: (v: Visit, change?: Partial<SettleJob>) => submit(settleJob(v, change)),
    reverse: (target: ReverseJob['target'], change?: Partial<ReverseJob>) => submit(reverseJob(target, change)),
    note: (change: Partial<NoteJob>) => submit({ kind: 'note', ...asked(newMessage('2201')), ...change }),
    /** A call to the platform that settles a visit's bill, alone of its kind. */
    begin: (v: Visit, key: string, change: Partial<NoteJob> = {}) =>
      submit({
        kind: 'note',
        ...asked(key),
        call: { mdtrt_id: v.mdtrt_id, bill_no: v.bill_no, psn_blind: v.psn_blind, sealed: `call ${key}` },
        guard: { rule: 'begin', mdtrt_id: v.mdtrt_id, psn_blind: v.psn_blind },
        ...change,
      }),
  }
}

/** How it came out, in one word: the code of a refusal, kept or not, or what was told. */
export function outcome(result: BookingResult): string {
  if (isRefusal(result)) return result.refusal
  if (result.problem) return `kept ${JSON.parse(result.body).code}`
  if (result.passed !== undefined) return `passed ${result.passed}`
  if (result.status === 200 && result.body.startsWith('{"outcome"'))
    return (JSON.parse(result.body) as Unbooked).outcome
  return String(result.status)
}

export function booked(result: BookingResult): Booked {
  if (isRefusal(result)) throw new Error(`refused: ${result.refusal} ${result.detail}`)
  return result
}
export const told = (result: BookingResult) => JSON.parse(booked(result).body)
export const detailOf = (result: BookingResult): string => (isRefusal(result) ? result.detail : told(result).detail)

let people = 400
/** Somebody on the roster, whom nobody has settled for yet. */
export async function somebody(w: World): Promise<Person> {
  const person = { id: residentId(++people), name: '加娜尔' }
  await w.register(person)
  return person
}
