import type { Context } from 'hono'
import type { Logger } from 'pino'
import { randomText } from '../kernel/ids.ts'
import { refuse } from '../kernel/refusal.ts'
import { isUnavailable, OutcomeUnknown } from '../store/store.ts'
import { type Doors, sendRefusal } from './door.ts'

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
    return sendRefusal(refuse('wrong_host', '请求的主机名不在 ALLOWED_HOSTS 中'))
  })
}

/** What happens to a request that no handler answers: unknown address, unknown method, an exception. */
export function guard(doors: Doors, { log, onUnknownOutcome }: Guards): void {
  doors.hono.notFound((c) => missing(doors, c))
  doors.hono.onError((error) => {
    if (error instanceof OutcomeUnknown) {
      log.fatal({ error: error.name }, 'outcome of a commit is unknown')
      onUnknownOutcome()
      return sendRefusal(refuse('outcome_unknown', '提交时发生故障，无法判断是否入账', { retryAfter: 5 }))
    }
    if (isUnavailable(error)) {
      log.warn({ error: error.name, code: codeOf(error) }, 'store is not available')
      return sendRefusal(refuse('overloaded', '数据库繁忙或暂时不可用，没有写入任何内容', { retryAfter: 1 }))
    }
    // Messages of database drivers hold the parameters of the query, and those may belong to somebody.
    const incident = randomText(12)
    log.error({ incident, error: error.name, code: codeOf(error), at: firstFrame(error) }, 'unexpected error')
    return sendRefusal(refuse('internal_error', `请求未完成，没有写入任何内容。请求号 ${incident}`))
  })
}

const codeOf = (error: Error): string | undefined => (error as { code?: string }).code
const firstFrame = (error: Error): string | undefined =>
  error.stack
    ?.split('\n')
    .find((line) => /^\s+at .*src\//.test(line))
    ?.trim()

function missing(doors: Doors, c: Context): Response {
  const path = new URL(c.req.url).pathname.split('/')
  const methods = doors.operations
    .filter((o) => {
      const parts = o.path.split('/')
      return parts.length === path.length && parts.every((p, i) => p.startsWith('{') || p === path[i])
    })
    .map((o) => o.method.toUpperCase())
  if (methods.length === 0) return sendRefusal(refuse('not_found', '没有这个地址'))
  const response = sendRefusal(refuse('method_not_allowed', `此地址只接受 ${methods.join('、')}`))
  response.headers.set('allow', methods.join(', '))
  return response
}
