import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Db } from './store.ts'

/** Rows of a statement that the builder cannot write; numbers of PostgreSQL come as text. */
async function rowsOf(db: Db, statement: SQL): Promise<Record<string, unknown>[]> {
  const embedded = db as unknown as { all?(s: SQL): Record<string, unknown>[] }
  if (embedded.all) return embedded.all(statement)
  return ((await db.execute(statement)) as unknown as { rows: Record<string, unknown>[] }).rows
}

/**
 * Appends rows to a table whose `id` the engine gives, in one statement that takes them as one JSON text: a statement
 * with a parameter for each value costs several times as much to build. Gives the new `id` beside the columns named.
 */
export async function insertRows<K extends string>(
  db: Db,
  table: PgTable,
  rows: readonly Readonly<Record<string, unknown>>[],
  told: readonly K[],
): Promise<(Record<K, string> & { readonly id: number })[]> {
  if (rows.length === 0) return []
  const columns = Object.values(getTableColumns(table)).filter((column) => column.name !== 'id')
  const names = columns.map((column) => sql.identifier(column.name))
  const values = columns.map(({ name, dataType }) =>
    dataType === 'number' ? sql.raw(`cast(value->>'${name}' AS bigint)`) : sql.raw(`value->>'${name}'`),
  )
  const given = JSON.stringify(Object.assign({}, rows))
  const statement = sql`INSERT INTO ${table} (${sql.join(names, sql`, `)}) SELECT ${sql.join(values, sql`, `)}
    FROM json_each(${given}) ORDER BY cast(key AS bigint)
    RETURNING id, ${sql.join(
      told.map((name) => sql.identifier(name)),
      sql`, `,
    )}`
  const added = await rowsOf(db, statement)
  return added.map((row) => ({ ...(row as Record<K, string>), id: Number(row.id) }))
}
