import { beforeAll, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { hisDesk, outcome, visitOf } from '../../test/his-desk.ts'
import { openWorld, SOMEBODY, serviceOn, type World } from '../../test/world.ts'
import type { AnyStore } from '../store/open.ts'
import { postgresBooking } from './booking.postgres.ts'
import { sqliteBooking } from './booking.sqlite.ts'
import type { Booking, Job } from './booking.ts'
import { openDesk } from './desk.ts'

/** Booking on a store that writes down every statement it is asked to run, and on the embedded engine their texts. */
function overheard(store: AnyStore, said: string[], texts: string[]): Booking {
  if (store.engine === 'postgres') {
    const listen = (client: { query: (q: { name: string }) => Promise<unknown> }) => ({
      query: (q: { name: string }) => {
        said.push(q.name)
        return client.query(q)
      },
    })
    return postgresBooking({
      ...store,
      withClient: (work, begin) =>
        store.withClient((client, ends) => work(listen(client as never) as never, ends), begin),
    })
  }
  const { writer } = store
  const prepare = (sql: string) => {
    const statement = writer.prepare(sql)
    texts.push(sql)
    for (const way of ['get', 'all', 'run'] as const) {
      const run = (statement[way] as (...values: unknown[]) => unknown).bind(statement)
      Object.assign(statement, {
        [way]: (...values: unknown[]) => {
          said.push(/(?:FROM|INTO|UPDATE) (\w+)/.exec(sql)?.[1] ?? sql)
          return run(...values)
        },
      })
    }
    return statement
  }
  return sqliteBooking({ ...store, writer: { prepare, transaction: writer.transaction.bind(writer) } as never })
}

eachEngine((engine, open) => {
  let w: World
  let his: ReturnType<typeof hisDesk>
  const said: string[] = []
  const texts: string[] = []
  beforeAll(async () => {
    w = await openWorld(engine, open)
    const service = serviceOn(w.place, w.store, w.log, () => w.clock)
    const desk = openDesk(service.deps, overheard(w.store, said, texts), service.deps.directory)
    his = hisDesk({ ...w, service: { ...service, deps: { ...service.deps, desk } } })
  })
  const heard = async (...jobs: Job[]) => {
    said.length = 0
    const words = (await Promise.all(jobs.map((job) => his.submit(job)))).map(outcome)
    return { words, said: [...said] }
  }
  const native = (job: ReturnType<typeof his.settleJob>) => {
    const { document: _, ...bare } = job
    return { ...bare, scope: w.terminal.id, key: `key-of-terminal-${job.no}` }
  }

  test('a bill of a terminal costs no statement more for the HIS that others have', async () => {
    const job = native(his.settleJob(visitOf(SOMEBODY)))
    const settled = await heard(job, native(his.settleJob(visitOf(SOMEBODY))))
    expect(settled.words).toEqual(['201', '201'])
    const reversal = his.reverseJob({ no: job.no })
    const { document: _, ...bare } = { ...reversal, scope: w.terminal.id, key: `key-of-terminal-${reversal.no}` }
    const reversed = await heard(bare)
    expect(reversed.words).toEqual(['201'])
    const ofHis = (statements: string[]) => statements.filter((s) => s.includes('his'))
    if (engine === 'postgres') {
      expect(settled.said).toEqual(['booking-load', 'booking-write'])
      expect(reversed.said).toEqual(settled.said)
    } else {
      expect(ofHis(settled.said)).toEqual([])
      // Whether what is taken back has a document is one point read.
      expect(ofHis(reversed.said)).toEqual(['his_document'])
    }
  })

  test('jobs of a HIS share their batch, and on a server two statements more, with the others', async () => {
    const jobs = [
      native(his.settleJob(visitOf(SOMEBODY))),
      his.settleJob(visitOf(SOMEBODY)),
      his.settleJob(visitOf(SOMEBODY)),
    ]
    const { words, said: statements } = await heard(...jobs)
    expect(words).toEqual(['201', '201', '201'])
    if (engine === 'postgres')
      expect(statements).toEqual(['booking-load-his', 'booking-load', 'booking-write', 'booking-write-his'])
    else expect(statements.filter((s) => s === 'lane')).toHaveLength(2)
  })

  test.runIf(engine === 'sqlite')('every read of a booking finds its rows by all it asks for', () => {
    if (w.store.engine !== 'sqlite') throw new Error('only the embedded engine is asked read by read')
    const { writer } = w.store
    const loose = texts
      .filter((sql) => / WHERE .*\?/s.test(sql) && sql.startsWith('SELECT'))
      .map((sql) => ({ sql, asked: sql.split('?').length - 1 }))
      .filter(({ sql, asked }) => {
        const plan = writer.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...Array(asked).fill('')) as { detail: string }[]
        return !plan.every(({ detail }) => detail.startsWith('SEARCH') && detail.split(/[=<>]\?/).length - 1 === asked)
      })
    expect([texts.length > 20, loose]).toEqual([true, []])
  })
})
