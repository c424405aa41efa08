import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { checkLedger, checkRecomputes } from '../../test/oracle.ts'
import { residentId } from '../../test/people.ts'
import {
  type Answer,
  bill,
  billOf,
  newKey,
  openWorld,
  patientOf,
  SOMEBODY,
  UNCATEGORISED,
  type World,
} from '../../test/world.ts'

/** What an answer must look like to be the stored one, byte for byte. */
function expectReplay(again: Answer, first: Answer): void {
  expect(again.text).toBe(first.text)
  expect(again.status).toBe(first.status)
  expect(again.headers.get('location')).toBe(first.headers.get('location'))
  expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'))
  expect(first.headers.get('idempotent-replayed')).toBeNull()
  expect(again.headers.get('idempotent-replayed')).toBe('true')
}

const code = (a: Answer) => [a.status, a.json?.code]

/** Every field of a bill, changed so that the bill is still a good one. */
const OTHER_BILLS: [string, (b: ReturnType<typeof bill>) => object][] = [
  ['bill_no', (b) => ({ ...b, bill_no: `${b.bill_no}X` })],
  ['visit_no', (b) => ({ ...b, visit_no: 'ZY0032' })],
  ['care_type', (b) => ({ ...b, care_type: 'outpatient', ...visited })],
  ['patient.id_number', (b) => ({ ...b, patient: { ...patientOf(SOMEBODY), id_number: residentId(77) } })],
  ['patient.name', (b) => ({ ...b, patient: { ...patientOf(SOMEBODY), name: '阿依古丽' } })],
  ['patient.name, spelling only', (b) => ({ ...b, patient: { ...patientOf(SOMEBODY), name: '阿依古丽买买提' } })],
  ['insurance.type', (b) => ({ ...b, insurance: { type: 'employee', admdvs: '654002' } })],
  ['insurance.admdvs', (b) => ({ ...b, insurance: { type: 'resident', admdvs: '654003' } })],
  ['admitted_on', (b) => ({ ...b, admitted_on: '2026-10-21' })],
  ['discharged_on', (b) => ({ ...b, discharged_on: '2026-10-29' })],
  ['diagnoses.0.code', (b) => ({ ...b, diagnoses: [{ code: 'I21.8', name: '急性心肌梗死' }] })],
  ['diagnoses.0.name', (b) => ({ ...b, diagnoses: [{ code: 'I21.9', name: '心梗' }] })],
  [
    'diagnoses, one more',
    (b) => ({ ...b, diagnoses: [...(b.diagnoses as object[]), { code: 'I10', name: '高血压' }] }),
  ],
  ['disease_code', (b) => ({ ...b, disease_code: 'M00500' })],
  ['referral', (b) => ({ ...b, referral: 'referred' })],
  ['circumstances', (b) => ({ ...b, circumstances: ['work_injury'] })],
  ['items', (b) => ({ ...b, items: [{ code: 'X1', name: '床位', cost: '4000.00', policy_scope_cost: '4000.00' }] })],
  ...(
    [
      ['total_cost', { self_funded: '1.00', total_cost: '4001.00' }],
      ['over_limit', { over_limit: '1.00', total_cost: '4001.00' }],
      ['prior_self_pay', { prior_self_pay: '1.00', total_cost: '4001.00' }],
      ['policy_scope_cost', { policy_scope_cost: '4001.00', total_cost: '4001.00' }],
      ['insurance_deductible', { insurance_deductible: '0.01' }],
      ['basic_insurance_paid', { basic_insurance_paid: '3000.01' }],
      ['serious_illness_paid', { serious_illness_paid: '0.01' }],
      ['other_insurance_paid', { other_insurance_paid: '0.01' }],
      ['commercial_paid', { commercial_paid: '0.01' }],
      ['hospital_waived', { hospital_waived: '0.01' }],
      ['temporary_relief_paid', { temporary_relief_paid: '0.01' }],
      ['donation_paid', { donation_paid: '0.01' }],
      ['personal_account_paid', { personal_account_paid: '0.01' }],
    ] as const
  ).map(([name, change]): [string, (b: ReturnType<typeof bill>) => object] => [
    `amounts.${name}`,
    (b) => ({ ...b, amounts: { ...(b.amounts as object), ...change } }),
  ]),
]
const visited = { admitted_on: undefined, discharged_on: undefined, visited_on: '2026-10-28' }

eachEngine((engine, open) => {
  let w: World
  beforeAll(async () => {
    w = await openWorld(engine, open)
  })
  afterEach(async () => {
    await checkLedger(w.store)
  })

  describe('the idempotency table of the interface', () => {
    test.each([
      ['missing', {}, 'idempotency_key_missing'],
      ['15 characters', { 'idempotency-key': 'a'.repeat(15) }, 'idempotency_key_malformed'],
      ['65 characters', { 'idempotency-key': 'a'.repeat(65) }, 'idempotency_key_malformed'],
      ['a character outside A-Za-z0-9_-', { 'idempotency-key': 'aaaaaaaaaaaaaaaa.' }, 'idempotency_key_malformed'],
      ['sent twice', { 'idempotency-key': `${'a'.repeat(20)}, ${'a'.repeat(20)}` }, 'idempotency_key_malformed'],
    ])('header %s: 400, nothing is kept', async (_, headers, expected) => {
      const body = bill()
      const refused = await w.call('POST', '/v1/settlements', { body, headers, terminal: w.terminal })
      expect(code(refused)).toEqual([400, expected])
      expect((await w.settle(body)).status).toBe(201)
    })

    test('same key, same body: stored status and body, byte for byte', async () => {
      const [body, key] = [bill(), newKey()]
      const first = await w.settle(body, key)
      expect(first.status).toBe(201)
      expectReplay(await w.settle(body, key), first)
    })

    test('the same body in another order of keys, with zeros spelt out, is the same body', async () => {
      const [body, key] = [bill(), newKey()]
      const first = await w.settle(body, key)
      const turned = Object.fromEntries(Object.entries(body).reverse())
      expectReplay(await w.settle({ ...turned, referral: 'not_needed' }, key), first)
    })

    test.each(OTHER_BILLS)('same key, other %s: 422, nothing changes', async (_, change) => {
      const [body, key] = [bill(), newKey()]
      const first = await w.settle(body, key)
      const before = await checkLedger(w.store)
      expect(code(await w.settle(change(body), key))).toEqual([422, 'idempotency_key_reused'])
      expect(await checkLedger(w.store)).toEqual(before)
      expectReplay(await w.settle(body, key), first)
    })

    test('same key under another address: 422', async () => {
      const [body, key] = [bill(), newKey()]
      const { json } = await w.settle(body, key)
      expect(code(await w.reverse(json.settlement_no, key))).toEqual([422, 'idempotency_key_reused'])
    })

    test('same key of another terminal: a request of its own', async () => {
      const key = newKey()
      const first = await w.settle(bill(), key)
      const other = await w.settle(bill(), key, w.second)
      expect([first.status, other.status]).toEqual([201, 201])
      expect(other.json.settlement_no).not.toBe(first.json.settlement_no)
    })

    test('other key, bill already settled and live: 409 with its address, and final for that key', async () => {
      const [body, key] = [bill(), newKey()]
      const first = await w.settle(body)
      const refused = await w.settle(body, key)
      expect(code(refused)).toEqual([409, 'bill_already_settled'])
      expect(refused.headers.get('location')).toBe(`/v1/settlements/${first.json.settlement_no}`)
      await w.reverse(first.json.settlement_no)
      expectReplay(await w.settle(body, key), refused)
    })

    test('the same bill from another terminal of the hospital, with other amounts, is the same bill', async () => {
      const body = bill()
      await w.settle(body)
      expect(code(await w.settle({ ...body, visit_no: 'ZY9' }, newKey(), w.second))).toEqual([
        409,
        'bill_already_settled',
      ])
      expect((await w.settle(body, newKey(), w.stranger)).status).toBe(201)
    })

    test.each([
      ['person_unknown', (b: object) => ({ ...b, patient: { ...patientOf(SOMEBODY), id_number: residentId(888) } })],
      ['name_mismatch', (b: object) => ({ ...b, patient: { ...patientOf(SOMEBODY), name: '他人' } })],
      ['no_scheme', (b: object) => ({ ...b, insurance: { type: 'resident', admdvs: '110100' } })],
      ['no_rule_in_force', (b: object) => ({ ...b, admitted_on: '2022-01-01', discharged_on: '2022-01-09' })],
    ] as const)('a business refusal (%s) is final for its key, and stored', async (expected, change) => {
      const [body, key] = [change(bill()), newKey()]
      const refused = await w.settle(body, key)
      expect(code(refused)).toEqual([422, expected])
      expectReplay(await w.settle(body, key), refused)
    })

    test('400, 401, 413, 415 are not stored: mended, the same key books', async () => {
      const [body, key, terminal] = [bill(), newKey(), w.terminal]
      const post = (asking: object) => w.call('POST', '/v1/settlements', { key, terminal, body, ...asking })
      expect((await post({ body: { ...body, bill_no: '' } })).status).toBe(400)
      expect((await post({ terminal: { ...terminal, key: 'wrong' } })).status).toBe(401)
      expect((await post({ raw: `{"x":"${'a'.repeat(1_100_000)}"}` })).status).toBe(413)
      expect((await post({ headers: { 'content-type': 'text/plain' } })).status).toBe(415)
      const booked = await post({})
      expect([booked.status, booked.headers.get('idempotent-replayed')]).toEqual([201, null])
    })
  })

  describe('where real systems fail', () => {
    test('F1: after a reversal the bill is settled once more, and only once', async () => {
      const body = bill()
      const first = await w.settle(body)
      await w.reverse(first.json.settlement_no)
      const again = await w.settle(body)
      expect(again.status).toBe(201)
      const third = await w.settle(body)
      expect(code(third)).toEqual([409, 'bill_already_settled'])
      expect(third.headers.get('location')).toBe(again.headers.get('location'))
    })

    test('F2: after a lost reply the terminal learns what became of it by key, bill or number', async () => {
      const [body, key] = [bill(), newKey()]
      const first = await w.settle(body, key)
      const { settlement_no } = first.json
      for (const path of [`?request_key=${key}`, `?bill_no=${body.bill_no}`, `/${settlement_no}`]) {
        const found = await w.call('GET', `/v1/settlements${path}`, { terminal: w.terminal })
        expect([found.status, found.json]).toEqual([200, first.json])
      }
    })

    test('F3: an assistance amount sent by the terminal is no field', async () => {
      const refused = await w.settle({ ...bill(), assistance_paid: '9999.00' })
      expect(code(refused)).toEqual([400, 'invalid_request'])
      expect(refused.json.errors[0].message).toContain('assistance_paid')
    })

    test('F4: a bill discharged last year counts against last year, settled today', async () => {
      const old = await w.settle(bill({ admitted_on: '2025-12-20', discharged_on: '2025-12-31' }))
      expect(old.json.limits[0]).toMatchObject({ year: 2025, used_before: '0.00', used_after: '750.00' })
    })

    test('F6: somebody without a category is booked with 0.00 and told why', async () => {
      const booked = await w.settle(billOf(UNCATEGORISED, '1000.00'))
      expect(booked.json).toMatchObject({
        decision: 'not_assisted',
        assistance_paid: '0.00',
        patient_pays: '1000.00',
        category: null,
      })
      expect(booked.json.reasons.map((r: { code: string }) => r.code)).toContain('no_category')
    })
  })

  test('R16: everything booked above is decided again from its own row, to the fen', async () => {
    expect(await checkRecomputes(w.store)).toBeGreaterThan(40)
  })
})
