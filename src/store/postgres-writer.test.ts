import type { Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshPlace } from '../../test/engines.ts'
import { openPostgresWriter, type PostgresWriter } from './postgres-writer.ts'
import { OutcomeUnknown } from './store.ts'

let place: Awaited<ReturnType<typeof freshPlace>>
let store: PostgresWriter
beforeAll(async () => {
  place = await freshPlace('postgres')
  store = openPostgresWriter(place.databaseUrl ?? '', { max: 3, idleTimeoutMillis: 0 })
  await store.pool.query('CREATE TABLE t (n integer PRIMARY KEY)')
})
afterAll(async () => {
  await store.pool.end()
  await place.remove()
})

const rows = async () => (await store.pool.query('SELECT n FROM t ORDER BY n')).rows.map(({ n }) => n as number)
const fault = (done: Promise<unknown>) =>
  done.then(
    () => null,
    (error: unknown) => error,
  )

test('what is left for COMMIT is written, and answered only after it', async () => {
  const said = await store.withClient(async (client, { begun, last }) => {
    const [{ rows: read }] = await Promise.all([client.query('SELECT 7 AS n'), begun])
    last(() => [client.query('INSERT INTO t VALUES ($1)', [read[0].n]), client.query('INSERT INTO t VALUES (8)')])
    return 'done'
  })
  expect([said, await rows()]).toEqual(['done', [7, 8]])
})

test('one that fails takes all others with it, and the fault is told as it is: nothing has been committed', async () => {
  const failed = await fault(
    store.withClient(async (client, { last }) => {
      last(() => [20, 8, 21].map((n) => client.query('INSERT INTO t VALUES ($1)', [n])))
    }),
  )
  expect([failed instanceof OutcomeUnknown, (failed as { code?: string }).code]).toEqual([false, '23505'])
  expect(await rows()).toEqual([7, 8])
})

test.each(['BEGIN; SELECT 1/0', 'BEGIN ISOLATION LEVEL NONSENSE'])(
  '%s fails: nothing is sent behind it',
  async (begin) => {
    const failed = await fault(
      store.withClient(async (client, { last }) => {
        last(() => [client.query('INSERT INTO t VALUES (30)')])
      }, begin),
    )
    expect(['22012', '42601']).toContain((failed as { code?: string }).code)
    expect(await rows()).toEqual([7, 8])
  },
)

test('the server has refused a statement before it went: nothing has been committed, and that is known', async () => {
  const failed = await fault(
    store.withClient(async (client, { begun, last }) => {
      await begun
      const { rows: own } = await client.query('SELECT pg_backend_pid() AS pid')
      last(() => {
        void store.pool.query('SELECT pg_terminate_backend($1)', [own[0].pid])
        return [client.query('INSERT INTO t VALUES (40)'), client.query('SELECT pg_sleep(5)')]
      })
    }),
  )
  expect([failed instanceof OutcomeUnknown, (failed as { code?: string }).code]).toEqual([false, '57P01'])
  expect(await rows()).toEqual([7, 8])
})

test('a warning of some trigger is not taken for a standby that was not waited for', async () => {
  await store.withClient(async (client, { last }) => {
    last(() => [client.query("DO $$ BEGIN RAISE WARNING 'noted'; END $$"), client.query('INSERT INTO t VALUES (9)')])
  })
  expect(await rows()).toEqual([7, 8, 9])
  await store.pool.query('DELETE FROM t WHERE n = 9')
})

test('a statement that cannot be sent does not stop the others: nobody says that nothing was committed', async () => {
  const round: Record<string, unknown> = {}
  round.round = round
  const failed = await fault(
    store.withClient(async (client, { last }) => {
      last(() => [client.query('INSERT INTO t VALUES (10)'), client.query('INSERT INTO t VALUES ($1)', [round])])
    }),
  )
  expect(failed).toBeInstanceOf(OutcomeUnknown)
  await store.pool.query('DELETE FROM t WHERE n = 10')
})

test('a connection that is cut under the last statements leaves an unknown outcome', async () => {
  const failed = await fault(
    store.withClient(async (client, { last }) => {
      last(() => {
        const sent = [client.query('INSERT INTO t VALUES (40)'), client.query('SELECT pg_sleep(0.2)')]
        setTimeout(() => (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy(), 20)
        return sent
      })
    }),
  )
  expect(failed).toBeInstanceOf(OutcomeUnknown)
})
