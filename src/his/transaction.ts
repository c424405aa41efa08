import type { Deps } from '../access/act.ts'
import type { Caller } from '../access/caller.ts'
import type { Directory, DirectoryKeeper } from '../access/directory.ts'
import type { Instant } from '../kernel/day.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Codes } from '../rules/codes.ts'
import type { Desk } from '../settlement/desk.ts'
import type { Envelope, Output, Stamp } from './envelope.ts'
import type { UnderWay } from './under-way.ts'

/** What a transaction may reach. */
export interface HisDeps extends Deps {
  readonly directory: DirectoryKeeper
  readonly desk: Desk
  readonly under: UnderWay
  /** Counts what a terminal was told of a person. */
  readonly onAnswer?: (status: string) => void
}

/** One message of a hospital that may be heard: who sent it is known, the envelope is read, the area's codes are at hand. */
export interface HisCall {
  readonly terminal: { readonly id: string; readonly hospital: string }
  readonly caller: Caller
  readonly envelope: Envelope
  /** When it arrived. */
  readonly at: Instant
  readonly directory: Directory
  /** The codes in force in the hospital's area on the day of `at`. */
  readonly codes: Codes
  /** Headers to hand on to a platform, by their names in lower case. */
  readonly forward: Readonly<Record<string, string>>
  /** The address it came to, for a platform that tells transactions apart by theirs. */
  readonly path: string
  /** The message byte for byte as it came. */
  readonly raw: Uint8Array
  /** Number and times for an answer made now; whoever stores an answer makes its text with it, so that a repeat is the same bytes. */
  readonly stamp: () => Stamp
}

/** What a transaction says: an output to be put into the envelope, a whole answer as it goes out, a file, or no. */
export type Said =
  | { readonly output: Output | null }
  | { readonly text: string }
  | { readonly bytes: Uint8Array<ArrayBuffer>; readonly media: string }
  | Refusal

/** What names a transaction. */
export type Named = Pick<Transaction, 'infno' | 'name'>

/** One transaction of the national interface. */
export interface Transaction {
  readonly infno: string
  readonly name: string
  run(call: HisCall): Promise<Said>
}

/** Each file of a transaction (`t2207.ts`, …) exports one of these. */
export type MakeTransaction = (deps: HisDeps) => Transaction
