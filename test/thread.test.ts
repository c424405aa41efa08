import { once } from 'node:events'
import { beforeAll, expect, test } from 'vitest'
import { createApp } from '../src/app.ts'
import { openDeskThread } from '../src/settlement/desk-thread.ts'
import { openBooking } from '../src/settlement/open-booking.ts'
import { eachEngine } from './engines.ts'
import { opened } from './mortal-thread.ts'
import { startService } from './process.ts'
import { ask, bill, newKey, openWorld, type World } from './world.ts'

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
})
