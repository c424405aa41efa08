import { canonical, sha256 } from '../kernel/canonical.ts'
import type { Instant } from '../kernel/day.ts'
import type { Refusal, RefusalCode } from '../kernel/refusal.ts'
import { blindIndex, type Keys, seal, unseal } from '../kernel/seal.ts'
import { psnBlindKey } from '../register/psn-no.ts'
import type { NoteJob } from '../settlement/booking.ts'
import { type Stamp, stampFor } from './envelope.ts'
import type { HisCall } from './transaction.ts'

/** All terminals of a hospital share its message numbers. */
export const scopeOf = (hospital: string): string => `his:${hospital}`
/** Under this a message is asked once: two transactions may share a message number, for one dialect knows no sequence. */
export const keyOf = (infno: string, msgid: string): string => `${infno}:${msgid}`
/** Under this a settlement that was given up is taken back; no message of a hospital has such a key. */
export const undoKeyOf = (key: string): string => `undo:${key}`
export const isUndoKey = (key: string): boolean => key.startsWith('undo:')
export const psnBlind = (keys: Keys, psn_no: string): string => blindIndex(keys, psnBlindKey(psn_no))

type Asked = Pick<NoteJob, 'terminal' | 'scope' | 'key' | 'fingerprint' | 'at'>
const asked = new WeakMap<HisCall, Asked>()

/** What a job of this message is asked as. Keyed, because names and numbers are in the input; made once a message. */
export function askedOf(keys: Keys, call: HisCall): Asked {
  const known = asked.get(call)
  if (known) return known
  const { infno, msgid, input } = call.envelope
  const made = {
    terminal: call.terminal,
    scope: scopeOf(call.terminal.hospital),
    key: keyOf(infno, msgid),
    fingerprint: blindIndex(keys, `${infno}\n${canonical(input)}`),
    at: call.at,
  }
  asked.set(call, made)
  return made
}

/** A column of a hospital's row under a message key. */
const place = (column: string, hospital: string, key: string): string => `${column}:${hospital}|${key}`

const sealAt = (column: string) => (keys: Keys, hospital: string, key: string, text: string) =>
  seal(keys, place(column, hospital, key), text)
const openAt = (column: string) => (keys: Keys, hospital: string, key: string, sealed: string) =>
  unseal(keys, place(column, hospital, key), sealed)

/** An answer as it went out, word for word. */
export const sealAnswer = sealAt('request.body')
export const openAnswer = openAt('request.body')
/** The insurer's own words about a settlement. */
export const sealDocument = sealAt('his_document.sealed')
export const openDocument = openAt('his_document.sealed')
/** What a call to the platform would need to be made again or undone. */
export const sealCall = sealAt('his_call.sealed')
export const openCall = openAt('his_call.sealed')
/** What was said about a visit. */
export const sealMessage = sealAt('his_message.sealed')
export const openMessage = openAt('his_message.sealed')

/** A refusal that is kept, with the number and times it is told under, whenever it is told. */
export interface KeptRefusal extends Refusal {
  readonly stamp: Stamp
}

/** A refusal that was kept comes back from the text it was kept as. */
export function refusalIn(problem: string): Refusal {
  const { code, detail } = JSON.parse(problem) as { code: RefusalCode; detail: string }
  return { refusal: code, detail }
}

/** Its number comes from the message it answers, so that a repeat is the same bytes. */
export function stamped(refusal: Refusal, hospital: string, key: string, at: Instant): KeptRefusal {
  const serial = sha256(`${hospital}|${key}`).slice(0, 10).toUpperCase()
  return { ...refusal, stamp: stampFor(hospital, at, serial) }
}
