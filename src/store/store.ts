import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { Tables } from './tables.ts'

/** The query builder of either engine. Await every query inside a write, and nothing else. */
export type Db = PgDatabase<PgQueryResultHKT, Record<string, never>>

export interface Store {
  readonly engine: 'sqlite' | 'postgres'
  readonly tables: Tables
  /** Reads that feed no write; on SQLite a connection that cannot write. */
  readonly read: Db
  /** One transaction, committed durably before it resolves. Only access/act.ts may call this. */
  write<R>(work: (tx: Db) => Promise<R>): Promise<R>
  /** Throws unless the engine answers and writes are durable. */
  probe(): Promise<void>
  close(): Promise<void>
}

/** Thrown when nobody can say whether a COMMIT reached the disk: answer without a verdict, then recover. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown'
}
