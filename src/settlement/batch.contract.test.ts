import { eq } from 'drizzle-orm'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { checkLedger } from '../../test/oracle.ts'
import { type Person, residentId } from '../../test/people.ts'
import { bill, billOf, newKey, openWorld, type Terminal, type World } from '../../test/world.ts'
import type { Caller } from '../access/caller.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { billSchema } from './bill.ts'
import type { BookingResult, Loaded } from './booking.ts'
import { reverse as reverseVerb } from './reverse.ts'
import { settle as settleVerb } from './settle.ts'

const callerOf = (t: Terminal): Caller => ({ kind: 'terminal', id: t.id, hospital: t.hospital })
const outcome = (r: BookingResult | undefined) =>
  r === undefined ? undefined : isRefusal(r) ? r.refusal : r.replayed ? `${r.status} replayed` : String(r.status)

eachEngine((engine, open) => {
  let w: World
  let people = 200
  beforeAll(async () => {
    w = await openWorld(engine, open)
  })
  afterEach(async () => {
    await checkLedger(w.store)
  })

  /** Jobs handed in within one turn of the event loop run as one batch, in this order. */
  const settle = (body: object, key = newKey(), terminal = w.terminal) =>
    settleVerb(w.service.deps.desk, callerOf(terminal), billSchema.parse(body), key, null)
  const reverse = (no: string, key = newKey(), terminal = w.terminal) =>
    reverseVerb(w.service.deps.desk, callerOf(terminal), no, '录入有误', key)
  const fresh = async (): Promise<Person> => {
    const person = { id: residentId(++people), name: '加娜尔' }
    await w.register(person)
    return person
  }
  const bodyOf = (r: BookingResult | undefined) => JSON.parse(r && !isRefusal(r) ? r.body : '{}')

  describe('jobs of one batch see each other as if each had a transaction of its own', () => {
    test('the same key twice: one booking, one replay, the same bytes', async () => {
      const [body, key] = [bill(), newKey()]
      const results = await Promise.all([settle(body, key), settle(body, key)])
      expect(results.map(outcome)).toEqual(['201', '201 replayed'])
      expect(bodyOf(results[0])).toEqual(bodyOf(results[1]))
    })

    test('the same key with another bill: 422', async () => {
      const key = newKey()
      const results = await Promise.all([settle(bill(), key), settle(bill(), key)])
      expect(results.map(outcome)).toEqual(['201', 'idempotency_key_reused'])
    })

    test('the same bill under two keys: one booking, one 409 with its address', async () => {
      const body = bill()
      const results = await Promise.all([settle(body), settle(body, newKey(), w.second)])
      expect(results.map(outcome)).toEqual(['201', '409'])
      expect(results[1]).toMatchObject({ location: `/v1/settlements/${bodyOf(results[0]).settlement_no}` })
    })

    test('a refused bill, twice under its key: refused once, replayed once', async () => {
      const [body, key] = [bill({ insurance: { type: 'resident', admdvs: '110100' } }), newKey()]
      expect((await Promise.all([settle(body, key), settle(body, key)])).map(outcome)).toEqual(['422', '422 replayed'])
    })

    test('reverse, settle the bill again, reverse the old number again', async () => {
      const body = bill()
      const { settlement_no } = bodyOf(await settle(body))
      const results = await Promise.all([
        settle(body),
        reverse(settlement_no),
        settle(body),
        settle(body),
        reverse(settlement_no),
      ])
      expect(results.map(outcome)).toEqual(['409', '201', '201', '409', '409'])
      expect(results[3]).toMatchObject({ location: `/v1/settlements/${bodyOf(results[2]).settlement_no}` })
      expect(results[4]).toMatchObject({ location: `/v1/settlements/${bodyOf(results[1]).settlement_no}` })
      expect(bodyOf(results[1]).ledger_seq + 1).toBe(bodyOf(results[2]).ledger_seq)
    })

    test('a limit given back by a reversal is there for the next bill of the batch', async () => {
      const person = await fresh()
      const { settlement_no } = bodyOf(await settle(billOf(person, '80000.00')))
      const results = await Promise.all([
        settle(billOf(person, '100.00')),
        reverse(settlement_no),
        settle(billOf(person, '100.00')),
      ])
      expect(results.map((r) => bodyOf(r).assistance_paid)).toEqual(['0.00', '-69000.00', '75.00'])
    })

    test('the second bill of a person finds what the first one used', async () => {
      const person = await fresh()
      const results = await Promise.all(['1000.00', '1000.00', '1000.00'].map((base) => settle(billOf(person, base))))
      const used = results.map((r) => bodyOf(r).limits[0].used_before)
      expect(used).toEqual(['0.00', '750.00', '1500.00'])
    })

    test('numbers follow the order in which the jobs came', async () => {
      const results = await Promise.all(Array.from({ length: 40 }, () => settle(bill())))
      const seqs = results.map((r) => bodyOf(r).ledger_seq as number)
      expect(seqs).toEqual(seqs.map((_, i) => (seqs[0] ?? 0) + i))
    })

    test('a booking waits for the write of an official that is under way', async () => {
      const { store } = w
      const { booking } = w.service.deps.desk
      const job = {
        terminal: w.terminal,
        scope: w.terminal.id,
        key: newKey(),
        fingerprint: 'f',
        at: 1,
        no: newKey(),
        verify: 'V',
      }
      const reversal = { ...job, kind: 'reverse', target: { no: 'none' }, reason: 'r' } as const
      let booked: Promise<unknown> = Promise.resolve()
      let peeked: Promise<Loaded> | null = null
      const act = store.write(async (tx) => {
        await tx.update(store.tables.lane).set({ seq: 999_999 }).where(eq(store.tables.lane.name, 'office'))
        booked = booking.run([reversal], ({ officeSeq }) => ({ stale: officeSeq }))
        peeked = booking.peek([reversal])
        await tx.select().from(store.tables.lane)
        throw new Error('taken back')
      })
      await expect(act).rejects.toThrow('taken back')
      expect(await booked).not.toEqual({ stale: 999_999 })
      expect((await (peeked as unknown as Promise<Loaded>)).officeSeq).not.toBe(999_999)
    })

    test('a job that breaks on a fault of ours takes no other job with it', async () => {
      const { desk } = w.service.deps
      const { settlement_no } = bodyOf(await settle(bill()))
      // The same number twice cannot be stored: the first way to a fault in the middle of a batch that comes to mind.
      const broken = { ...desk, submit: (job: object) => desk.submit({ ...job, no: settlement_no } as never) }
      const bad = settleVerb(broken as never, callerOf(w.terminal), billSchema.parse(bill()), newKey(), null)
      const results = await Promise.allSettled([settle(bill()), bad, settle(bill())])
      expect(results.map((r) => r.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    })
  })

  test('R13: 100 reversals of one settlement at once, one winner', async () => {
    const { settlement_no } = bodyOf(await settle(bill()))
    const results = await Promise.all(Array.from({ length: 100 }, () => reverse(settlement_no)))
    expect(results.filter((r) => outcome(r) === '201')).toHaveLength(1)
    expect(results.filter((r) => outcome(r) === '409')).toHaveLength(99)
  })
})
