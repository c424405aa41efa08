import type { z } from 'zod'
import { isRefusal, REFUSALS, type Refusal } from '../kernel/refusal.ts'
import type { ExitCode, Io } from './command.ts'

/** Thrown where what was typed cannot be meant; caught once, where usage is shown. */
export class Misused extends Error {
  override readonly name = 'Misused'
}

/** What was typed, against a schema; all faults at once. */
export function typedAs<S extends z.ZodType>(schema: S, typed: Readonly<Record<string, unknown>>): z.output<S> {
  const result = schema.safeParse(typed)
  if (result.success) return result.data
  const say = (name: string, message: string) => `--${name}: ${typed[name] === undefined ? '须填 required' : message}`
  throw new Misused(result.error.issues.map((i) => say(String(i.path[0]), i.message)).join('\n'))
}

export function sayRefusal(io: Io, refusal: Refusal): ExitCode {
  const { title, action } = REFUSALS[refusal.refusal]
  io.err(`${title}（${refusal.refusal}）：${refusal.detail}`)
  for (const fault of refusal.errors ?? []) io.err(`  ${fault.path} ${fault.message}`)
  io.err(action)
  return 1
}

/** Says a refusal, or hands the result on. */
export function told<R>(io: Io, result: R | Refusal, say: (result: R) => ExitCode | undefined): ExitCode {
  return isRefusal(result) ? sayRefusal(io, result) : (say(result) ?? 0)
}

/** The innermost reason of an error: the errors around it may repeat the values of a query, and so personal data. */
export function sayError(error: unknown): string {
  let reason = error
  while (reason instanceof Error && reason.cause instanceof Error) reason = reason.cause
  if (!(reason instanceof Error)) return 'unknown error'
  return reason.message.startsWith('Failed query')
    ? 'the database refused a query'
    : (reason.message.split('\n')[0] ?? reason.name)
}
