import type { Context } from 'hono'
import type { Logger } from 'pino'
import { randomText } from '../kernel/ids.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import { isUnavailable, OutcomeUnknown } from '../store/store.ts'
import type { Doors } from './door.ts'

interface Guards {
  readonly log: Logger
  readonly onUnknownOutcome: () => void
}

/** Refuses what addresses another host, by its `Host` or by an absolute address; to be called before any address is opened. */
export function guardHosts(doors: Doors, allowed: readonly string[] | null): void {
  if (allowed === null) return
  const names = new Set(allowed)
  doors.hono.use(async (c, next) => {
    const stated = /^(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec((c.req.header('host') ?? '').toLowerCase())?.[1] ?? ''
    const addressed = new URL(c.req.url).hostname
    if (names.has(stated) && names.has(addressed)) return next()
    return doors.refuse(c, refuse('wrong_host', '请求的主机名不在 ALLOWED_HOSTS 中'))
  })
}

/** What is said to the caller when something was thrown, and what is written down of it. */
export type Explain = (error: unknown) => Refusal

export const createExplain =
  ({ log, onUnknownOutcome }: Guards): Explain =>
  (thrown) => {
    const error = thrown instanceof Error ? thrown : new Error('something was thrown that is no error')
    if (error instanceof OutcomeUnknown) {
      log.fatal({ error: error.name }, 'outcome of a commit is unknown')
      onUnknownOutcome()
      return refuse('outcome_unknown', '提交时发生故障，无法判断是否入账', { retryAfter: 5 })
    }
    if (isUnavailable(error)) {
      log.warn({ error: error.name, code: codeOf(error) }, 'store is not available')
      return refuse('overloaded', '数据库繁忙或暂时不可用，没有写入任何内容', { retryAfter: 1 })
    }
    // Messages of database drivers hold the parameters of the query, and those may belong to somebody.
    const incident = randomText(12)
    log.error({ incident, error: error.name, code: codeOf(error), at: firstFrame(error) }, 'unexpected error')
    return refuse('internal_error', `请求未完成，没有写入任何内容。请求号 ${incident}`)
  }

/** What happens to a request that no operation answers: unknown address, unknown method, an exception. */
export function guard(doors: Doors, explain: Explain): void {
  doors.hono.notFound((c) => missing(doors, c))
  doors.hono.onError((error, c) => doors.refuse(c, explain(error)))
}

const codeOf = (error: Error): string | undefined => (error as { code?: string }).code
const firstFrame = (error: Error): string | undefined =>
  error.stack
    ?.split('\n')
    .find((line) => /^\s+at .*src\//.test(line))
    ?.trim()

async function missing(doors: Doors, c: Context): Promise<Response> {
  const path = new URL(c.req.url).pathname.split('/')
  const methods = doors.operations
    .filter((o) => {
      const parts = o.path.split('/')
      return parts.length === path.length && parts.every((p, i) => p.startsWith('{') || p === path[i])
    })
    .map((o) => o.method.toUpperCase())
  if (methods.length === 0) return doors.refuse(c, refuse('not_found', '没有这个地址'))
  const response = await doors.refuse(c, refuse('method_not_allowed', `此地址只接受 ${methods.join('、')}`))
  response.headers.set('allow', methods.join(', '))
  return response
}
