import type { Hono } from 'hono'
import type { Logger } from 'pino'
import type { DirectoryKeeper } from './access/directory.ts'
import { staffRoutes } from './access/routes.ts'
import { auditRoutes } from './audit/routes.ts'
import { clearingRoutes } from './clearing/routes.ts'
import { createAuthenticate } from './door/authenticate.ts'
import { createDoors } from './door/door.ts'
import { createExplain, guard, guardHosts } from './door/guard.ts'
import { createMetrics } from './door/metrics.ts'
import { createNonces } from './door/nonces.ts'
import { serviceRoutes } from './door/service.ts'
import { createSignatureCheck } from './door/signature.ts'
import { handOnQuestion, isBetween } from './his/between.ts'
import { hisRoutes, missedRoutes } from './his/routes.ts'
import { hisTransactions } from './his/transactions.ts'
import type { UnderWay } from './his/under-way.ts'
import { hospitalRoutes } from './hospitals/routes.ts'
import type { RegisterDeps } from './register/assess.ts'
import { registerRoutes } from './register/routes.ts'
import type { RuleDeps } from './rules/prover.ts'
import { waitingRules } from './rules/read.ts'
import { rulesRoutes } from './rules/routes.ts'
import type { Desk } from './settlement/desk.ts'
import { limitsLeft } from './settlement/limits-left.ts'
import { settlementRoutes } from './settlement/routes.ts'

export interface AppDeps extends RegisterDeps, RuleDeps {
  readonly directory: DirectoryKeeper
  readonly desk: Desk
  readonly under: UnderWay
  readonly log: Logger
  /** Host names a request may address; null: any. */
  readonly allowedHosts: readonly string[] | null
  /** Called when nobody can say what is on the disk: the process must stop and recover. */
  readonly onUnknownOutcome: () => void
}

/** The map of the service: every address it answers is opened by one of these lines. */
export function createApp(deps: AppDeps): Hono {
  const metrics = createMetrics()
  const explain = createExplain(deps)
  const firstUse = createNonces()
  const checkSignature = createSignatureCheck(deps.keys, deps.now, firstUse)
  const doors = createDoors(createAuthenticate(deps.directory, checkSignature), metrics, deps.log, explain)
  guardHosts(doors, deps.allowedHosts)
  settlementRoutes(doors, deps.desk)
  registerRoutes(doors, deps, {
    limitsOf: (ask) => limitsLeft(deps.desk, ask),
    otherTasks: (caller) => waitingRules(deps, caller),
    onAnswer: metrics.answered,
  })
  clearingRoutes(doors, deps)
  hisRoutes(doors, deps, {
    checkSignature,
    firstUse,
    transactions: hisTransactions({ ...deps, onAnswer: metrics.answered }),
    otherwise: async (call) => (isBetween(call) ? handOnQuestion(call) : null),
  })
  missedRoutes(doors, deps)
  hospitalRoutes(doors, deps)
  staffRoutes(doors, deps)
  rulesRoutes(doors, deps)
  auditRoutes(doors, deps)
  const probe = async () => {
    await deps.store.probe()
    await deps.desk.probe()
  }
  serviceRoutes(doors, probe, metrics)
  guard(doors, explain)
  return doors.hono
}
