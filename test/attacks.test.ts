import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from './engines.ts'
import { checkLedger, checkRecomputes } from './oracle.ts'
import { type Person, residentId } from './people.ts'
import {
  type Answer,
  bill,
  billOf,
  HOSPITAL,
  newKey,
  openWorld,
  patientOf,
  RULE,
  SOMEBODY,
  type World,
} from './world.ts'

const code = (a: Answer) => [a.status, a.json?.code]

/** Rows 15–17, 19 and 25–29 of the attack list: well-formed requests that want what is not theirs. */
eachEngine((engine, open) => {
  let w: World
  let before: Awaited<ReturnType<typeof checkLedger>>
  beforeAll(async () => {
    w = await openWorld(engine, open)
    before = await checkLedger(w.store)
  })
  afterEach(async () => {
    await checkLedger(w.store)
  })

  describe('row 15: ID numbers', () => {
    const as = (id_number: string) => bill({ patient: { id_type: 'resident_id', id_number, name: SOMEBODY.name } })
    const X = Array.from({ length: 400 }, (_, i) => residentId(9000 + i)).find((id) => id.endsWith('X')) as string
    test.each([
      ['wrong check digit', SOMEBODY.id.replace(/.$/, (c) => (c === '0' ? '1' : '0'))],
      ['15 digits', '654002620101000'],
      ['a space inside', SOMEBODY.id.replace('654002', '654002 ')],
      ['full-width digits', SOMEBODY.id.replace('6', '６')],
      ['born tomorrow', '654002203611010016'],
      ['born on a day that does not exist', '654002199902300010'],
    ])('%s: 400', async (_, id) => {
      expect(code(await w.settle(as(id)))).toEqual([400, 'invalid_request'])
    })
    test('x is X, and spaces around it are nothing', async () => {
      await w.register({ id: X, name: SOMEBODY.name })
      const key = newKey()
      const body = as(X)
      const first = await w.settle(body, key)
      expect(first.status).toBe(201)
      const again = await w.settle(
        { ...body, patient: { ...patientOf(SOMEBODY), id_number: ` ${X.toLowerCase()} ` } },
        key,
      )
      expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true'])
    })
  })

  describe('row 16: names that look alike', () => {
    test('composed and decomposed letters are one name and one request', async () => {
      const person: Person = { id: residentId(8001), name: 'Gülnar·Äkim' }
      await w.register(person)
      const [body, key] = [billOf(person, '1.00'), newKey()]
      const first = await w.settle(body, key)
      const again = await w.settle(
        { ...body, patient: { ...patientOf(person), name: person.name.normalize('NFD') } },
        key,
      )
      expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true'])
    })
    test('a Cyrillic letter in a Latin name is another name', async () => {
      const person: Person = { id: residentId(8002), name: 'Aidana' }
      await w.register(person)
      const fake = billOf({ ...person, name: 'Аidana' }, '1.00')
      expect(code(await w.settle(fake))).toEqual([422, 'name_mismatch'])
    })
  })

  describe('row 17: SQL in every field that is text', () => {
    const SQL = `';DROP/**/TABLE/**/settlement;--`
    test('bill, visit, name, reason, number, key, query', async () => {
      const done = await w.settle(
        bill({ bill_no: SQL, visit_no: SQL, diagnoses: [{ code: 'I10', name: `' OR 1=1 --` }] }),
      )
      expect(done.json.bill_no).toBe(SQL)
      const find = (query: string) => w.call('GET', `/v1/settlements${query}`, { terminal: w.terminal })
      expect((await find(`?bill_no=${encodeURIComponent(SQL)}`)).json.settlement_no).toBe(done.json.settlement_no)
      expect((await find(`?bill_no=${encodeURIComponent("' OR '1'='1")}`)).status).toBe(404)
      expect((await find(`/${encodeURIComponent("' OR '1'='1")}`)).status).toBe(400)
      expect((await find(`?request_key=${encodeURIComponent("' OR '1'='1'--")}`)).status).toBe(400)
      expect((await w.settle(bill(), "' OR '1'='1'----")).status).toBe(400)
      expect((await checkLedger(w.store)).settled).toBeGreaterThan(before.settled)
    })
  })

  describe('rows 19 and 29: what belongs to another hospital', () => {
    test('its settlement is answered like one that does not exist', async () => {
      const { json } = await w.settle(bill())
      const read = (no: string) => w.call('GET', `/v1/settlements/${no}`, { terminal: w.stranger })
      const [theirs, unknown] = [await read(json.settlement_no), await read('20261101100000ZZZZZZZZ')]
      expect([theirs.status, theirs.text]).toEqual([404, unknown.text])
      expect([...theirs.headers]).toEqual([...unknown.headers])
    })
    test('its bill and its key are not found either', async () => {
      const [body, key] = [bill(), newKey()]
      await w.settle(body, key)
      for (const query of [`?bill_no=${body.bill_no}`, `?request_key=${key}`]) {
        expect((await w.call('GET', `/v1/settlements${query}`, { terminal: w.stranger })).status).toBe(404)
      }
      expect((await w.settle(body, key, w.stranger)).headers.get('idempotent-replayed')).toBeNull()
    })
    test('numbers cannot be guessed: forty bits of chance behind the second', async () => {
      const answers = await Promise.all(Array.from({ length: 50 }, () => w.settle(bill())))
      const tails = answers.map((a) => a.json.settlement_no.slice(14) as string)
      expect(new Set(tails).size).toBe(50)
      expect(new Set(tails.join('')).size).toBeGreaterThan(25)
    })
  })

  describe('rows 25 to 28: races and dates', () => {
    test('row 26: bills settled while a rule is published are each decided by one rule, whole', async () => {
      const person: Person = {
        id: residentId(8005),
        name: '交替',
        categories: [{ key: 'extremely_poor', from: '2020-01-01' }],
      }
      await w.register(person)
      const other = RULE.replace('start: "2023-01-01"', 'start: "2026-10-10"').replace(
        'ratio: "1" }',
        'ratio: "0.50" }',
      )
      const answers: Promise<Answer>[] = []
      let published = false
      const publishing = w.publish(other).then(() => {
        published = true
      })
      for (let after = 0; after < 5; after += published ? 1 : 0) {
        answers.push(w.settle(billOf(person, '1000.00')))
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
      await publishing
      const paid = new Set((await Promise.all(answers)).map((a) => `${a.json.rule.version} ${a.json.assistance_paid}`))
      paid.delete('2023-01-01 1000.00')
      expect([...paid]).toEqual(['2026-10-10 500.00'])
      await checkRecomputes(w.store)
    })

    test('row 27: one stay cut into many bills at two hospitals in the same minute stays within the year’s limit', async () => {
      const person: Person = { id: residentId(8003), name: '切分' }
      await w.register(person)
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          w.settle(billOf(person, '1999.99'), newKey(), i % 2 ? w.terminal : w.stranger),
        ),
      )
      const annual = answers.map((a) => Number(a.json.limits[0].used_after))
      expect(Math.max(...annual)).toBe(60_000)
      expect(answers.reduce((sum, a) => sum + Math.round(Number(a.json.assistance_paid) * 100), 0)).toBe(6_000_000)
    })

    test('row 28: the day of the bill chooses limit and rule, and is kept; no bill comes from the future', async () => {
      const stay = (to: string) => ({ admitted_on: '2025-12-01', discharged_on: to })
      const late = await w.settle(bill(stay('2025-12-31')))
      expect(late.json.limits[0]).toMatchObject({ year: 2025 })
      expect(late.json.rule.version).toBe('2023-01-01')
      const refused = await w.settle(bill(stay('2026-11-02')))
      expect(code(refused)).toEqual([400, 'invalid_request'])
      expect(refused.json.errors[0].path).toBe('discharged_on')
    })
  })

  test('row 25: 100 bills of one yuan at 20 windows for what is left, 50.00 yuan', async () => {
    const person: Person = { id: residentId(8004), name: '最后' }
    await w.register(person)
    const windows = await Promise.all(Array.from({ length: 20 }, () => w.addTerminal(HOSPITAL)))
    await new Promise((resolve) => setTimeout(resolve, 1100))
    const first = await w.settle(billOf(person, '79933.33', { admitted_on: '2026-10-01', discharged_on: '2026-10-09' }))
    expect(first.json.limits[0]).toMatchObject({ pool: 'annual', used_after: '59950.00', left: '50.00' })
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        w.settle(
          billOf(person, '1.00', { admitted_on: '2026-10-01', discharged_on: '2026-10-09' }),
          newKey(),
          windows[i % 20],
        ),
      ),
    )
    const paid = answers.map((a) => a.json.assistance_paid)
    expect(paid.filter((p) => p === '0.75')).toHaveLength(66)
    expect(paid.filter((p) => p === '0.50')).toHaveLength(1)
    expect(paid.filter((p) => p === '0.00')).toHaveLength(33)
  })
})
