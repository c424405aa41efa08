import { afterEach, beforeAll, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { checkLedger } from '../../test/oracle.ts'
import { type Person, residentId } from '../../test/people.ts'
import {
  type Answer,
  bill,
  billOf,
  newKey,
  openWorld,
  RULE,
  TODAY,
  UNCATEGORISED,
  type World,
} from '../../test/world.ts'

const code = (a: Answer) => [a.status, a.json?.code]
const annual = (a: Answer) => a.json.limits.find((l: { pool: string }) => l.pool === 'annual')

eachEngine((engine, open) => {
  let w: World
  let person: Person
  let people = 100
  beforeAll(async () => {
    w = await openWorld(engine, open)
  })
  afterEach(async () => {
    w.clock = TODAY
    await checkLedger(w.store)
  })
  /** Somebody nobody has settled for yet. */
  const fresh = async () => {
    person = { id: residentId(++people), name: '努尔兰·别克' }
    await w.register(person)
    return person
  }

  test('gives the limit back to the last fen, and says so', async () => {
    await fresh()
    const first = await w.settle(billOf(person, '1000.01'))
    expect(annual(first)).toMatchObject({ used_before: '0.00', used_after: '750.01' })
    const reversal = await w.reverse(first.json.settlement_no)
    expect(reversal.status).toBe(201)
    expect(reversal.json).toMatchObject({
      status: 'reversal',
      reverses: first.json.settlement_no,
      assistance_paid: '-750.01',
      patient_pays: '-250.00',
      ledger_seq: first.json.ledger_seq + 1,
    })
    expect(annual(reversal)).toMatchObject({ used_before: '750.01', used_after: '0.00', left: '60000.00' })
    expect(annual(await w.settle(billOf(person, '1.00')))).toMatchObject({ used_before: '0.00' })
  })

  test('the original is then shown as reversed, with the number that reversed it', async () => {
    const body = bill()
    const { json } = await w.settle(body)
    const reversal = (await w.reverse(json.settlement_no)).json
    for (const path of [`/${json.settlement_no}`, `?bill_no=${body.bill_no}`]) {
      const found = await w.call('GET', `/v1/settlements${path}`, { terminal: w.terminal })
      expect(found.json).toEqual({ ...json, status: 'reversed', reversed_by: reversal.settlement_no })
    }
    const itself = await w.call('GET', `/v1/settlements/${reversal.settlement_no}`, { terminal: w.terminal })
    expect(itself.json).toEqual(reversal)
  })

  test('same key, same reason: the same bytes; other reason: 422', async () => {
    const { json } = await w.settle(bill())
    const key = newKey()
    const first = await w.reverse(json.settlement_no, key)
    const again = await w.reverse(json.settlement_no, key)
    expect([again.status, again.text, again.headers.get('idempotent-replayed')]).toEqual([201, first.text, 'true'])
    const path = `/v1/settlements/${json.settlement_no}/reversal`
    const other = await w.call('POST', path, { body: { reason: '别的' }, key, terminal: w.terminal })
    expect(code(other)).toEqual([422, 'idempotency_key_reused'])
  })

  test('R13: a second reversal is refused for ever, with the address of the first', async () => {
    const { json } = await w.settle(bill())
    const first = await w.reverse(json.settlement_no)
    const key = newKey()
    const second = await w.reverse(json.settlement_no, key)
    expect(code(second)).toEqual([409, 'already_reversed'])
    expect(second.headers.get('location')).toBe(`/v1/settlements/${first.json.settlement_no}`)
    const again = await w.reverse(json.settlement_no, key)
    expect([again.text, again.headers.get('location')]).toEqual([second.text, second.headers.get('location')])
  })

  test('R13: a reversal cannot be reversed, and that is final', async () => {
    const { json } = await w.settle(bill())
    const reversal = await w.reverse(json.settlement_no)
    const key = newKey()
    const refused = await w.reverse(reversal.json.settlement_no, key)
    expect(code(refused)).toEqual([422, 'reversal_not_reversible'])
    const again = await w.reverse(reversal.json.settlement_no, key)
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([refused.text, 'true'])
  })

  test("another hospital's number is answered like one that does not exist, and nothing is kept", async () => {
    const { json } = await w.settle(bill())
    const key = newKey()
    const theirs = await w.reverse(json.settlement_no, key, w.stranger)
    const unknown = await w.reverse('2026110110000000000000', key, w.stranger)
    expect(code(theirs)).toEqual([404, 'settlement_not_found'])
    expect(theirs.text.replace(json.settlement_no, 'N')).toBe(unknown.text.replace('2026110110000000000000', 'N'))
    expect((await w.reverse(json.settlement_no, key, w.second)).status).toBe(201)
  })

  test('R13: after the end of the year it restores the year it came from', async () => {
    await fresh()
    w.clock = Date.parse('2026-12-31T23:59:59+08:00')
    const stay = { admitted_on: '2026-12-20', discharged_on: '2026-12-31' }
    const first = await w.settle(billOf(person, '80000.00', stay))
    expect(first.json.assistance_paid).toBe('69000.00')
    w.clock = Date.parse('2027-01-01T00:00:00+08:00')
    const other = await w.settle(billOf(person, '100.00', { admitted_on: '2026-12-31', discharged_on: '2027-01-01' }))
    expect(annual(other)).toMatchObject({ year: 2027, used_before: '0.00', used_after: '75.00' })
    const reversal = await w.reverse(first.json.settlement_no)
    expect(annual(reversal)).toMatchObject({ year: 2026, used_after: '0.00' })
    expect(annual(await w.settle(billOf(person, '100.00', stay)))).toMatchObject({ year: 2026, used_before: '0.00' })
    const late = await w.settle(billOf(person, '100.00', { admitted_on: '2027-01-01', discharged_on: '2027-01-01' }))
    expect(annual(late)).toMatchObject({ year: 2027, used_before: '75.00' })
  })

  test('all limits the settlement took from are given back, also the second tier', async () => {
    await fresh()
    const first = await w.settle(billOf(person, '80000.00'))
    const used = Object.fromEntries(
      first.json.limits.map((l: { pool: string; used_after: string }) => [l.pool, l.used_after]),
    )
    expect(used).toEqual({ annual: '60000.00', tilt: '9000.00' })
    await w.reverse(first.json.settlement_no)
    const again = await w.settle(billOf(person, '80000.00'))
    expect(again.json.limits).toEqual(first.json.limits)
    expect(again.json.assistance_paid).toBe(first.json.assistance_paid)
  })

  test('a settlement of 0.00 is reversed like any other: its bill is free again', async () => {
    const body = billOf(UNCATEGORISED, '10.00')
    const { json } = await w.settle(body)
    expect((await w.reverse(json.settlement_no)).json.assistance_paid).toBe('0.00')
    expect((await w.settle(body)).status).toBe(201)
  })

  test('after the rule has changed, what was taken under the old one is given back', async () => {
    await fresh()
    const first = await w.settle(billOf(person, '1000.00'))
    await w.publish(
      RULE.replace('start: "2023-01-01"', 'start: "2026-10-01"').replace('ratio: "0.75"', 'ratio: "0.50"'),
    )
    const second = await w.settle(billOf(person, '1000.00'))
    expect(second.json).toMatchObject({ assistance_paid: '500.00', rule: { version: '2026-10-01' } })
    const reversal = await w.reverse(first.json.settlement_no)
    expect(reversal.json.assistance_paid).toBe('-750.00')
    expect(annual(reversal)).toMatchObject({ used_before: '1250.00', used_after: '500.00' })
  })
})
