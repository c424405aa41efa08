import { setHis, setUpstream } from '../src/hospitals/set-his.ts'
import { loadKeys } from '../src/store/keys.ts'
import { openStore } from '../src/store/open.ts'
import { OPERATOR } from '../test/people.ts'
import { startPlatform } from '../test/platform/start.ts'
import { atMost, type Figure, median } from './figures.ts'
import { seededFolder, startService } from './place.ts'
import { type RunningServer, startGenerator } from './processes.ts'
import { type Driven, drive, type Pace, p50, p99, perSecond, TARGET_TERMINALS, warmUp } from './rounds.ts'
import { hospitalCodes, personAt } from './world.ts'

/** Median of the quotients of neighbouring rounds: neighbours see the same machine. */
const quotient = (first: readonly Driven[], second: readonly Driven[]): number =>
  median(first.map((r, i) => r.p99 / (second[i]?.p99 ?? Number.NaN)))

/** (e) 2207 with the insurer's answer inside, beside the same service's own interface. */
async function secondStep(pace: Pace): Promise<Figure[]> {
  const generator = startGenerator()
  const service = await startService(await seededFolder(null), null)
  try {
    await warmUp(generator, service, pace)
    const rounds = { native: [] as Driven[], his: [] as Driven[] }
    await drive(generator, service, TARGET_TERMINALS, pace, { wire: 'his' })
    for (let round = 0; round < 2 * pace.rounds + 1; round++) {
      for (const wire of ['native', 'his'] as const) {
        rounds[wire].push(await drive(generator, service, TARGET_TERMINALS, pace, { wire }))
      }
    }
    const figures = (name: string, all: readonly Driven[]): Figure[] => [
      { part: 'e', name: `${name}: settlements`, value: perSecond(all), unit: '/s' },
      { part: 'e', name: `${name}: p50`, value: p50(all), unit: 'ms' },
      { part: 'e', name: `${name}: p99`, value: p99(all), unit: 'ms' },
    ]
    return [
      ...figures(`native settle, ${TARGET_TERMINALS} terminals`, rounds.native),
      ...figures(`2207 second step, ${TARGET_TERMINALS} terminals`, rounds.his),
      {
        part: 'e',
        name: 'p99 of 2207 second step / native settle',
        value: quotient(rounds.his, rounds.native),
        unit: 'ratio',
        target: atMost(1.3),
      },
    ]
  } finally {
    generator.stop()
    await service.stop()
  }
}

/** So many persons are insured with the simulated platform. */
const INSURED = 500
/** Terminals at which the way through us is compared with the way straight to the platform. */
const THROUGH = [1, 8] as const
/** What a platform takes for itself. */
const LATENCY_MS = 20

/** Puts every hospital between itself and the platform. */
async function linkUp(dataDir: string, url: string): Promise<void> {
  const store = await openStore({ dataDir, databaseUrl: null })
  const deps = { store, keys: loadKeys(dataDir), now: Date.now }
  try {
    await setUpstream(deps, OPERATOR, { admdvs: '654002', url, style: 'one', timeout_ms: 20_000 })
    for (const code of hospitalCodes) await setHis(deps, OPERATOR, { code, mode: 'in_between' })
  } finally {
    await store.close()
  }
}

/** (e) What standing in between adds to the platform's own time. */
async function inBetween(pace: Pace): Promise<Figure[]> {
  const platform = await startPlatform()
  const generator = startGenerator()
  const dataDir = await seededFolder(null)
  await linkUp(dataDir, platform.url)
  const service = await startService(dataDir, null)
  const straight: RunningServer = { ...service, port: platform.port }
  const people = Array.from({ length: INSURED }, (_, n) => personAt(n))
  await platform.control({
    latency: LATENCY_MS,
    people: people.map(({ idNumber, name }) => ({
      certno: idNumber,
      psn_name: name,
      psn_no: `6540${idNumber}`,
      balance: 0,
    })),
  })
  const how = { wire: 'hisPlain', persons: INSURED } as const
  try {
    for (const server of [service, straight]) await warmUp(generator, server, pace, how)
    const figures: Figure[] = []
    for (const terminals of THROUGH) {
      const added: number[] = []
      for (let round = 0; round < 2 * pace.rounds + 1; round++) {
        const direct = await drive(generator, straight, terminals, pace, how)
        const through = await drive(generator, service, terminals, pace, how)
        added.push(through.p50 - direct.p50)
      }
      figures.push({
        part: 'e',
        name: `2207 in between, ${terminals} terminals: added to the platform's own time, p50`,
        value: median(added),
        unit: 'ms',
        target: atMost(3),
      })
    }
    return figures
  } finally {
    generator.stop()
    await service.stop()
    await platform.stop()
  }
}

export const nationalInterface = async (pace: Pace): Promise<Figure[]> => [
  ...(await secondStep(pace)),
  ...(await inBetween(pace)),
]
