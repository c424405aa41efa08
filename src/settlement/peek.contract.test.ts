import { beforeAll, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { bill, HOSPITAL, openWorld, RULE, type World } from '../../test/world.ts'
import { isRefusal } from '../kernel/refusal.ts'
import type { AnyStore } from '../store/open.ts'
import { type Bill, billSchema } from './bill.ts'
import { postgresBooking } from './booking.postgres.ts'
import { sqliteBooking } from './booking.sqlite.ts'
import type { Booking, SettleJob } from './booking.ts'
import { preview } from './settle.ts'

const COMMIT = [
  "UPDATE lane SET seq = seq + 1 WHERE name = 'ledger'",
  "INSERT INTO his_person (psn_blind, person_blind, at) VALUES ('psn', 'person', 1)",
]

/** Booking on a store to which somebody else commits after the first answer that is read. */
function disturbed(store: AnyStore, other: AnyStore): Booking {
  let left = 1
  if (store.engine === 'sqlite' && other.engine === 'sqlite') {
    const { writer } = store
    const prepare = (sql: string) => {
      const statement = writer.prepare(sql)
      const all = statement.all.bind(statement)
      statement.all = (...values: unknown[]) => {
        const rows = all(...values)
        if (left-- > 0) other.writer.transaction(() => COMMIT.map((one) => other.writer.exec(one)))()
        return rows
      }
      return statement
    }
    const transaction = writer.transaction.bind(writer)
    return sqliteBooking({ ...store, writer: { prepare, transaction } as never })
  }
  if (store.engine !== 'postgres' || other.engine !== 'postgres') throw new Error('two stores of one engine')
  const disturb = (client: { query: (q: object) => Promise<unknown> }) => ({
    query: async (q: object) => {
      const found = await client.query(q)
      if (left-- > 0) await other.pool.query(`BEGIN; ${COMMIT.join('; ')}; COMMIT`)
      return found
    },
  })
  return postgresBooking({
    ...store,
    pool: disturb(store.pool as never) as never,
    withClient: (work, begin) =>
      store.withClient((client, ends) => work(disturb(client as never) as never, ends), begin),
  })
}

eachEngine((engine, open) => {
  let w: World
  beforeAll(async () => {
    w = await openWorld(engine, open)
  })

  test('a preview is decided on facts and rules of one moment, though both change while it is made', async () => {
    const { desk } = w.service.deps
    let before = true
    const peek: Booking['peek'] = async (jobs) => {
      const loaded = await desk.booking.peek(jobs)
      if (before) {
        before = false
        await w.settle(bill())
        await w.publish(RULE.replace('start: "2023-01-01"', 'start: "2026-10-15"').replace('"0.75"', '"0.50"'))
        // Some other request has the reference data read again.
        await desk.directory.now()
      }
      return loaded
    }
    const caller = { kind: 'terminal', id: w.terminal.id, hospital: HOSPITAL } as const
    const shown = await preview({ ...desk, booking: { ...desk.booking, peek } }, caller, billSchema.parse(bill()))
    if (isRefusal(shown)) throw new Error(shown.detail)
    const moments = [
      ['2023-01-01', '0.00'],
      ['2026-10-15', '750.00'],
    ]
    expect(moments).toContainEqual([shown.rule?.version, shown.limits[0]?.used_before])
  })

  test('what is read for a preview is of one moment, whoever books meanwhile', async () => {
    const read: Bill = billSchema.parse(bill())
    const terminal = { id: w.terminal.id, hospital: HOSPITAL }
    const asked = { terminal, scope: 's', key: 'k', fingerprint: 'f', at: 1, no: 'N', verify: 'V' }
    const of = { bill: read, archived: '', personBlind: 'p', nameBlind: 'n', previewId: null }
    const job: SettleJob = { kind: 'settle', ...asked, ...of, learn: { psn_blind: 'psn', person_blind: 'person' } }
    const { peek } = w.service.deps.desk.booking
    const before = (await peek([job])).ledger.seq
    const { ledger, psns } = await disturbed(w.store, await open(w.place)).peek([job])
    expect([ledger.seq - before, psns.size]).toEqual([0, 0])
    const later = await peek([job])
    expect([later.ledger.seq - before, later.psns.size]).toEqual([1, 1])
  })
})
