import { createServer, type Server } from 'node:http'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { type Logger, pino } from 'pino'
import { type DirectoryKeeper, keepDirectory, schemeCategories } from './access/directory.ts'
import { type AppDeps, createApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { CONNECTION_LIMITS, guardConnections } from './door/connection.ts'
import { firstSteps } from './first-steps.ts'
import { callRounds } from './his/rounds.ts'
import { underWay } from './his/under-way.ts'
import { isRefusal } from './kernel/refusal.ts'
import { openProver } from './rules/prover.ts'
import { seedRules } from './rules/seed.ts'
import { openDesk } from './settlement/desk.ts'
import { openDeskThread } from './settlement/desk-thread.ts'
import { openBooking } from './settlement/open-booking.ts'
import { loadKeys } from './store/keys.ts'
import { type AnyStore, openStore } from './store/open.ts'
import { type Checkpoints, keepCheckpoints } from './store/sqlite-checkpoints.ts'

export interface Service {
  readonly deps: AppDeps
  readonly store: AnyStore
  readonly app: ReturnType<typeof createApp>
}

/** Puts the service together on an open store. */
export function assemble(
  config: Config,
  store: AnyStore,
  log: Logger,
  onUnknownOutcome: () => void,
  now: () => number = Date.now,
  open: typeof openDesk = openDesk,
): Service {
  const common = { store, keys: loadKeys(config.dataDir), now }
  const directory = keepDirectory(store)
  const desk = open(common, openBooking(store), directory)
  const categories = async () => schemeCategories(await directory.recent())
  const { allowedHosts } = config
  const deps = {
    ...common,
    categories,
    directory,
    desk,
    prove: openProver(),
    under: underWay(),
    log,
    allowedHosts,
    onUnknownOutcome,
  }
  return { deps, store, app: createApp(deps) }
}

/** Answer, then leave: whoever supervises the process starts it again. */
const leave = () => void setTimeout(() => process.exit(70), 50)

/**
 * After a failed commit on the embedded file only recovery tells what is on the disk, and recovery is a new start.
 * A PostgreSQL server recovers by itself.
 */
const onUnknownOutcomeOf = (store: AnyStore) => (store.engine === 'sqlite' ? leave : () => undefined)

/**
 * Bills are decided and booked in a thread of their own, while this one reads requests. What that thread was doing
 * when it died is of unknown outcome, even when nobody waits for it, and nothing can be booked any more.
 */
const openDeskFor =
  (log: Logger): typeof openDesk =>
  (deps, booking, directory) =>
    openDeskThread(deps, booking, directory, (cause) => {
      log.fatal({ error: cause instanceof Error ? cause.name : cause }, 'the booking thread has ended')
      leave()
    })

/** Without its checkpoints the embedded engine goes on, only slower now and then: that is no reason to leave. */
const checkpointsOf = (store: AnyStore, log: Logger): Checkpoints | null =>
  store.engine === 'sqlite'
    ? keepCheckpoints(store.place.file, (cause) =>
        log.error({ error: cause instanceof Error ? cause.name : cause }, 'the thread of checkpoints has ended'),
      )
    : null

const DRAIN_MS = 8000
const CLOSE_MS = 1500
const ROUND_MS = 15_000
/** While a call is open its bill cannot be settled, and somebody may be waiting at the counter. */
const SOON_MS = 3_000

/** Asks again and again after calls to insurance platforms whose outcome nobody knows; returns how to stop. */
function keepAsking(deps: AppDeps): () => void {
  const round = callRounds(deps)
  const once = () =>
    round().then(
      ({ asked, open }) => {
        if (asked > 0) deps.log.warn({ asked, open }, 'calls of unknown outcome')
        return open > 0 ? SOON_MS : ROUND_MS
      },
      (error: Error) => {
        deps.log.error({ error: error.name }, 'could not ask after calls of unknown outcome')
        return ROUND_MS
      },
    )
  let next: NodeJS.Timeout
  const again = (ms: number) => {
    next = setTimeout(() => void once().then(again), ms).unref()
  }
  void once().then(again)
  return () => clearTimeout(next)
}

/** Tells whoever starts it on an empty database what to do next; on stderr, for stdout is the log. */
async function sayFirstSteps(store: AnyStore, directory: DirectoryKeeper): Promise<void> {
  const { schemes, hospitals, terminals } = await directory.recent()
  const { person } = store.tables
  const people = await store.read.select({ id: person.id }).from(person).limit(1)
  const lines = firstSteps({
    schemes: schemes.length,
    hospitals: hospitals.size,
    terminals: [...terminals.values()].filter((t) => !t.revoked).length,
    people: people.length,
  })
  for (const line of lines) process.stderr.write(`${line}\n`)
}

/** One service a data folder; several processes are for PostgreSQL. Null: the folder belongs to another one. */
async function holdDataDir({ databaseUrl, dataDir }: Config): Promise<{ release(): void } | null> {
  if (databaseUrl) return { release: () => undefined }
  const { holdFolder } = await import('./store/service-lock.ts')
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const where = resolve(dataDir)
  const held = holdFolder(dataDir, () => say(`等待另一个服务进程退出 waiting for another service to leave：${where}`))
  if (held) return held
  say(`没有启动，另一个服务进程正在使用数据目录 not started, another service is using the data folder：${where}`)
  say('请先停止那个服务，或用 DATA_DIR 指定别的目录；要开几个进程，用 DATABASE_URL 指定 PostgreSQL。')
  say('Stop that service, or name another folder with DATA_DIR; for several processes use PostgreSQL (DATABASE_URL).')
  return null
}

/** Config, store, app, listen, drain on SIGTERM. */
export async function run(env: NodeJS.ProcessEnv): Promise<void> {
  process.env.TZ = 'Asia/Shanghai'
  const config = readConfig(env)
  const log = pino({ level: config.logLevel })
  const folder = await holdDataDir(config)
  if (!folder) process.exit(1)
  const store = await openStore(config)
  const { app, deps } = assemble(config, store, log, onUnknownOutcomeOf(store), Date.now, openDeskFor(log))
  const seeded = await seedRules(deps, config.rulesDir)
  if (isRefusal(seeded))
    throw new Error(
      `${config.rulesDir}: ${seeded.detail}\n${seeded.errors?.map((e) => `  ${e.path} ${e.message}`).join('\n')}`,
    )
  if (seeded.seeded > 0) log.info({ versions: seeded.seeded }, 'rules seeded')
  await sayFirstSteps(store, deps.directory)
  const server = serve({
    fetch: app.fetch,
    port: config.port,
    hostname: config.host,
    createServer,
    serverOptions: CONNECTION_LIMITS,
  }) as Server
  const close = guardConnections(server)
  server.once('listening', () => log.info({ address: server.address(), engine: store.engine }, 'listening'))
  const checkpoints = checkpointsOf(store, log)
  const stopAsking = keepAsking(deps)
  const stop = () => {
    log.info('stopping')
    stopAsking()
    void close(DRAIN_MS)
      .then(() => Promise.all([deps.desk.close(), checkpoints?.close()]))
      // Connections to a server that stands still do not close.
      .then(() => Promise.race([store.close(), pause(CLOSE_MS)]))
      .then(() => folder.release())
      .then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}
