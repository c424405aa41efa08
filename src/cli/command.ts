import type { ParseArgsOptionsConfig } from 'node:util'
import type { Caller } from '../access/caller.ts'
import type { Config } from '../config.ts'
import type { RegisterDeps } from '../register/assess.ts'

/** 0: done; 1: refused, or a difference was found; 2: not understood. */
export type ExitCode = 0 | 1 | 2

/** Where a command writes: the answer to `out`, everything else to `err`. */
export interface Io {
  readonly out: (line: string) => void
  readonly err: (line: string) => void
}

/** What the person at the machine typed, taken apart but not judged. */
export interface Typed {
  readonly options: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>
  readonly words: readonly string[]
}

interface Described {
  readonly name: string
  /** Words after the name, as usage shows them. */
  readonly usage: string
  /** What it does, in Chinese and in English. */
  readonly does: string
  readonly options: ParseArgsOptionsConfig
  /** How many words may follow the name. */
  readonly words: readonly [least: number, most: number]
}

/** A command that needs files alone. */
export interface FileCommand extends Described {
  readonly needs: 'files'
  readonly run: (typed: Typed, config: Config, io: Io) => Promise<ExitCode>
}

/** A command on the store the service uses, which may be running. */
export interface StoreCommand extends Described {
  readonly needs: 'store'
  /** Judges what was typed before anything is opened; what it gives back does the work. */
  readonly plan: (typed: Typed) => Work
}

export type Work = (office: Office, io: Io) => Promise<ExitCode>

export type Command = FileCommand | StoreCommand

export interface Office {
  readonly deps: RegisterDeps
  readonly caller: Caller
}
