import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { decisions } from './decisions.ts'
import { type Figure, figuresTable, reached } from './figures.ts'
import { growth } from './growth.ts'
import { nationalInterface } from './his.ts'
import { onPostgres, onSqlite } from './over-http.ts'
import { tidyUp } from './place.ts'
import { startFlags } from './processes.ts'
import { FULL_PACE, QUICK_PACE } from './rounds.ts'

/**
 * `npm run bench -- [--quick] [--only a,c]`: a SQLite and PostgreSQL beside their references (with b),
 * c decisions beside other engines, d latency as the store grows, e the national interface. `--quick` tells whether the bench runs, not how
 * fast the service is, and writes no results.
 */
const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } } })
const quick = values.quick
const only = new Set((values.only ?? 'a,b,c,d,e').split(',').map((part) => part.trim()))
const pace = quick ? QUICK_PACE : FULL_PACE

const busyBefore = Number((loadavg()[0] ?? 0).toFixed(1))

const PARTS: readonly { readonly of: readonly string[]; readonly what: string; run(): Promise<Figure[]> }[] = [
  { of: ['a', 'b'], what: 'settlements on SQLite beside the bare composition', run: () => onSqlite(pace) },
  { of: ['a', 'b'], what: 'settlements on PostgreSQL beside one transaction a request', run: () => onPostgres(pace) },
  { of: ['c'], what: 'decisions beside other engines', run: () => decisions(quick) },
  { of: ['d'], what: 'latency as the store grows', run: () => growth(pace, quick) },
  {
    of: ['e'],
    what: 'the national interface beside the native one, and the way through us',
    run: () => nationalInterface(pace),
  },
]

function writeResults(figures: readonly Figure[], seconds: number): void {
  const [cpu] = cpus()
  const results = {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    flags: startFlags(),
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    /** What else the machine was doing when the bench began: figures in ms mean little when this is above 1. */
    busyBefore,
    seconds: Math.round(seconds),
    figures: figures.map((f) => ({ ...f, value: Number(f.value.toPrecision(4)), reached: reached(f) })),
  }
  writeFileSync(new URL('./results.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`)
}

async function main(): Promise<void> {
  const start = performance.now()
  const figures: Figure[] = []
  for (const part of PARTS) {
    if (!part.of.some((name) => only.has(name))) continue
    console.log(`… ${part.what}`)
    try {
      figures.push(...(await part.run()))
    } finally {
      tidyUp()
    }
  }
  const seconds = (performance.now() - start) / 1000
  console.log(`\n${figuresTable(figures)}\n\n${Math.round(seconds)} s on ${cpus().length} × ${cpus()[0]?.model.trim()}`)
  if (!quick && values.only === undefined) writeResults(figures, seconds)
}

await main()
// zen-engine keeps threads of its own, which would hold the process.
process.exit(0)
