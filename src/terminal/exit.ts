/** What a script reads from `$?`. */
export const EXIT = {
  /** Done: settled, reversed, answered. */
  done: 0,
  /** The service said no; nothing was booked by this request. */
  refused: 1,
  /** The command line or a file was not understood; nothing was sent. */
  misused: 2,
  /** Nobody knows yet what became of it: the journal holds it open. Neither refund nor charge again. */
  unknown: 3,
  /** The service was not reached, or a question was not answered: nothing was booked. */
  unreached: 4,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Where a command writes: the answer of the service to `out`, words for people to `err`. */
export interface Io {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** Thrown where what was typed cannot be meant; caught once, where usage is shown. */
export class Misused extends Error {
  override readonly name = 'Misused'
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
