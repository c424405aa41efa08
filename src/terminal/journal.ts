import {
  chmodSync,
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { Misused } from './exit.ts'

/**
 * A request noted down before it leaves. The body holds a name and an ID number, in the clear, because the very same
 * bytes must be sent again after a crash: the file is readable by its owner alone.
 */
const asked = z.object({
  state: z.literal('asked'),
  /** The idempotency key, or `infno:msgid` at the HIS door. */
  id: z.string(),
  at: z.string(),
  door: z.enum(['native', 'his']),
  /** A digest of the terminal's key: another terminal cannot ask about this request. */
  terminal: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  hash: z.string(),
  body: z.string(),
  /** The bill or the visit: a second request about it has to wait for the first. */
  about: z.string(),
  /** The request this one takes back (a 2601): once it may have been sent, the original is never sent again. */
  takes_back: z.string().nullable(),
})
const answered = z.object({
  state: z.literal('answered'),
  id: z.string(),
  at: z.string(),
  verdict: z.enum(['done', 'refused', 'reversed', 'unsent']),
  /** Settlement number or `setl_id`. */
  no: z.string().nullable(),
  assistance: z.string().nullable(),
  code: z.string().nullable(),
})
const unknown = z.object({ state: z.literal('unknown'), id: z.string(), at: z.string(), why: z.string() })
const noted = z.discriminatedUnion('state', [asked, answered, unknown])

export type Asked = z.output<typeof asked>
export type Answered = z.output<typeof answered>
export type Noted = z.output<typeof noted>

export interface Journal {
  readonly path: string
  /** What was wrong with the file and has been mended or passed over, in words. */
  readonly warnings: readonly string[]
  /** Every request in order, with the answer once there is one. */
  all(): readonly { readonly asked: Asked; readonly answered: Answered | null }[]
  /** Requests nobody knows the outcome of. */
  open(): Asked[]
  /** Returns when the line is on the disk; throws when it cannot be written, and then nothing may be sent. */
  note(line: Noted): void
  /** Rewrites the file with open requests alone: what is settled no longer needs its names and numbers. */
  prune(): number
  close(): void
}

const ONLY_OWNER = 0o600

function linesOf(text: string): { lines: Noted[]; bad: number[] } {
  const lines: Noted[] = []
  const bad: number[] = []
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '') continue
    const read = noted.safeParse(parsed(line))
    if (read.success) lines.push(read.data)
    else bad.push(i + 1)
  }
  return { lines, bad }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** A power cut must not forget the file itself; some systems cannot sync a folder, and need not. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(dirname(path), 'r')
    fsyncSync(folder)
    closeSync(folder)
  } catch {}
}

function writeSynced(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
  fsyncSync(file)
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** One program a journal: two would each take the other's running requests for lost ones. */
function lock(path: string): () => void {
  const own = `${path}.${process.pid}`
  const file = openSync(own, 'w', ONLY_OWNER)
  writeSynced(file, String(process.pid))
  closeSync(file)
  try {
    for (let tries = 0; tries < 3; tries++) {
      try {
        // A link appears with the number of its holder in it, never empty.
        linkSync(own, path)
        return () => unlinkSync(path)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        const holder = Number(readFileSync(path, 'utf8'))
        if (holder !== process.pid && isRunning(holder))
          throw new Misused(`日志正被另一个终端程序（进程 ${holder}）使用：每个窗口用自己的 --journal`)
        // Its holder died without a last word.
        unlinkSync(path)
      }
    }
    throw new Misused(`锁文件 ${path} 拿不到`)
  } finally {
    unlinkSync(own)
  }
}

export function openJournal(file: string): Journal {
  const path = resolve(file)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const unlock = lock(`${path}.lock`)
  const warnings: string[] = []
  let handle = openSync(path, 'a', ONLY_OWNER)
  syncFolder(path)
  const stat = fstatSync(handle)
  if (stat.isFile() && (stat.mode & 0o077) !== 0) {
    chmodSync(path, ONLY_OWNER)
    warnings.push('日志里有姓名和身份证号，权限过宽，已改为仅本人可读（0600）')
  }
  const text = stat.isFile() ? readFileSync(path, 'utf8') : ''
  const { lines, bad } = linesOf(text)
  // The next line must not be glued to one that a crash has cut off.
  if (text !== '' && !text.endsWith('\n')) writeSynced(handle, '\n')
  if (bad.length > 0)
    warnings.push(`日志第 ${bad.join('、')} 行没有写完（断电或崩溃），已略过：写完之前不会发送，不影响资金`)

  const requests = new Map<string, { asked: Asked; answered: Answered | null }>()
  const take = (line: Noted): void => {
    const request = requests.get(line.id)
    if (line.state === 'asked') requests.set(line.id, request ?? { asked: line, answered: null })
    else if (line.state === 'answered' && request) {
      request.answered = line
      const original = line.verdict === 'done' ? requests.get(request.asked.takes_back ?? '') : undefined
      if (original) original.answered ??= { ...line, id: original.asked.id, verdict: 'reversed' }
    }
  }
  for (const line of lines) take(line)
  const open = () => [...requests.values()].flatMap((r) => (r.answered ? [] : [r.asked]))
  return {
    path,
    warnings,
    all: () => [...requests.values()],
    open,
    note(line) {
      writeSynced(handle, `${JSON.stringify(line)}\n`)
      take(line)
    },
    prune() {
      const kept = open()
      const fresh = `${path}.new`
      const next = openSync(fresh, 'w', ONLY_OWNER)
      writeSynced(next, kept.map((line) => `${JSON.stringify(line)}\n`).join(''))
      closeSync(next)
      renameSync(fresh, path)
      syncFolder(path)
      closeSync(handle)
      handle = openSync(path, 'a', ONLY_OWNER)
      const gone = requests.size - kept.length
      requests.clear()
      for (const line of kept) take(line)
      return gone
    },
    close() {
      closeSync(handle)
      unlock()
    },
  }
}
