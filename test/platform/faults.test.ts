import { createHash } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openBooks } from './books.ts'
import { charge, envelope, openHospital } from './hospital.ts'
import { FIXTURES } from './people.ts'
import { type PlatformProcess, startPlatform } from './start.ts'
import type { Json } from './wire.ts'

const [{ psn_no } = { psn_no: '' }, second] = FIXTURES
const rich = second?.psn_no ?? ''

describe('a platform that breaks, as a process of its own', () => {
  let platform: PlatformProcess
  let his: ReturnType<typeof openHospital>
  let visits = 0
  beforeAll(async () => {
    platform = await startPlatform()
    his = openHospital(platform.url, 800)
  })
  afterAll(async () => {
    his.close()
    await platform.stop()
  })
  beforeEach(() => platform.control({ clear: 'faults', latency: 0 }))

  /** A settlement with one fault in its way: what was heard, and the documents it left. */
  async function meets(fault: Json, who = psn_no) {
    await platform.control({ on: '2207', ...fault })
    const msgid = his.newMsgid()
    const bill = charge(who, `V${++visits}`, '1', '300.00')
    const began = performance.now()
    const heard = await his.post('/his/2207', JSON.stringify(envelope('2207', msgid, bill))).catch((e: Error) => e)
    const took = performance.now() - began
    const documents = async () => (await platform.books()).documents.filter((d) => d.msgid === msgid)
    return { heard, took, documents, msgid, bill }
  }
  const broken = expect.any(Error)
  const textOf = (heard: unknown) => (heard as { text: string }).text
  const setlinfoOf = (heard: unknown) => JSON.parse(textOf(heard)).output.setlinfo as Record<string, number>

  test('refuse: -1 with words, nothing done; and only as often as was said', async () => {
    const { heard, documents, bill } = await meets({ kind: 'refuse', text: '参保人已暂停参保', infcode: -2 })
    expect(JSON.parse(textOf(heard))).toMatchObject({ infcode: -2, err_msg: '参保人已暂停参保' })
    expect(JSON.parse(textOf(heard))).not.toHaveProperty('output')
    expect(await documents()).toEqual([])
    expect((await his.say('2207', bill)).infcode).toBe(0)
    const minimal = await meets({ kind: 'refuse', how: 'minimal' })
    expect(JSON.parse(textOf(minimal.heard))).toMatchObject({ infcode: -1, err_msg: '', inf_refmsgid: '' })
  })

  test('a fault for one message leaves every other alone', async () => {
    const [meant, other] = [his.newMsgid(), his.newMsgid()]
    await platform.control({ on: '2207', kind: 'refuse', msgid: meant })
    expect((await his.say('2207', charge(psn_no, `V${++visits}`, '1', '300.00'), other)).infcode).toBe(0)
    expect((await his.say('2207', charge(psn_no, `V${++visits}`, '1', '300.00'), meant)).infcode).toBe(-1)
  })

  test.each<[string, Json, number]>([
    ['hang: no answer, the work is done', { kind: 'hang' }, 1],
    ['hang without work', { kind: 'hang', work: false }, 0],
    ['cut: half an answer, the work is done', { kind: 'cut' }, 1],
    ['cut_before: no answer, no work', { kind: 'cut_before' }, 0],
  ])('%s', async (_, fault, left) => {
    const { heard, documents } = await meets(fault)
    expect(heard).toEqual(broken)
    expect(await documents()).toHaveLength(left)
  })

  test('late: the answer comes late, the work is done at once or as late', async () => {
    const atOnce = await meets({ kind: 'late', ms: 200 })
    expect([setlinfoOf(atOnce.heard).medfee_sumamt, atOnce.took >= 199]).toEqual([300, true])
    const given = await meets({ kind: 'late', ms: 1400 })
    expect([given.heard, (await given.documents()).length]).toEqual([broken, 1])
    const late = await meets({ kind: 'late', ms: 1400, before: true })
    expect([late.heard, (await late.documents()).length]).toEqual([broken, 0])
    await expect.poll(async () => (await late.documents()).length, { timeout: 5000 }).toBe(1)
  })

  test('late, after its own reversal: the tombstone stands in the way', async () => {
    const { msgid, documents } = await meets({ kind: 'late', ms: 1400, before: true })
    expect((await his.say('2601', { data: { psn_no, omsgid: msgid, oinfno: '2207' } })).infcode).toBe(0)
    const answered = async () => (await platform.log()).find((c) => c.msgid === msgid)?.infcode
    await expect.poll(answered, { timeout: 5000 }).toBe(-1)
    expect(await documents()).toEqual([])
  })

  test('twice: the body or the whole response comes again, the work does not', async () => {
    const body = await meets({ kind: 'twice' })
    const half = textOf(body.heard).length / 2
    expect(textOf(body.heard).slice(0, half)).toBe(textOf(body.heard).slice(half))
    expect(await body.documents()).toHaveLength(1)
    const response = await meets({ kind: 'twice', how: 'response' })
    expect(setlinfoOf(response.heard).medfee_sumamt).toBe(300)
    expect(await response.documents()).toHaveLength(1)
  })

  test('http_500 and malformed: no answer of the interface', async () => {
    const plain = await meets({ kind: 'http_500' })
    expect([plain.heard, (await plain.documents()).length]).toEqual([expect.objectContaining({ status: 500 }), 0])
    const done = await meets({ kind: 'http_500', work: true })
    expect([done.heard, (await done.documents()).length]).toEqual([expect.objectContaining({ status: 500 }), 1])
    const half = await meets({ kind: 'malformed' })
    expect(() => JSON.parse(textOf(half.heard))).toThrow()
    expect(await half.documents()).toHaveLength(1)
    expect(textOf((await meets({ kind: 'malformed', text: '' })).heard)).toBe('')
  })

  test.each<[string, (s: Record<string, number>) => number]>([
    ['scope', (s) => (s.inscp_scp_amt ?? 0) - (s.medfee_sumamt ?? 0)],
    ['fund', (s) => (s.fund_pay_sumamt ?? 0) + (s.psn_part_amt ?? 0) - (s.medfee_sumamt ?? 0)],
    ['cash', (s) => (s.acct_pay ?? 0) + (s.psn_cash_pay ?? 0) - (s.psn_part_amt ?? 0)],
  ])('bad_sums of %s: one yuan too many, the books are right', async (how, excess) => {
    const { heard, documents } = await meets({ kind: 'bad_sums', how })
    expect(excess(setlinfoOf(heard))).toBeCloseTo(1)
    const [document] = await documents()
    expect(document?.amounts.inscp_scp_amt).toBe(300_00)
  })

  test('bad_sums of account: the fund’s sum holds the account; maf: assistance of its own', async () => {
    const account = setlinfoOf((await meets({ kind: 'bad_sums', how: 'account' }, rich)).heard)
    expect(account.acct_pay).toBeGreaterThan(0)
    expect(account.fund_pay_sumamt).toBe((account.hifp_pay ?? 0) + (account.acct_pay ?? 0))
    const { heard } = await meets({ kind: 'maf' })
    const row = JSON.parse(textOf(heard)).output.setldetail.find((r: Json) => r.fund_pay_type === '610100')
    expect([row.fund_payamt, setlinfoOf(heard).maf_pay]).toEqual([setlinfoOf(heard).maf_pay, expect.any(Number)])
    expect(row.fund_payamt).toBeGreaterThan(0)
  })

  test('faults wait for their turn; the log counts what came, with the names of its headers', async () => {
    await platform.control({ on: '*', kind: 'refuse', times: 2, after: 1 })
    const codes = []
    const msgid = his.newMsgid()
    for (let i = 0; i < 4; i++) codes.push((await his.say('1901', { data: { type: 'INSUTYPE' } }, msgid)).infcode)
    expect(codes).toEqual([0, -1, -1, 0])
    const calls = (await platform.log()).filter((call) => call.msgid === msgid)
    expect(calls.map((call) => [call.fault, call.infcode, call.path])).toEqual([
      [null, 0, '/his'],
      ['refuse', -1, '/his'],
      ['refuse', -1, '/his'],
      [null, 0, '/his'],
    ])
    expect(calls[0]?.headers).toContain('content-type')
  })

  test('its latency is not its own time', async () => {
    await platform.control({ latency: 300 })
    const began = performance.now()
    const heard = await his.post('/his', JSON.stringify(envelope('1901', his.newMsgid(), { data: {} })))
    expect(performance.now() - began).toBeGreaterThanOrEqual(299)
    expect(Number(heard.headers['x-platform-ms'])).toBeLessThan(300)
  })

  test('a caller without proof gets 401 where proof is asked for', async () => {
    await platform.control({ auth: { paasid: 'gateway', secret: 's3cret' } })
    const [time, nonce] = [String(Math.floor(Date.now() / 1000)), 'abc123']
    const signed = (secret: string) => ({
      'x-tif-paasid': 'gateway',
      'x-tif-timestamp': time,
      'x-tif-nonce': nonce,
      'x-tif-signature': createHash('sha256')
        .update(time + secret + nonce + time)
        .digest('hex'),
    })
    const ask = async (headers?: Record<string, string>) =>
      (await his.post('/his', JSON.stringify(envelope('1901', his.newMsgid(), { data: {} })), headers)).status
    expect([await ask(), await ask(signed('other')), await ask(signed('s3cret'))]).toEqual([401, 401, 200])
    await platform.control({ auth: { apikey: 'k' } })
    expect([await ask(), await ask({ apikey: 'k' })]).toEqual([401, 200])
    await platform.control({ auth: null })
  })

  test('killed, it comes back with its books, its people and its settings', async () => {
    await platform.control({
      now: '2025-06-30T12:00:00+08:00',
      people: [{ certno: '1', psn_name: '测试', psn_no: 'P1' }],
    })
    const bill = charge('P1', `V${++visits}`, '1', '30')
    const { setl_id, setl_time } = (await his.say('2207', bill)).output.setlinfo
    expect(setl_time.slice(0, 10)).toBe('2025-06-30')
    const before = { books: await platform.books(), log: await platform.log() }
    await platform.kill()
    await expect(his.say('2207', bill)).rejects.toThrow()
    await platform.again()
    expect({ books: await platform.books(), log: await platform.log() }).toEqual(before)
    expect((await his.say('2207', bill)).err_msg).toContain(setl_id)
    const next = (await his.say('2207', charge('P1', `V${++visits}`, '1', '30'))).output.setlinfo
    expect([next.setl_id === setl_id, next.setl_time.slice(0, 10)]).toEqual([false, '2025-06-30'])
  })
})

test('a line that a kill has torn is forgotten, and the books go on after it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'torn-'))
  const file = join(folder, 'books.jsonl')
  const [person] = FIXTURES
  if (!person) throw new Error('there are persons to begin with')
  const named = (psn_name: string) => [{ did: 'person' as const, person: { ...person, psn_name } }]
  const first = openBooks(file)
  first.enter(named('一'), null)
  first.close()
  appendFileSync(file, '{"events":[{"did":"per')
  const second = openBooks(file)
  expect(second.books.people.get(person.psn_no)?.psn_name).toBe('一')
  second.enter(named('二'), null)
  second.close()
  expect(openBooks(file).books.people.get(person.psn_no)?.psn_name).toBe('二')
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3)
  rmSync(folder, { recursive: true })
})
