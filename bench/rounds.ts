import { type Figure, median } from './figures.ts'
import type { LoadOrder, LoadResult } from './load.ts'
import type { Generator, RunningServer } from './processes.ts'

/** How long and how often things are measured. */
export interface Pace {
  readonly seconds: number
  readonly warmSeconds: number
  readonly rounds: number
  readonly terminals: readonly number[]
}
export const FULL_PACE: Pace = { seconds: 4, warmSeconds: 0.5, rounds: 3, terminals: [1, 16, 64, 256] }
export const QUICK_PACE: Pace = { seconds: 0.7, warmSeconds: 0.3, rounds: 1, terminals: [64] }

/** The crowd at which the targets are stated; it is measured in more rounds than the others. */
export const TARGET_TERMINALS = 64

export interface Driven extends LoadResult {
  /** Processor time of the server for one answer, in µs: what it costs, however busy the machine is. */
  readonly cpu: number
}

let run = 0
/** One load against one server; an answer other than 201 spoils the whole bench. */
export async function drive(
  generator: Generator,
  server: RunningServer,
  terminals: number,
  time: Pick<Pace, 'seconds' | 'warmSeconds'>,
  how: Pick<LoadOrder, 'wire' | 'persons'> = {},
): Promise<Driven> {
  run += 1
  const { seconds, warmSeconds } = time
  const before = server.cpu()
  const result = await generator.run({ port: server.port, terminals, seconds, warmSeconds, run, ...how })
  if (Object.keys(result.errors).length > 0) throw new Error(`answers other than 201: ${JSON.stringify(result.errors)}`)
  if (result.answers === 0) throw new Error('no answers at all')
  return { ...result, cpu: ((server.cpu() - before) * 1000) / result.all }
}

const WARM_ANSWERS = 15_000
const WARM_ROUNDS = 8

/** Lets a server run until its code is compiled; on a busy machine that is a matter of answers, not of seconds. */
export async function warmUp(
  generator: Generator,
  server: RunningServer,
  pace: Pace,
  how: Pick<LoadOrder, 'wire' | 'persons'> = {},
): Promise<void> {
  const time = { seconds: pace.seconds, warmSeconds: 0 }
  let answers = 0
  for (let round = 0; round < WARM_ROUNDS && answers < WARM_ANSWERS; round++) {
    answers += (await drive(generator, server, TARGET_TERMINALS, time, how)).all
    if (pace.rounds === 1) return
  }
}

/** Drives two servers in turn, so that whatever disturbs the machine disturbs both. */
export async function takeTurns(
  generator: Generator,
  first: RunningServer,
  second: RunningServer,
  pace: Pace,
): Promise<{ terminals: number; first: Driven[]; second: Driven[] }[]> {
  const all = []
  for (const server of [first, second]) await warmUp(generator, server, pace)
  for (const terminals of pace.terminals) {
    const rounds = terminals === TARGET_TERMINALS ? 2 * pace.rounds - 1 : pace.rounds
    const measured = { terminals, first: [] as Driven[], second: [] as Driven[] }
    for (let round = 0; round < rounds; round++) {
      measured.first.push(await drive(generator, first, terminals, pace))
      measured.second.push(await drive(generator, second, terminals, pace))
    }
    all.push(measured)
  }
  return all
}

export const perSecond = (results: readonly LoadResult[]): number => median(results.map((r) => r.perSecond))
export const p50 = (results: readonly LoadResult[]): number => median(results.map((r) => r.p50))
export const p99 = (results: readonly LoadResult[]): number => median(results.map((r) => r.p99))

/** Median of the ratios of neighbouring rounds: neighbours see the same machine. */
export const ratio = (first: readonly LoadResult[], second: readonly LoadResult[]): number =>
  median(first.map((r, i) => r.perSecond / (second[i]?.perSecond ?? Number.NaN)))

export const rateFigures = (part: Figure['part'], name: string, results: readonly Driven[]): Figure[] => [
  { part, name: `${name}: settlements`, value: perSecond(results), unit: '/s' },
  { part, name: `${name}: p50`, value: p50(results), unit: 'ms' },
  { part, name: `${name}: p99`, value: p99(results), unit: 'ms' },
  { part, name: `${name}: processor time`, value: median(results.map((r) => r.cpu)), unit: 'µs each' },
]
