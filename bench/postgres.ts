import pg from 'pg'
import { startServer } from '../test/postgres.setup.ts'

export interface Postgres {
  /** Makes an empty database and gives its address. */
  database(name: string): Promise<string>
  stop(): Promise<void>
}

/** The PostgreSQL server that npm brings, as it comes: durable commits, nothing tuned. */
export async function startPostgres(): Promise<Postgres> {
  let url = ''
  const provide = (_: string, value: string) => {
    url = value
  }
  const stop = await startServer({ provide }, [])
  return {
    async database(name) {
      const client = new pg.Client({ connectionString: `${url}postgres` })
      await client.connect()
      await client.query(`CREATE DATABASE ${name}`)
      await client.end()
      return `${url}${name}`
    },
    stop,
  }
}
