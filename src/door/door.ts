import { type Context, Hono } from 'hono'
import type { Logger } from 'pino'
import type { z } from 'zod'
import { actorOf, may } from '../access/caller.ts'
import { createLimit } from '../access/limit.ts'
import { type Fault, isRefusal, problemText, type Refusal, refuse, statusOf } from '../kernel/refusal.ts'
import type { Authenticate, Identity } from './authenticate.ts'
import { readBody } from './body.ts'
import type { Asked, Call, Dialect, Door, Handler, Operation, Reply } from './call.ts'
import type { Explain } from './guard.ts'
import { type Admit, createScale } from './heavy.ts'
import { parseStrictJson } from './json.ts'
import type { Metrics } from './metrics.ts'

export interface Doors extends Door {
  readonly hono: Hono
  readonly operations: readonly Operation[]
  /** A refusal before or beside every operation, in the words of the address it is about. */
  refuse(c: Context, refusal: Refusal): Promise<Response>
}

const DEADLINE_MS = 9_500
const NOTHING = new Uint8Array()
const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
const PROBLEM_HEADERS = { 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' }

/** A refusal as an HTTP answer. */
function sendRefusal(refusal: Refusal): Response {
  const headers: Record<string, string> = { ...PROBLEM_HEADERS }
  if (refusal.location) headers.location = refusal.location
  if (refusal.retryAfter) headers['retry-after'] = String(refusal.retryAfter)
  if (refusal.refusal === 'unauthenticated') headers['www-authenticate'] = 'Bearer'
  return new Response(problemText(refusal), { status: statusOf(refusal), headers })
}

function sendReply(reply: Reply): Response {
  const text = reply.text ?? JSON.stringify(reply.json)
  const headers = reply.media ? { ...JSON_HEADERS, 'content-type': reply.media } : JSON_HEADERS
  return new Response(text, {
    status: reply.status,
    headers: reply.headers ? { ...headers, ...reply.headers } : headers,
  })
}

/** A request made of faults alone must not be answered with more than it sent. */
const MAX_TOLD = 200
const MAX_KEYS_TOLD = 20
const MAX_KEY_TOLD = 40

function unknownKeys(keys: readonly string[]): string {
  const told = keys.slice(0, MAX_KEYS_TOLD).map((key) => key.slice(0, MAX_KEY_TOLD))
  return `未知的键：${told.join('、')}${keys.length > MAX_KEYS_TOLD ? ` 等 ${keys.length} 个` : ''}`
}

const faultsOf = (error: z.ZodError, where: string): Fault[] =>
  error.issues.map((issue) => ({
    path: [where, ...issue.path].filter((p) => p !== '').join('.'),
    message: issue.code === 'unrecognized_keys' ? unknownKeys(issue.keys) : issue.message,
  }))

/** Opens addresses on a Hono app: authenticate, parse everything once, hand trusted values to the verb. */
export function createDoors(authenticate: Authenticate, metrics: Metrics, log: Logger, explain: Explain): Doors {
  const hono = new Hono()
  const operations: Operation[] = []
  const scale = createScale()
  const limits = new Map<Operation, ReturnType<typeof createLimit>>()

  async function identify(o: Operation, c: Context): Promise<Identity | null | Refusal> {
    if (o.permission === 'public') return null
    const who = await (o.dialect?.authenticate ?? authenticate)(c)
    if (isRefusal(who) || may(who.caller, o.permission)) return who
    return refuse('forbidden', `需要权限 ${o.permission}`)
  }

  async function call<O extends Operation>(
    o: O,
    handler: Handler<O>,
    c: Context,
    asked: Asked,
  ): Promise<Reply | Refusal> {
    const who = await identify(o, c)
    if (isRefusal(who)) return who
    asked.caller = who?.caller ?? null
    const wait = who ? (limits.get(o)?.(actorOf(who.caller)) ?? 0) : 0
    if (wait > 0) return refuse('too_many_requests', `请 ${wait} 秒后再试`, { retryAfter: wait })
    return scale((admit) => answer(o, handler, c, who, admit, asked))
  }

  async function answer<O extends Operation>(
    o: O,
    handler: Handler<O>,
    c: Context,
    who: Identity | null,
    admit: Admit,
    asked: Asked,
  ): Promise<Reply | Refusal> {
    const bytes = o.body ? await readBody(c, admit) : NOTHING
    if (isRefusal(bytes)) return bytes
    const fault = await who?.check?.(bytes)
    if (fault) return fault
    const parsed = parseCall(o, c, bytes)
    if (isRefusal(parsed)) return parsed
    return inTime(o, handler({ ...parsed, caller: asked.caller, raw: bytes, asked } as Call<O>))
  }

  return {
    hono,
    operations,
    open(operation, handler) {
      operations.push(operation)
      if (operation.rate)
        limits.set(
          operation,
          createLimit(operation.rate, () => performance.now()),
        )
      const path = operation.path.replace(/\{(\w+)\}/g, ':$1')
      hono.on(operation.method.toUpperCase(), path, async (c) => {
        const asked: Asked = { operation: operation.id, caller: null, start: performance.now() }
        const said = await call(operation, handler, c, asked).catch(explain)
        const response = isRefusal(said) ? await inWordsOf(operation.dialect, said, asked) : sendReply(said)
        writeDown(metrics, log, asked, said)
        return response
      })
    },
    refuse(c, refusal) {
      const { pathname } = new URL(c.req.url)
      const dialect = operations.find((o) => o.dialect?.under.some((at) => isUnder(pathname, at)))?.dialect
      return inWordsOf(dialect, refusal, { operation: '', caller: null, start: performance.now() })
    },
  }
}

/** One line and one count for each request. */
function writeDown(metrics: Metrics, log: Logger, asked: Asked, said: Reply | Refusal): void {
  const ms = performance.now() - asked.start
  // What the answer means, not what it came with: a dialect may say everything with 200.
  const status = isRefusal(said) ? statusOf(said) : said.status
  metrics.observe(asked.operation, status, ms / 1000)
  // The operation, never the address: an address may hold a number that belongs to somebody.
  const line = { operation: asked.operation, status, ms: Math.round(ms * 10) / 10 }
  if (isRefusal(said)) log.info({ ...line, code: said.refusal }, 'refused')
  else if (status >= 400) log.info(line, 'refused')
  else log.debug(line, 'answered')
}

const inWordsOf = async (dialect: Dialect | undefined, refusal: Refusal, asked: Asked): Promise<Response> =>
  dialect ? sendReply(await dialect.say(refusal, asked)) : sendRefusal(refusal)

const isUnder = (path: string, prefix: string): boolean => path === prefix || path.startsWith(`${prefix}/`)

/** Every request ends in time: what may still be written is of unknown outcome, what was only read is asked again. */
function inTime(o: Operation, reply: Promise<Reply | Refusal>): Promise<Reply | Refusal> {
  const deadline = o.dialect?.deadlineMs ?? DEADLINE_MS
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Refusal>((resolve) => {
    timer = setTimeout(() => {
      const detail = `超过 ${deadline / 1000} 秒没有完成`
      resolve(
        o.method === 'post'
          ? refuse('outcome_unknown', detail, { retryAfter: 5 })
          : refuse('overloaded', detail, { retryAfter: 5 }),
      )
    }, deadline)
  })
  return Promise.race([reply, late]).finally(() => clearTimeout(timer))
}

/** Parameters, query, headers and body against their schemas; all faults of all of them in one answer. */
function parseCall(o: Operation, c: Context, bytes: Uint8Array): Record<string, unknown> | Refusal {
  const out: Record<string, unknown> = {}
  let faults: Fault[] = []
  const take = (name: string, where: string, schema: z.ZodType | undefined, value: () => unknown): void => {
    if (!schema) return
    const result = schema.safeParse(value())
    if (result.success) out[name] = result.data
    else faults = faults.concat(faultsOf(result.error, where))
  }
  take('params', 'path', o.params, () => c.req.param())
  take('query', 'query', o.query, () => singleValues(c.req.queries()))
  take('headers', 'header', o.headers, () => c.req.header())
  if (o.body) {
    const json = parseStrictJson(bytes)
    if (isRefusal(json)) return json
    take('body', '', o.body, () => json.value)
  }
  return faults.length === 0 ? out : refusalFor(faults)
}

/** Faults that carry a code of their own (`code: message`) win over the general one. */
function refusalFor(faults: Fault[]): Refusal {
  const coded = faults.map((f) => ({ fault: f, match: /^\[(\w+)\] (.*)$/s.exec(f.message) }))
  const plain = coded.map(({ fault, match }) => ({ path: fault.path, message: match?.[2] ?? fault.message }))
  const codes = new Set(coded.map(({ match }) => match?.[1]))
  const [only] = codes
  const code = codes.size === 1 && only ? (only as Refusal['refusal']) : 'invalid_request'
  const rest = plain.length > MAX_TOLD ? `（errors 只列前 ${MAX_TOLD} 处）` : ''
  return refuse(code, `共 ${plain.length} 处有误：${plain[0]?.path} ${plain[0]?.message}${rest}`, {
    errors: plain.slice(0, MAX_TOLD),
  })
}

const singleValues = (queries: Record<string, string[]>): Record<string, string | string[]> =>
  Object.fromEntries(Object.entries(queries).map(([k, v]) => [k, v.length === 1 ? (v[0] ?? '') : v]))
