import { type Fen, formatYuan } from '../../kernel/money.ts'
import type { CounterOwner } from '../claim.ts'
import {
  compileConditions,
  compileMoney,
  compileRows,
  type DiseaseTest,
  type Env,
  fits,
  pick,
  type Row,
  type Test,
} from '../conditions.ts'
import { add, type Scene, soFar, type Tally } from '../scene.ts'
import type { LimitsDocument, PoolDocument } from '../schema.ts'
import type { Period } from '../words.ts'

interface Most {
  /** null: no limit. */
  readonly amount: Fen | null
  readonly times: number | null
}

export interface Pool {
  readonly key: string
  readonly law: string
  readonly label: string
  readonly per: Period
  readonly owner: CounterOwner
  readonly inside: string | null
  readonly counts: boolean
  readonly rows: readonly Row<Most>[]
  readonly prefix: string
  readonly diseases: readonly (readonly [string, DiseaseTest])[]
}

/** A pool and when it counts. */
export interface Reach {
  readonly pool: Pool
  /** The conditions of every naming that reaches the pool, one set fitting is enough; null: it always counts. */
  readonly ways: readonly (readonly Test[])[] | null
}

export interface Limits {
  readonly law: string
  /** From the inner pools to those around them, each once. */
  readonly pools: readonly Reach[]
}

export function compilePool(key: string, document: PoolDocument, env: Env): Pool {
  const most = (row: { amount?: PoolDocument['amount']; times?: number | undefined }): Most => ({
    amount: row.amount === undefined || row.amount === 'none' ? null : compileMoney(row.amount, env),
    times: row.times ?? null,
  })
  return {
    key,
    law: document.law,
    label: document.label,
    per: document.per,
    owner: document.per === 'household_year' ? 'household' : 'person',
    inside: document.inside ?? null,
    counts: document.times !== undefined || (document.rows ?? []).some((row) => row.times !== undefined),
    rows: document.rows ? compileRows(document.rows, env, most) : [{ tests: [], value: most(document) }],
    prefix: `${env.scheme}/${key}/`,
    diseases: Object.entries(env.diseases),
  }
}

/** The pools a benefit names and all those around them: a pool counts when any naming that fits reaches it. */
export function compileLimits(document: LimitsDocument, pools: ReadonlyMap<string, Pool>, env: Env): Limits {
  const ways = new Map<Pool, (readonly Test[])[]>()
  for (const one of document.pools) {
    const tests = typeof one === 'string' ? [] : compileConditions(one, env)
    let name: string | null = typeof one === 'string' ? one : one.pool
    while (name !== null) {
      const pool = pools.get(name)
      if (pool === undefined) throw new Error(`unknown pool ${name}`)
      ways.set(pool, [...(ways.get(pool) ?? []), tests])
      name = pool.inside
    }
  }
  return {
    law: document.law,
    pools: outwards([...ways.keys()]).map((pool) => {
      const sets = ways.get(pool) ?? []
      return { pool, ways: sets.some((tests) => tests.length === 0) ? null : sets }
    }),
  }
}

/** In the order of their naming, but none before the pools inside it. */
function outwards(named: readonly Pool[]): readonly Pool[] {
  const placed = new Set<Pool>()
  const place = (pool: Pool): void => {
    if (placed.has(pool)) return
    for (const inner of named) if (inner.inside === pool.key) place(inner)
    placed.add(pool)
  }
  for (const pool of named) place(pool)
  return [...placed]
}

const diseaseOf = (pool: Pool, scene: Scene): string =>
  pool.diseases.find(([, test]) => test(scene))?.[0] ?? scene.claim.disease_code ?? scene.claim.diagnoses[0] ?? 'none'

const quarterOf = (scene: Scene): number => Math.ceil(Number(scene.day.slice(5, 7)) / 3)

/** "2026", "2026-Q4", "2026/cancer", "life"; a pool for one bill has no period to carry. */
export function periodOf(pool: Pool, scene: Scene): string {
  switch (pool.per) {
    case 'person_quarter':
      return `${scene.year}-Q${quarterOf(scene)}`
    case 'disease_year':
      return `${scene.year}/${diseaseOf(pool, scene)}`
    case 'lifetime':
      return 'life'
    case 'bill':
      return 'bill'
    default:
      return `${scene.year}`
  }
}

/** One pool as this bill finds it. `room` is in fen, Infinity without a limit, 0 when the times are used up. */
export interface Found {
  readonly pool: Pool
  readonly key: string
  readonly period: string
  readonly limit: number | null
  readonly used: number
  readonly room: number
  /** The document says nothing for this bill. */
  readonly silent: boolean
}

/** Every pool that counts for this bill; a pool without a row for the bill gives nothing rather than everything. */
export function findPools(stage: Limits, scene: Scene): readonly Found[] {
  const found: Found[] = []
  for (const { pool, ways } of stage.pools) {
    if (ways !== null && !ways.some((tests) => fits(tests, scene))) continue
    const most = pick(pool.rows, scene)
    const period = periodOf(pool, scene)
    const key = pool.prefix + period
    const used = pool.per === 'bill' ? (scene.tally.spent?.get(key) ?? 0) : soFar(scene.tally, pool.owner, key)
    const limit = most === undefined ? 0 : pool.counts ? most.times : most.amount
    const left = limit === null ? Infinity : Math.max(0, limit - used)
    found.push({
      pool,
      key,
      period,
      limit,
      used,
      room: pool.counts && left > 0 ? Infinity : left,
      silent: most === undefined,
    })
  }
  return found
}

/** Books what a benefit takes from a pool; one for a single bill leaves no running total behind. */
export function draw(tally: Tally, { pool, key }: Found, amount: number): void {
  if (pool.per !== 'bill') {
    add(tally, pool.owner, key, amount)
    return
  }
  tally.spent ??= new Map()
  tally.spent.set(key, (tally.spent.get(key) ?? 0) + amount)
}

export const sayPool = ({ pool, limit, used }: Found): string => {
  if (limit === null) return `${pool.label}不设限额`
  return pool.counts
    ? `${pool.label} ${limit} 次，已用 ${used} 次`
    : `${pool.label} ${formatYuan(limit)}，已用 ${formatYuan(used)}`
}
