import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { Tables } from './tables.ts'

/** The query builder of either engine. Await every query inside a write, and nothing else. */
export type Db = PgDatabase<PgQueryResultHKT, Record<string, never>>

/** Where another thread opens a connection of its own to the same rows. */
export type StorePlace = { readonly file: string } | { readonly url: string }

export interface Store {
  readonly engine: 'sqlite' | 'postgres'
  readonly place: StorePlace
  readonly tables: Tables
  /** Reads that feed no write; on SQLite a connection that cannot write. */
  readonly read: Db
  /**
   * A read that may wait until everything that has just come in is read: on SQLite such reads share one snapshot,
   * which costs more to take than a row does to find.
   */
  readTogether<R>(query: PromiseLike<R>): PromiseLike<R>
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

/** Thrown when the store cannot take the work now and has taken none of it: the same request may come again later. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded'
}

const UNAVAILABLE =
  /^(?:SQLITE_BUSY|SQLITE_FULL|ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|57014|57P0[123]|53[0-9A-Z]{3}|08[0-9A-Z]{3})/

/** What node-postgres says of a connection without a code. */
const NO_CONNECTION = /timeout exceeded when trying to connect|^Connection terminated/

/** Full disk, locked file, unreachable or overloaded server: nothing was written, and nobody is to blame. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof Overloaded) return true
  const e = error as { code?: unknown; message?: unknown; cause?: unknown }
  if (UNAVAILABLE.test(String(e?.code ?? '')) || NO_CONNECTION.test(String(e?.message ?? ''))) return true
  return e?.cause !== undefined && isUnavailable(e.cause)
}
