import { type Context, Hono } from 'hono'
import { type Logger } from 'pino'
import type { DirectoryKeeper } from './access/directory.ts'
import type { Deps } from './access/act.ts'
import { createAuthenticate } from './door/authenticate.ts'
import { createDoors, sendRefusal } from './door/door.ts'
import { createMetrics } from './door/metrics.ts'
import { serviceRoutes } from './door/service.ts'
import { createSignatureCheck } from './door/signature.ts'
import { refuse } from './kernel/refusal.ts'
import { OutcomeUnknown } from './store/store.ts'
import { Overloaded } from './store/group.ts'

export interface AppDeps extends Deps {
  readonly directory: DirectoryKeeper
  readonly log: Logger
  readonly allowedHosts: readonly string[] | null
  /** Called when nobody can say what is on the disk: the process must stop and recover. */
  readonly onUnknownOutcome: () => void
}

/** The map of the service: every address it answers is opened by one of these lines. */
export function createApp(deps: AppDeps): Hono {
  const metrics = createMetrics()
  const doors = createDoors(createAuthenticate(() => deps.directory.recent()), createSignatureCheck(deps.keys, deps.now), metrics)
  serviceRoutes(doors, deps.store, metrics)

  doors.hono.onError((error) => answerError(deps, error))
  doors.hono.notFound((c) => answerMissing(doors.hono, c))
  return doors.hono
}
