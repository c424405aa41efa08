import { afterEach, beforeAll, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { checkLedger } from '../../test/oracle.ts'
import { done, OPERATOR, type Person, publishRule, register, residentId } from '../../test/people.ts'
import {
  type Answer,
  ask,
  bill,
  billOf,
  HOSPITAL,
  newKey,
  openWorld,
  patientOf,
  RULE,
  SOMEBODY,
  serviceOn,
  type World,
} from '../../test/world.ts'
import { revokeTerminal } from '../hospitals/revoke-terminal.ts'
import { resume, suspend } from '../hospitals/suspend.ts'

const code = (a: Answer) => [a.status, a.json?.code]
const preview = (w: World, body: object) => w.call('POST', '/v1/settlements/preview', { body, terminal: w.terminal })
const settlePreviewed = (w: World, body: object, id: string, key = newKey()) =>
  w.call('POST', '/v1/settlements', { body, key, terminal: w.terminal, headers: { 'preview-id': id } })

eachEngine((engine, open) => {
  let w: World
  /** Another connection to the same store, as a second process or the command line has it. */
  let office: Awaited<ReturnType<typeof elsewhere>>
  let people = 300
  async function elsewhere() {
    const store = await open(w.place)
    return serviceOn(w.place, store, [], () => w.clock)
  }
  beforeAll(async () => {
    w = await openWorld(engine, open)
    office = await elsewhere()
  })
  afterEach(async () => {
    await checkLedger(w.store)
  })
  const fresh = async (change: Partial<Person> = {}): Promise<Person> => {
    const person = { id: residentId(++people), name: '赛力克', ...change }
    await register(office.deps, [person])
    return person
  }

  test('a person registered by another connection is known at once', async () => {
    expect((await w.settle(billOf(await fresh(), '100.00'))).json.assistance_paid).toBe('75.00')
  })

  test('preview says what settling then does, and writes nothing', async () => {
    const before = await checkLedger(w.store)
    const body = bill()
    const { json: shown } = await preview(w, body)
    expect(await checkLedger(w.store)).toEqual(before)
    const { json: booked } = await settlePreviewed(w, body, shown.preview_id)
    const { preview_id, expires_at, ...decision } = shown
    expect(booked).toMatchObject(decision)
    expect(expires_at).toBe('2026-11-01T10:30:00+08:00')
  })

  test('preview refuses what settling refuses', async () => {
    const body = bill()
    await w.settle(body)
    const again = await preview(w, body)
    expect(code(again)).toEqual([409, 'bill_already_settled'])
    expect(again.headers.get('location')).toMatch(/^\/v1\/settlements\/\w+$/)
    const stranger = bill({ patient: { ...patientOf(SOMEBODY), id_number: residentId(999) } })
    expect(code(await preview(w, stranger))).toEqual([422, 'person_unknown'])
  })

  test('preview_outdated: a bill in between has used some of the limit; final for the key', async () => {
    const person = await fresh()
    const body = billOf(person, '1000.00')
    const { preview_id } = (await preview(w, body)).json
    await w.settle(billOf(person, '10.00'))
    const key = newKey()
    const refused = await settlePreviewed(w, body, preview_id, key)
    expect(code(refused)).toEqual([422, 'preview_outdated'])
    const again = await settlePreviewed(w, body, preview_id, key)
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([refused.text, 'true'])
    const { preview_id: next } = (await preview(w, body)).json
    expect((await settlePreviewed(w, body, next)).status).toBe(201)
  })

  test('a rule published by another connection holds for the very next bill', async () => {
    const old = await w.settle(bill())
    expect(old.json.rule.version).toBe('2023-01-01')
    const body = bill()
    const { preview_id } = (await preview(w, body)).json
    await publishRule(
      office.deps,
      RULE.replace('start: "2023-01-01"', 'start: "2026-10-15"').replace('"0.75"', '"0.50"'),
    )
    const next = await w.settle(bill())
    expect(next.json).toMatchObject({ assistance_paid: '500.00', rule: { version: '2026-10-15' } })
    expect(code(await settlePreviewed(w, body, preview_id))).toEqual([422, 'preview_outdated'])
    const earlier = await w.settle(bill({ admitted_on: '2026-10-01', discharged_on: '2026-10-14' }))
    expect(earlier.json).toMatchObject({ assistance_paid: '750.00', rule: { version: '2023-01-01' } })
  })

  test('a category that ends before the bill pays nothing; one that ends after it pays', async () => {
    const ended = await fresh({ categories: [{ key: 'dibao', from: '2020-01-01', until: '2026-10-28' }] })
    expect((await w.settle(billOf(ended, '100.00'))).json.decision).toBe('not_assisted')
    const ends = await fresh({ categories: [{ key: 'dibao', from: '2020-01-01', until: '2026-10-29' }] })
    expect((await w.settle(billOf(ends, '100.00'))).json.decision).toBe('assisted')
  })

  test('somebody who died before the care began is refused', async () => {
    const person = await fresh({ diedOn: '2026-10-19' })
    expect(code(await w.settle(billOf(person, '100.00')))).toEqual([422, 'deceased_before_care'])
    const later = await fresh({ diedOn: '2026-10-20' })
    expect((await w.settle(billOf(later, '100.00'))).status).toBe(201)
  })

  test('a hospital suspended by another connection settles nothing from the next bill on; the refusal is not kept', async () => {
    const [body, key] = [bill(), newKey()]
    const known = await w.settle(bill())
    await done(suspend(office.deps, OPERATOR, { code: HOSPITAL, reason: '违规' }))
    expect(code(await w.settle(body, key))).toEqual([403, 'hospital_suspended'])
    expect(code(await preview(w, body))).toEqual([403, 'hospital_suspended'])
    expect((await w.settle(bill(), newKey(), w.stranger)).status).toBe(201)
    expect((await w.reverse(known.json.settlement_no)).status).toBe(201)
    await done(resume(office.deps, OPERATOR, { code: HOSPITAL, reason: '整改完成' }))
    expect((await w.settle(body, key)).status).toBe(201)
  })

  test('a terminal revoked by another connection books nothing from the next bill on', async () => {
    const lost = await w.addTerminal(HOSPITAL)
    await new Promise((resolve) => setTimeout(resolve, 1100))
    expect((await w.settle(bill(), newKey(), lost)).status).toBe(201)
    await done(revokeTerminal(office.deps, OPERATOR, lost.id))
    const before = await checkLedger(w.store)
    expect(code(await w.settle(bill(), newKey(), lost))).toEqual([401, 'terminal_revoked'])
    await new Promise((resolve) => setTimeout(resolve, 1100))
    expect(code(await preview({ ...w, terminal: lost }, bill()))).toEqual([401, 'terminal_revoked'])
    expect(await checkLedger(w.store)).toEqual(before)
  })

  test('two services on one store answer each other’s keys', async () => {
    const [body, key] = [bill(), newKey()]
    const first = await w.settle(body, key)
    const there = await ask(office.app, 'POST', '/v1/settlements', { body, key, terminal: w.terminal })
    expect([there.status, there.text, there.headers.get('idempotent-replayed')]).toEqual([201, first.text, 'true'])
  })
})
