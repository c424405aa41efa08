import { canonical } from '../../kernel/canonical.ts'

/** What a case finds while it runs. */
export interface Check {
  /** Equal as JSON; both values are told when they are not. */
  same(what: string, got: unknown, wanted: unknown): void
  holds(what: string, ok: boolean, otherwise: string): void
  /** Not wrong, but to be looked at. */
  warn(text: string): void
  /** What was seen, for the report. */
  note(text: string): void
}

/** One trial, with what the maker of the hospital system has to do so that it holds. */
export interface Case<Stage> {
  readonly id: string
  readonly part: string
  readonly title: string
  /** How the expected figure is worked out from the published rule. */
  readonly working?: string
  readonly duty: string
  readonly run: (stage: Stage, check: Check) => Promise<void>
}

export const RESULTS = ['pass', 'warn', 'fail', 'skip'] as const

export interface Finding {
  readonly id: string
  readonly part: string
  readonly title: string
  readonly working: string | null
  readonly duty: string
  readonly result: (typeof RESULTS)[number]
  readonly why: readonly string[]
  readonly seen: readonly string[]
  readonly ms: number
}

/** Thrown by a case that cannot be tried here; its words say what is missing. */
export class Skipped extends Error {
  override readonly name = 'Skipped'
}

/** Runs one case to its end, whatever it throws. */
export async function tryCase<Stage>(one: Case<Stage>, stage: Stage): Promise<Finding> {
  const start = performance.now()
  const [why, warnings, seen]: [string[], string[], string[]] = [[], [], []]
  const check: Check = {
    same(what, got, wanted) {
      const [a, b] = [canonical(got ?? null), canonical(wanted ?? null)]
      if (a !== b) why.push(`${what}：得到 ${a}，应为 ${b}`)
    },
    holds(what, ok, otherwise) {
      if (!ok) why.push(`${what}：${otherwise}`)
    },
    warn: (text) => void warnings.push(text),
    note: (text) => void seen.push(text),
  }
  let skipped: string | null = null
  try {
    await one.run(stage, check)
  } catch (error) {
    if (error instanceof Skipped) skipped = error.message
    else why.push(error instanceof Error ? error.message : String(error))
  }
  const { id, part, title, duty } = one
  const result = skipped !== null ? 'skip' : why.length > 0 ? 'fail' : warnings.length > 0 ? 'warn' : 'pass'
  const ms = Math.round(performance.now() - start)
  const reasons = skipped === null ? [...why, ...warnings] : [skipped]
  return { id, part, title, working: one.working ?? null, duty, result, why: reasons, seen, ms }
}
