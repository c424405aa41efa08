import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { openStore } from '../src/store/open.ts'

/** Does something on the server itself, and leaves it. */
export async function onServer<R>(url: string, work: (client: pg.Client) => Promise<R>): Promise<R> {
  const client = new pg.Client({ connectionString: `${url}postgres` })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const LOCK = 'SELECT pg_advisory_lock(654002)'

/** Named by its migrations, so that a server that stays is never asked for an older schema than the present one. */
function nameOfTemplate(): string {
  const folder = fileURLToPath(new URL('../drizzle/postgres', import.meta.url))
  const hash = createHash('sha256')
  for (const file of readdirSync(folder).filter((f) => f.endsWith('.sql')))
    hash.update(readFileSync(join(folder, file)))
  return `migrated_${hash.digest('hex').slice(0, 16)}`
}

/** A database on the server that has been through every migration and holds nothing; made by whoever needs it first. */
const makeTemplate = (url: string): Promise<string> =>
  onServer(url, async (client) => {
    const name = nameOfTemplate()
    await client.query(LOCK)
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
    if (rowCount) return name
    const half = `${name}_half`
    await client.query(`DROP DATABASE IF EXISTS ${half} WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${half}`)
    await (await openStore({ dataDir: '', databaseUrl: `${url}${half}` })).close()
    await client.query(`ALTER DATABASE ${half} RENAME TO ${name}`)
    return name
  })

let template: Promise<string> | undefined
export function templateOn(url: string): Promise<string> {
  template ??= makeTemplate(url)
  return template
}

async function makeFile(): Promise<Buffer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'assistance-template-'))
  try {
    await (await openStore({ dataDir, databaseUrl: null })).close()
    return readFileSync(join(dataDir, 'assistance.db'))
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

let file: Promise<Buffer> | undefined
/** The bytes of an embedded database that has been through every migration and holds nothing. */
export function migratedFile(): Promise<Buffer> {
  file ??= makeFile()
  return file
}
