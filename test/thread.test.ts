import { once } from 'node:events'
import { beforeAll, expect, inject, test } from 'vitest'
import { createApp } from '../src/app.ts'
import { openDeskThread } from '../src/settlement/desk-thread.ts'
import { openBooking } from '../src/settlement/open-booking.ts'
import { eachEngine } from './engines.ts'
import { onServer } from './migrated.ts'
import { opened } from './mortal-thread.ts'
import { checkLedger } from './oracle.ts'
import { startService } from './process.ts'
import { ask, bill, billOf, newKey, openWorld, SOMEBODY, type World } from './world.ts'

eachEngine((engine, open) => {
  let w: World
  beforeAll(async () => {
    w = await openWorld(engine, open)
  })

  test('the service is not ready once its booking thread has died, and is told of it at once', async () => {
    const { deps } = w.service
    let tell: (cause: unknown) => void
    const gone = new Promise((resolve) => {
      tell = resolve
    })
    const desk = openDeskThread(deps, openBooking(w.store), deps.directory, (cause) => tell(cause))
    const app = createApp({ ...deps, desk })
    const ready = async () => (await ask(app, 'GET', '/readyz')).status
    const settle = async () =>
      (await ask(app, 'POST', '/v1/settlements', { body: bill(), key: newKey(), terminal: w.terminal })).status
    expect([await ready(), await settle()]).toEqual([200, 201])
    await opened.at(-1)?.terminate()
    await gone
    expect([await ready(), await settle()]).toEqual([503, 503])
  })

  test('what fails in the thread is told, and logged, as what it was, and the next bill is booked', async () => {
    const { deps } = w.service
    const desk = openDeskThread(deps, openBooking(w.store), deps.directory, () => undefined)
    const app = createApp({ ...deps, desk })
    const settle = (key: string, body: object) =>
      ask(app, 'POST', '/v1/settlements', { body, key, terminal: w.terminal })
    const run = (sql: string) => (w.store.engine === 'sqlite' ? w.store.writer.exec(sql) : w.store.pool.query(sql))
    expect((await settle(newKey(), bill())).status).toBe(201)
    const [key, body] = [newKey(), bill()]
    await run('ALTER TABLE posting RENAME TO hidden')
    expect(await settle(key, body)).toMatchObject({ status: 500, json: { code: 'internal_error' } })
    const logged = JSON.parse(w.log.findLast((line) => line.includes('unexpected error')) ?? '{}')
    expect(logged.at).toMatch(/src\/(settlement\/booking|store\/postgres-writer)/)
    expect(logged.code).toMatch(/^(SQLITE_ERROR|42P01)$/)
    await run('ALTER TABLE hidden RENAME TO posting')
    expect((await settle(key, body)).status).toBe(201)
    await desk.close()
  })

  test('the process ends, so that it is started again, although nobody settles', async () => {
    const preload = new URL('./mortal-thread.ts', import.meta.url).href
    const service = await startService(w.place, { preload })
    const ready = await fetch(`http://127.0.0.1:${service.port}/readyz`)
    expect(ready.status).toBe(200)
    const exit = once(service.child, 'exit')
    service.child.kill('SIGUSR2')
    expect((await exit)[0]).toBe(70)
    expect(service.log.filter((line) => line.includes('the booking thread has ended'))).toHaveLength(1)
  })

  test.runIf(engine === 'postgres')(
    'the server ends all connections: each bill is booked once, on new ones',
    async () => {
      const w = await openWorld(engine, open)
      const { deps } = w.service
      const desk = openDeskThread(deps, openBooking(w.store), deps.directory, () => undefined)
      const app = createApp({ ...deps, desk })
      const settleOnce = async () => {
        const [key, body] = [newKey(), billOf(SOMEBODY, '10.00')]
        for (let tries = 0; tries < 20; tries++) {
          const { status } = await ask(app, 'POST', '/v1/settlements', { body, key, terminal: w.terminal })
          if (status !== 503) return status
        }
        return 503
      }
      expect(await settleOnce()).toBe(201)
      const many = Promise.all(Array.from({ length: 60 }, settleOnce))
      const ended = await onServer(inject('postgresUrl'), (client) =>
        client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
          new URL(w.place.databaseUrl ?? '').pathname.slice(1),
        ]),
      )
      expect(ended.rowCount).toBeGreaterThan(0)
      expect(new Set(await many)).toEqual(new Set([201]))
      expect((await checkLedger(w.store)).settled).toBe(61)
      await desk.close()
    },
  )
})
