import { bigint, check, foreignKey, index, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'

/** The words the tables are written in, as PostgreSQL says them. */
export const postgresColumns = {
  table: pgTable,
  text: (name: string) => text(name),
  /** Whole numbers up to 2^53−1: fen, instants in ms, sequence numbers, 0/1 flags. */
  int: (name: string) => bigint(name, { mode: 'number' }),
  /** A number the engine gives to each new row, in order. */
  serial: (name: string) => bigint(name, { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
  primaryKey,
  foreignKey,
  index,
  uniqueIndex,
  check,
}

export type Columns = typeof postgresColumns
