import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { setup } from '../test/postgres.setup.ts'

export interface Postgres {
  /** Makes an empty database and gives its address. */
  database(name: string): Promise<string>
  stop(): Promise<void>
}

/** The same PostgreSQL server that the tests use: durable commits, nothing tuned. */
export async function startPostgres(): Promise<Postgres> {
  let url = ''
  const project = {
    provide: (_: string, value: string) => {
      url = value
    },
  }
  const stop = await setup(project as unknown as TestProject)
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
