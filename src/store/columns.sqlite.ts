import { check, foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Columns } from './columns.postgres.ts'

const sqliteColumns = {
  table: sqliteTable,
  text: (name: string) => text(name),
  int: (name: string) => integer(name),
  serial: (name: string) => integer(name).primaryKey({ autoIncrement: true }),
  primaryKey,
  foreignKey,
  index,
  uniqueIndex,
  check,
}

/**
 * The one cast of the store: both engines build the same tables from the same words, and PostgreSQL's types,
 * the stricter ones, stand for both. The contract suite runs every query on both engines.
 */
export const asColumns = sqliteColumns as unknown as Columns
