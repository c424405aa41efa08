import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from './engines.ts'
import { checkLedger } from './oracle.ts'
import { residentId } from './people.ts'
import { type Answer, bill, billOf, openWorld, patientOf, SOMEBODY, type World } from './world.ts'

const code = (a: Answer) => [a.status, a.json?.code]
const HTTP = { 'idempotency-key': 'attack-key-00000001' }

/** Rows 5 and 10–14 of the attack list, and row 20: bodies that must not get past the door. */
eachEngine((engine, open) => {
  let w: World
  beforeAll(async () => {
    w = await openWorld(engine, open)
  })
  afterEach(async () => {
    await checkLedger(w.store)
  })
  const post = (raw: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    w.call('POST', '/v1/settlements', { raw, terminal: w.terminal, headers: { ...HTTP, ...headers } })
  const text = (change: Record<string, unknown> = {}) => JSON.stringify(bill(change))

  describe('row 5: only JSON in UTF-8', () => {
    test.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json; charset=gbk',
      'application/jsonx',
      'application/json, text/plain',
      '',
    ])('Content-Type %j is 415', async (type) => {
      expect(code(await post(text(), { 'content-type': type }))).toEqual([415, 'unsupported_media_type'])
    })
  })

  describe('row 10: a key that stands twice', () => {
    test.each([
      ['at the top', text().replace('{', '{"bill_no":"A",')],
      ['inside', text().replace('"patient":{', '"patient":{"name":"别人",')],
      ['once in escapes', text().replace('{', '{"bill\\u005fno":"A",')],
      ['in a list', text().replace('"diagnoses":[{', '"diagnoses":[{"code":"I10",')],
      ['__proto__ twice', text().replace('{', '{"__proto__":1,"__proto__":2,')],
    ])('%s', async (_, raw) => {
      expect(code(await post(raw))).toEqual([400, 'malformed_json'])
    })
  })

  describe('row 11: text that is not text', () => {
    const name = (part: string) => text().replace(SOMEBODY.name, part)
    const bytes = Uint8Array.from(Buffer.from(text().replace(SOMEBODY.name, '@')))
    bytes[bytes.indexOf(0x40)] = 0xff
    test.each<[string, string | Uint8Array<ArrayBuffer>]>([
      ['invalid UTF-8', bytes],
      ['a lone surrogate', name('a\\ud800')],
      ['NUL', name('a\\u0000')],
      ['byte-order mark in front', `\ufeff${text()}`],
      ['byte-order mark inside', name('a\\ufeff')],
      ['right-to-left override', name('a\u202e')],
      ['right-to-left mark', name('a\u200f')],
      ['Arabic letter mark', name('a\\u061c')],
      ['isolate', name('a\\u2066')],
      ['escape character', name('a\\u001b')],
    ])('%s', async (_, raw) => {
      expect(code(await post(raw))).toEqual([400, 'malformed_json'])
    })
    test('the joiner of Uyghur and Kazakh writing is text', async () => {
      const person = { id: residentId(8100), name: 'مۇھەممەت\u200cجان' }
      await w.register(person)
      expect((await w.settle(billOf(person, '1.00'))).status).toBe(201)
    })
  })

  describe('rows 12 and 20: fields that are none of the bill’s', () => {
    test.each([
      '__proto__',
      'constructor',
      'prototype',
      'status',
      'fund',
      'approved_by',
      'approvedBy',
      'hospital_code',
      'level',
      'settlement_no',
      'ledger_seq',
      'assistance_fen',
      'category',
      'rule',
      'year',
      'settled_at',
    ])('%s', async (field) => {
      const refused = await post(text().replace('{', `{"${field}":"x",`))
      expect(code(refused)).toEqual([400, 'invalid_request'])
      expect(JSON.stringify(refused.json.errors)).toContain(field)
      expect(({} as Record<string, unknown>).x).toBeUndefined()
    })
    test('also deep inside', async () => {
      for (const [where, change] of Object.entries({
        patient: { ...patientOf(SOMEBODY), category: 'dibao' },
        insurance: { type: 'resident', admdvs: '654002', paid: '1.00' },
        amounts: { total_cost: '1.00', policy_scope_cost: '1.00', assistance_paid: '1.00' },
      })) {
        expect(code(await post(text({ [where]: change })))).toEqual([400, 'invalid_request'])
      }
    })
  })

  describe('row 13: amounts that are not yuan with two decimals', () => {
    test.each([
      '4000',
      '4000.0',
      '4000.000',
      '1e5',
      '-0.00',
      '-1.00',
      '+1.00',
      '01.00',
      '.50',
      '1,000.00',
      '９.００',
      '١.٠٠',
      'NaN',
      'Infinity',
      '0x10.00',
      ' 1.00',
      '1.00 ',
      '1.00\\n',
      '999999999999.99',
      '',
    ])('"%s"', async (amount) => {
      const refused = await post(text().replace('"4000.00"', `"${amount}"`))
      expect(code(refused)).toEqual([400, 'invalid_request'])
      expect(refused.json.errors[0].path).toBe('amounts.total_cost')
    })
    test.each(['4000.00', '4000', '1e5', '-0', 'true', 'null', '[]', '{}'])('%s without quotes', async (amount) => {
      expect(code(await post(text().replace('"4000.00"', amount)))).toEqual([400, 'invalid_request'])
    })
    test('the largest amount is exact to the fen', async () => {
      const most = '99999999999.99'
      const booked = await w.settle(
        bill({ amounts: { total_cost: most, policy_scope_cost: most, basic_insurance_paid: most } }),
      )
      expect(booked.json.patient_pays).toBe('0.00')
    })
  })

  describe('row 14: bodies made to be expensive', () => {
    const items = (n: number, one: string) =>
      text().replace('"visit_no"', `"items":[${Array(n).fill(one).join(',')}],"visit_no"`)
    test.each([
      ['nesting of 30,000', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
      ['nesting of 30,000 objects', `${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}`],
      ['100,000 items that are none', items(100_000, '0')],
      ['40,000 empty items', items(40_000, '{}')],
      ['2,000 empty items', items(2000, '{}')],
      [
        '30,000 unknown keys',
        text().replace('{', `{${Array.from({ length: 30_000 }, (_, i) => `"k${i}":0,`).join('')}`),
      ],
      ['a text of 1,000,000 letters', text().replace(SOMEBODY.name, 'a'.repeat(1_000_000))],
      ['a number of 100,000 digits', text().replace('"4000.00"', '9'.repeat(100_000))],
      ['40,000 diagnoses', text().replace('"diagnoses":[', `"diagnoses":[${'{"code":"","name":""},'.repeat(40_000)}`)],
    ])('%s', async (_, raw) => {
      await post(raw)
      const start = performance.now()
      const refused = await post(raw)
      const took = performance.now() - start
      expect(refused.status).toBe(400)
      expect(refused.text.length).toBeLessThan(65_536)
      // 50 ms on an idle machine; ten times that where the suite shares it.
      expect(took).toBeLessThan(500)
    })
  })
})
