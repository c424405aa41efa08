import { setTimeout as wait } from 'node:timers/promises'
import { sha256 } from '../kernel/canonical.ts'
import { formatInstant, type Instant } from '../kernel/day.ts'
import type { Answered, Asked, Journal } from './journal.ts'
import type { Line, Outcome } from './line.ts'
import type { Verdict } from './verdict.ts'

/** How one kind of door is spoken to. */
export interface Doorway {
  /** The same request, byte for byte, each time; only what must be new, such as a nonce, is. */
  send(asked: Asked): Promise<Outcome>
  judge(outcome: Outcome, lostBefore: boolean): Verdict
  /** Asks what became of it without asking for it again; null: this door cannot tell. */
  lookUp(asked: Asked): Promise<Verdict | null>
  /** What the journal keeps of an answer: no name, no ID number. */
  sumUp(json: Record<string, unknown>): Pick<Answered, 'no' | 'assistance'>
}

/** A window: its line to the service, its journal, and how long it keeps asking. */
export interface Counter {
  readonly line: Line
  readonly journal: Journal
  readonly doors: Readonly<Record<Asked['door'], Doorway>>
  /** Digest of the terminal's key. */
  readonly terminal: string
  /** Seconds to wait before each repetition. */
  readonly patience: readonly number[]
  readonly now: () => Instant
  readonly say: (text: string) => void
}

export const digestOfKey = (key: string): string => sha256(key).slice(0, 16)

export type Request = Pick<Asked, 'id' | 'door' | 'path' | 'headers' | 'body' | 'about' | 'takes_back'>

const stamp = (c: Counter): string => formatInstant(c.now())

/** Notes the request down, sends it, and asks until there is an answer or patience ends. */
export async function submit(c: Counter, request: Request): Promise<Verdict> {
  const waiting = c.journal.open().find((one) => one.about === request.about && one.door === request.door)
  if (waiting) return { verdict: 'unknown', why: `${request.about} 上一次提交的结果还没有查清，不能再提交`, sent: true }
  const asked: Asked = { state: 'asked', at: stamp(c), terminal: c.terminal, hash: sha256(request.body), ...request }
  c.journal.note(asked)
  return settleUp(c, asked, false, c.patience)
}

/** `lostBefore`: an earlier sending may have arrived. Whatever is still unknown at the end stays open in the journal. */
export async function settleUp(
  c: Counter,
  asked: Asked,
  lostBefore: boolean,
  patience: readonly number[],
): Promise<Verdict> {
  const door = c.doors[asked.door]
  let lost = lostBefore
  let last: Verdict = { verdict: 'unknown', why: '没有发送', sent: false }
  for (const seconds of [0, ...patience]) {
    if (seconds > 0) {
      const why = last.verdict === 'unknown' ? last.why : ''
      c.say(lost ? `结果未知，正在查询……（${seconds} 秒后再问：${why}）` : `没有连上，${seconds} 秒后再试（${why}）`)
      await wait(seconds * 1000)
    }
    last = door.judge(await door.send(asked), lost)
    if (last.verdict !== 'unknown') return close(c, asked, last)
    if (last.sent && !lost) c.journal.note({ state: 'unknown', id: asked.id, at: stamp(c), why: last.why })
    lost ||= last.sent
  }
  // Only a request that never left is known not to be booked.
  if (!lost) return close(c, asked, last)
  const found = await door.lookUp(asked)
  if (found?.verdict === 'done') return close(c, asked, found)
  if (found?.verdict === 'refused') {
    // The service is there again and knows of no booking: asking once more books it, or says why not.
    last = door.judge(await door.send(asked), true)
    if (last.verdict !== 'unknown') return close(c, asked, last)
  }
  return { ...last, sent: true }
}

function close(c: Counter, asked: Asked, verdict: Verdict): Verdict {
  const { id } = asked
  const common = { state: 'answered', id, at: stamp(c), no: null, assistance: null, code: null } as const
  if (verdict.verdict === 'done')
    c.journal.note({ ...common, verdict: 'done', ...c.doors[asked.door].sumUp(verdict.json) })
  else if (verdict.verdict === 'refused') c.journal.note({ ...common, verdict: 'refused', code: verdict.problem.code })
  else c.journal.note({ ...common, verdict: 'unsent' })
  return verdict
}

export interface Resolved {
  readonly asked: Asked
  readonly verdict: Verdict
}

/** Takes up what an earlier run left open; requests of another terminal's key are left alone. */
export async function resolveOpen(c: Counter, patience: readonly number[] = c.patience): Promise<Resolved[]> {
  const resolved: Resolved[] = []
  // What takes back comes first: an original that may have been taken back must not be asked for again.
  const waiting = c.journal.open().sort((a, b) => Number(b.takes_back !== null) - Number(a.takes_back !== null))
  for (const asked of waiting) {
    const open = c.journal.open()
    if (!open.includes(asked) || open.some((one) => one.takes_back === asked.id)) continue
    const verdict: Verdict =
      asked.terminal === c.terminal
        ? await settleUp(c, asked, true, patience)
        : { verdict: 'unknown', why: '这一笔是用另一把终端密钥提交的，须用那把密钥查询', sent: true }
    resolved.push({ asked, verdict })
    // Nobody answers at the moment: the others would only wait as long again.
    if (verdict.verdict === 'unknown' && asked.terminal === c.terminal) break
  }
  return resolved
}
