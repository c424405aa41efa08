import { spawnSync } from 'node:child_process'
import { closeSync, cpSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { raw } from '../fixtures/tamper.ts'
import { personOfPsn } from '../src/his/queries.ts'
import { openPostgres } from '../src/store/postgres.ts'
import { openSqlite } from '../src/store/sqlite.ts'
import { eachEngine, freshPlace } from './engines.ts'
import { ROOT } from './sources.ts'
import { bill, openWorld, type World } from './world.ts'

/** Running totals, which a fold of the other tables reproduces; all other tables only grow. */
const TOTALS = ['lane', 'counter', 'account_total']

describe.each(['sqlite', 'postgres'])('drizzle/%s', (engine) => {
  const dialect = engine === 'sqlite' ? 'sqlite' : 'postgresql'
  const kit = (folder: string, command: string) => {
    const config = join(folder, 'drizzle.config.mjs')
    const schema = join(ROOT, 'src', 'store', `schema.${engine}.ts`)
    const out = { dialect, schema, out: './migrations' }
    writeFileSync(config, `export default ${JSON.stringify(out)}`)
    const program = join(ROOT, 'node_modules', '.bin', 'drizzle-kit')
    // Into a file: the program leaves before a pipe has taken all it says.
    const log = openSync(join(folder, 'said'), 'w')
    const { status } = spawnSync(program, [command, '--config', config], { cwd: folder, stdio: ['ignore', log, log] })
    closeSync(log)
    return { status, said: readFileSync(join(folder, 'said'), 'utf8') }
  }

  test('says what the tables say: generating again changes nothing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'assistance-migrations-'))
    try {
      cpSync(join(ROOT, 'drizzle', engine), join(folder, 'migrations'), { recursive: true })
      const before = readdirSync(join(folder, 'migrations')).sort()
      const { status, said } = kit(folder, 'generate')
      expect([status, readdirSync(join(folder, 'migrations')).sort()]).toEqual([0, before])
      // It ends with 0 also when it could not read a thing; that it has compared shows only in what it says.
      expect(said).toContain('No schema changes')
      expect(kit(folder, 'check').status).toBe(0)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }, 60_000)

  test('the journal names every file there is, in order', () => {
    const folder = join(ROOT, 'drizzle', engine)
    const journal = JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as {
      entries: { tag: string }[]
    }
    const files = readdirSync(folder).filter((f) => f.endsWith('.sql'))
    expect(journal.entries.map((e) => `${e.tag}.sql`)).toEqual(files.sort())
  })
})

eachEngine((engine, open) => {
  let w: World
  let tables: string[]
  beforeAll(async () => {
    w = await openWorld(engine, open)
    const { json } = await w.settle(bill())
    await w.reverse(json.settlement_no)
    tables = Object.keys(w.store.tables)
  })

  async function query<R>(text: string): Promise<R[]> {
    if (w.store.engine === 'sqlite') return w.store.writer.prepare(text).all() as R[]
    return (await w.store.pool.query(text)).rows as R[]
  }

  test('an installation as it was at any earlier schema comes up to date with what it has learned', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assistance-older-'))
    const place = await freshPlace(engine)
    try {
      cpSync(join(ROOT, 'drizzle', engine), folder, { recursive: true })
      const file = join(folder, 'meta', '_journal.json')
      const journal = JSON.parse(readFileSync(file, 'utf8')) as { entries: object[] }
      // From the schema that first knew numbers of the insurer on.
      for (let upto = 4; upto <= journal.entries.length; upto++) {
        writeFileSync(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, upto) }))
        const older = place.databaseUrl ? openPostgres(place.databaseUrl) : openSqlite(join(place.dataDir, 'old.db'))
        await older.migrate(folder)
        await raw(older, `INSERT INTO his_person (psn_blind, person_blind, at) VALUES ('n${upto}', 'p${upto}', 1)`)
        if (upto === journal.entries.length)
          for (let n = 4; n <= upto; n++) expect(await personOfPsn(older, `n${n}`)).toBe(`p${n}`)
        await older.close()
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
      await place.remove()
    }
  })

  const columnOf = (table: string) =>
    Object.keys(w.store.tables[table as 'lane']).filter(
      (c) => c !== 'enableRLS' && c !== 'id' && c !== 'seq',
    )[0] as string

  test('every table of the program is in the database, and no other', async () => {
    const text =
      engine === 'sqlite'
        ? "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'"
        : "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
    expect((await query<{ name: string }>(text)).map((r) => r.name).sort()).toEqual([...tables].sort())
  })

  test('history cannot be changed or deleted, table by table, not even by nobody’s row', async () => {
    const kept: string[] = []
    for (const table of tables.filter((t) => !TOTALS.includes(t))) {
      const column = columnOf(table)
      for (const statement of [`UPDATE ${table} SET ${column} = ${column}`, `DELETE FROM ${table}`]) {
        const rows = await query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)
        const empty = Number(rows[0]?.n) === 0
        const refused = await raw(w.store, statement).then(
          () => false,
          (error: Error) => error.message.includes(`append-only: ${table}`),
        )
        // A trigger for each row has nothing to say about a table without rows; PostgreSQL refuses even then.
        if (!refused && !(empty && engine === 'sqlite')) kept.push(statement)
      }
    }
    expect(kept).toEqual([])
  })

  test('each of those tables has its guard', async () => {
    const text =
      engine === 'sqlite'
        ? "SELECT tbl_name AS t, sql AS what FROM sqlite_schema WHERE type = 'trigger'"
        : 'SELECT event_object_table AS t, event_manipulation AS what FROM information_schema.triggers'
    const guards = await query<{ t: string; what: string }>(text)
    const missing = tables
      .filter((t) => !TOTALS.includes(t))
      .filter((t) => !['UPDATE', 'DELETE'].every((verb) => guards.some((g) => g.t === t && g.what.includes(verb))))
    expect(missing).toEqual([])
  })

  test('nothing that is not a whole number gets into a column of money', async () => {
    const insert = (fen: string) =>
      raw(
        w.store,
        `INSERT INTO posting (ledger_seq, leg, account, debit_fen, credit_fen) VALUES (900, 1, 'x', ${fen}, 0)`,
      )
    for (const fen of ["'1,00'", "'abc'", 'NULL']) await expect(insert(fen)).rejects.toThrow()
    if (engine === 'sqlite') await expect(insert('1.5')).rejects.toThrow()
    for (const both of ["(901, 1, 'x', 1, 1)", "(901, 1, 'x', 0, 0)"]) {
      await expect(raw(w.store, `INSERT INTO posting VALUES ${both}`)).rejects.toThrow()
    }
  })

  test.runIf(engine === 'sqlite')('all tables are STRICT', async () => {
    const lax = await query<{ name: string }>(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'",
    )
    expect(lax).toEqual([])
  })

  test('the database itself refuses a second live settlement, a second reversal and one’s own approval', async () => {
    const copy = (change: string) =>
      raw(
        w.store,
        `INSERT INTO settlement SELECT ${Object.keys(w.store.tables.settlement)
          .filter((c) => c !== 'enableRLS')
          .map((c) => (c === 'ledger_seq' ? '99' : change.startsWith(`${c}=`) ? change.slice(c.length + 1) : c))
          .join(', ')} FROM settlement WHERE ledger_seq = 2`,
      )
    await expect(copy("settlement_no='X'")).rejects.toThrow()
    await expect(copy("reverses='X'")).rejects.toThrow()
    await expect(
      raw(
        w.store,
        "INSERT INTO rule_publication (draft_id, drafted_by, approved_by, approved_at) SELECT id, 'a', 'a', 1 FROM rule_draft",
      ),
    ).rejects.toThrow()
  })
})
