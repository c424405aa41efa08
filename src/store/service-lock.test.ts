import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { freshPlace } from '../../test/engines.ts'
import { type Running, startService } from '../../test/process.ts'
import { runCli } from '../cli/run.ts'

const env = { RULES_DIR: 'rules' }

/** Real processes: what holds the folder is the operating system's, and dies with its holder. */
describe('一个数据目录，一个服务', () => {
  let place: Awaited<ReturnType<typeof freshPlace>>
  const running: Running[] = []
  const start = async () => {
    const service = await startService(place, { env })
    running.push(service)
    return service
  }
  const lives = async ({ port }: Running) => (await fetch(`http://127.0.0.1:${port}/readyz`)).status
  const places: (typeof place)[] = []
  beforeEach(async () => {
    place = await freshPlace('sqlite')
    places.push(place)
  })
  afterAll(async () => {
    for (const { child, kill } of running) if (child.exitCode === null && child.signalCode === null) await kill()
    for (const { remove } of places) await remove()
  })

  test('第二个不启动，说明是哪个目录、怎么办；第一个照常，命令行照常；停了以后就能启动', async () => {
    const first = await start()
    const refused = await start().then(
      () => 'started',
      (error: Error) => error.message,
    )
    expect(refused).toContain('the service ended with 1')
    expect(refused).toContain(place.dataDir)
    expect(refused).toContain('请先停止那个服务')
    expect(await lives(first)).toBe(200)
    const said: string[] = []
    const io = { out: (line: string) => said.push(line), err: (line: string) => said.push(line) }
    expect(await runCli(['audit', 'verify'], { ...env, DATA_DIR: place.dataDir }, io)).toBe(0)
    expect(await first.stop()).toBe(0)
    expect(await lives(await start())).toBe(200)
  }, 60_000)

  test('kill -9 之后立即能启动，没有留下锁', async () => {
    for (let i = 0; i < 3; i++) {
      const service = await start()
      expect(service.log.join('')).not.toContain('waiting for another service')
      await service.kill()
    }
    expect(await lives(await start())).toBe(200)
  }, 60_000)

  test('前一个正在退出：等它退出，然后启动', async () => {
    const first = await start()
    const second = start()
    setTimeout(() => void first.stop(), 3000)
    const started = await second
    expect(await lives(started)).toBe(200)
  }, 60_000)
})
