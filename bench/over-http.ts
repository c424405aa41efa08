import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { atLeast, atMost, type Figure } from './figures.ts'
import { freshFolder, seededFolder, startService } from './place.ts'
import { startPostgres } from './postgres.ts'
import { type Generator, startGenerator, startServer } from './processes.ts'
import { drive, type Pace, rateFigures, ratio, TARGET_TERMINALS, takeTurns } from './rounds.ts'
import { takeSamples } from './samples.ts'

const MAX_RSS_MIB = 300
const MEMORY_EVERY_MS = 250

/** What the load generator reaches where nothing is done: it must be far above all that it measures. */
async function ceiling(generator: Generator): Promise<Figure> {
  const echo = await startServer('./server-echo.ts', {})
  try {
    await drive(generator, echo, TARGET_TERMINALS, { seconds: 0.5, warmSeconds: 0.5 })
    const result = await drive(generator, echo, TARGET_TERMINALS, { seconds: 2, warmSeconds: 0.2 })
    return { part: 'a', name: 'generator against an echo', value: result.perSecond, unit: '/s' }
  } finally {
    await echo.stop()
  }
}

/** Highest memory seen while something ran. */
function watch(read: () => number) {
  let most = read()
  const timer = setInterval(() => {
    most = Math.max(most, read())
  }, MEMORY_EVERY_MS)
  return () => {
    clearInterval(timer)
    return Math.max(most, read())
  }
}

const target = (terminals: number, wanted: ReturnType<typeof atLeast> | ReturnType<typeof atMost>) =>
  terminals === TARGET_TERMINALS ? { target: wanted } : {}

/** (a) and (b) on SQLite: the service beside the bare composition. */
export async function onSqlite(pace: Pace): Promise<Figure[]> {
  const bareDir = freshFolder()
  writeFileSync(join(bareDir, 'samples.json'), JSON.stringify(await takeSamples()))
  const generator = startGenerator()
  const figures = [await ceiling(generator)]
  const service = await startService(await seededFolder(null), null)
  const bare = await startServer('./server-bare.ts', { DATA_DIR: bareDir })
  try {
    const highest = watch(() => service.memory().now)
    for (const { terminals, first, second } of await takeTurns(generator, service, bare, pace)) {
      const [rate, p50, p99, cpu] = rateFigures('a', `SQLite, ${terminals} terminals`, first)
      if (!rate || !p50 || !p99 || !cpu) continue
      figures.push(rate, p50, { ...p99, ...target(terminals, atMost(30)) }, cpu)
      figures.push(...rateFigures('b', `bare composition, ${terminals} terminals`, second))
      figures.push({
        part: 'b',
        name: `SQLite / bare composition, ${terminals} terminals`,
        value: ratio(first, second),
        unit: 'ratio',
        ...target(terminals, atLeast(0.6)),
        note: terminals === TARGET_TERMINALS ? 'aim 0.75' : '',
      })
    }
    figures.push({ part: 'a', name: 'RSS under load', value: highest(), unit: 'MiB', target: atMost(MAX_RSS_MIB) })
  } finally {
    generator.stop()
    await Promise.all([service.stop(), bare.stop()])
  }
  return figures
}

/** (a) and (b) on PostgreSQL: the service beside one transaction a request. */
export async function onPostgres(pace: Pace): Promise<Figure[]> {
  const postgres = await startPostgres()
  const generator = startGenerator()
  const figures: Figure[] = []
  try {
    const urls = [await postgres.database('service'), await postgres.database('reference')] as const
    const service = await startService(await seededFolder(urls[0]), urls[0])
    const referenceDir = await seededFolder(urls[1])
    const reference = await startServer('./server-one-each.ts', { DATA_DIR: referenceDir, DATABASE_URL: urls[1] })
    try {
      for (const { terminals, first, second } of await takeTurns(generator, service, reference, pace)) {
        figures.push(...rateFigures('a', `PostgreSQL, ${terminals} terminals`, first))
        figures.push(...rateFigures('b', `one transaction a request, ${terminals} terminals`, second))
        figures.push({
          part: 'b',
          name: `PostgreSQL / one transaction a request, ${terminals} terminals`,
          value: ratio(first, second),
          unit: 'ratio',
          ...target(terminals, atLeast(3)),
        })
      }
    } finally {
      await Promise.all([service.stop(), reference.stop()])
    }
  } finally {
    generator.stop()
    await postgres.stop()
  }
  return figures
}
