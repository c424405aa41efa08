import { type Context, Hono } from 'hono'
import type { Logger } from 'pino'
import type { z } from 'zod'
import { may } from '../access/caller.ts'
import { type Fault, isRefusal, problemText, type Refusal, refuse, statusOf } from '../kernel/refusal.ts'
import type { Authenticate, Identity } from './authenticate.ts'
import { readBody } from './body.ts'
import type { Call, Door, Handler, Operation, Reply } from './call.ts'
import { type Admit, createScale } from './heavy.ts'
import { parseStrictJson } from './json.ts'
import type { Metrics } from './metrics.ts'
import type { SignatureCheck } from './signature.ts'

export interface Doors extends Door {
  readonly hono: Hono
  readonly operations: readonly Operation[]
}

const DEADLINE_MS = 9_500
const NOTHING = new Uint8Array()
const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
const PROBLEM_HEADERS = { 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' }

/** A refusal as an HTTP answer. */
export function sendRefusal(refusal: Refusal): Response {
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
export function createDoors(
  authenticate: Authenticate,
  checkSignature: SignatureCheck,
  metrics: Metrics,
  log: Logger,
): Doors {
  const hono = new Hono()
  const operations: Operation[] = []
  const scale = createScale()

  async function identify(o: Operation, c: Context): Promise<Identity | null | Refusal> {
    if (o.permission === 'public') return null
    const who = await authenticate(c)
    if (isRefusal(who) || may(who.caller, o.permission)) return who
    return refuse('forbidden', `需要权限 ${o.permission}`)
  }

  async function call<O extends Operation>(o: O, handler: Handler<O>, c: Context): Promise<Response> {
    const who = await identify(o, c)
    if (isRefusal(who)) return sendRefusal(who)
    const reply = await scale((admit) => answer(o, handler, c, who, admit))
    return isRefusal(reply) ? sendRefusal(reply) : sendReply(reply)
  }

  async function answer<O extends Operation>(
    o: O,
    handler: Handler<O>,
    c: Context,
    who: Identity | null,
    admit: Admit,
  ): Promise<Reply | Refusal> {
    const bytes = o.body ? await readBody(c, admit) : NOTHING
    if (isRefusal(bytes)) return bytes
    if (who?.mustSign) {
      const fault = await checkSignature(c, bytes, who.mustSign)
      if (fault) return fault
    }
    const parsed = parseCall(o, c, bytes)
    if (isRefusal(parsed)) return parsed
    return inTime(o, handler({ ...parsed, caller: who?.caller ?? null } as Call<O>))
  }

  return {
    hono,
    operations,
    open(operation, handler) {
      operations.push(operation)
      const path = operation.path.replace(/\{(\w+)\}/g, ':$1')
      hono.on(operation.method.toUpperCase(), path, async (c) => {
        const start = performance.now()
        const response = await call(operation, handler, c).catch((error: unknown) => {
          metrics.observe(operation.id, 500, (performance.now() - start) / 1000)
          throw error
        })
        const ms = performance.now() - start
        metrics.observe(operation.id, response.status, ms / 1000)
        // The operation, never the address: an address may hold a number that belongs to somebody.
        const line = { operation: operation.id, status: response.status, ms: Math.round(ms * 10) / 10 }
        if (response.status >= 400) log.info(line, 'refused')
        else log.debug(line, 'answered')
        return response
      })
    },
  }
}

/** Every request ends in time: what may still be written is of unknown outcome, what was only read is asked again. */
function inTime(o: Operation, reply: Promise<Reply | Refusal>): Promise<Reply | Refusal> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Refusal>((resolve) => {
    timer = setTimeout(() => {
      const detail = `超过 ${DEADLINE_MS / 1000} 秒没有完成`
      resolve(
        o.method === 'post'
          ? refuse('outcome_unknown', detail, { retryAfter: 5 })
          : refuse('overloaded', detail, { retryAfter: 5 }),
      )
    }, DEADLINE_MS)
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
