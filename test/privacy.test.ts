import { createHash, createHmac, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { comparableName } from '../src/kernel/person-name.ts'
import { blindIndex, seal, unseal } from '../src/kernel/seal.ts'
import { personBlindKey } from '../src/register/holding.ts'
import { importRoster } from '../src/register/import.ts'
import { eachEngine, testKeys } from './engines.ts'
import { done, OPERATOR, type Person, residentId } from './people.ts'
import { type Answer, billOf, HOSPITAL, newKey, openWorld, patientOf, type Terminal, type World } from './world.ts'

/** Two marked people: whatever of them turns up where it has no business is found by looking for it. */
const CANARY: Person = { id: residentId(18_765), name: '卡纳利亚·比尔德' }
const UNREGISTERED: Person = { id: residentId(18_766), name: '诺博迪·埃尔斯' }

eachEngine((engine, open) => {
  let w: World
  let signed: Terminal
  let clerk: { token: string }
  const answers: Answer[] = []
  const keep = async (answer: Promise<Answer>) => {
    const kept = await answer
    answers.push(kept)
    return kept
  }
  const errors = () => answers.filter((a) => a.status >= 400)

  beforeAll(async () => {
    w = await openWorld(engine, open)
    signed = await w.addTerminal(HOSPITAL, true)
    clerk = await w.addStaff('register_clerk')
    await importCanary()
    await useEverything()
  })

  /** By the roster, as an office brings it: sealing is the register's business, not the test's. */
  async function importCanary(): Promise<void> {
    const csv = `姓名,身份证号,救助类别,起始日期,截止日期,户主身份证号,乡镇街道,参保地
${CANARY.name},${CANARY.id},dibao,2020-01-01,,${CANARY.id},巴彦岱镇,654002`
    const report = await done(importRoster(w.service.deps, OPERATOR, new TextEncoder().encode(csv), { apply: true }))
    expect(report.applied).toBe(true)
  }

  /** What a day brings, good and bad, about the marked people. */
  async function useEverything(): Promise<void> {
    const { terminal } = w
    const post = (path: string, asking: object) => keep(w.call('POST', path, { terminal, key: newKey(), ...asking }))
    const body = billOf(CANARY, '1000.00')
    await post('/v1/settlements/preview', { body })
    const booked = await post('/v1/settlements', { body })
    await post('/v1/settlements', { body })
    await post('/v1/settlements', { body: billOf(UNREGISTERED, '1.00') })
    await post('/v1/settlements', { body: billOf({ ...CANARY, name: UNREGISTERED.name }, '1.00') })
    await post('/v1/settlements', { body: billOf({ ...CANARY, id: CANARY.id.replace(/.$/, 'x') }, '1.00') })
    await post('/v1/settlements', {
      body: { ...body, patient: { ...patientOf(CANARY), id_number: Number(CANARY.id) } },
    })
    await post('/v1/settlements', { body: { ...body, patient: { ...patientOf(CANARY), extra: CANARY.name } } })
    await post('/v1/settlements', { raw: `{"id_number":${CANARY.id},x` })
    await post('/v1/settlements', { raw: `{"name":"${CANARY.name}" "id":${CANARY.id}}` })
    await post('/v1/settlements', { raw: `[x${CANARY.id.slice(6)}]` })
    await post('/v1/settlements', { body, terminal: signed })
    await post('/v1/eligibility', { body: { patient: patientOf(CANARY) } })
    await post('/v1/eligibility', { body: { patient: patientOf(UNREGISTERED) } })
    await post('/v1/register/persons/search', { body: patientOf(CANARY), terminal: undefined, token: clerk.token })
    await post(`/v1/settlements/${booked.json.settlement_no}/reversal`, { body: { reason: '录入有误' } })
    await keep(w.call('GET', `/v1/settlements/${booked.json.settlement_no}/statement`, { terminal }))
    await keep(w.call('GET', `/v1/settlements?bill_no=${body.bill_no}`, { terminal }))
    await keep(w.call('GET', '/v1/none', { terminal }))
  }

  const secrets = () => [CANARY.id, UNREGISTERED.id, w.terminal.key, signed.key, clerk.token]
  const names = [CANARY.name, UNREGISTERED.name, '卡纳利亚', '诺博迪']
  const hits = (text: string, marks: readonly string[]) => marks.filter((m) => text.includes(m))

  describe('S1: nothing of a person and no secret where it has no business', () => {
    test('the run was a real one', () => {
      expect(answers.filter((a) => a.status < 300).length).toBeGreaterThan(5)
      expect(new Set(errors().map((a) => a.json.code)).size).toBeGreaterThan(5)
      expect(w.log.length).toBeGreaterThan(10)
    })
    test('log', () => {
      expect(hits(w.log.join(''), [...secrets(), ...names, CANARY.id.slice(6, 17)])).toEqual([])
    })
    test('bodies of errors', () => {
      const told = errors().map((a) => a.text)
      expect(hits(told.join(''), [...secrets(), ...names, CANARY.id.slice(6, 14)])).toEqual([])
    })
    test('headers of every answer', () => {
      expect(hits(JSON.stringify(answers.map((a) => [...a.headers])), [...secrets(), ...names])).toEqual([])
    })
    test('answers never repeat a whole ID number or a key', () => {
      expect(hits(answers.map((a) => a.text).join(''), secrets())).toEqual([])
    })
    test('metrics', async () => {
      expect(hits((await w.call('GET', '/metrics')).text, [...secrets(), ...names])).toEqual([])
    })
    test('audit log', async () => {
      const records = await w.store.read.select().from(w.store.tables.audit_record)
      expect(hits(JSON.stringify(records), [...secrets(), ...names])).toEqual([])
    })
    test('no address takes a name or a number of a person', async () => {
      const { paths } = (await w.call('GET', '/openapi.json')).json
      const parameters = Object.values(
        paths as Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>,
      )
        .flatMap((path) => Object.values(path))
        .flatMap((o) => o.parameters ?? [])
        .filter((p) => p.in !== 'header')
        .map((p) => p.name)
      expect(parameters.filter((p) => /(^|_)(name|id_number|patient|person)($|_)/.test(p))).toEqual([])
    })
  })

  describe('S2: a stolen database tells nobody’s number', () => {
    /** Everything somebody holds who walks away with the database, as raw text. */
    async function loot(): Promise<string> {
      const { store } = w
      if (store.engine === 'sqlite') {
        const files = readdirSync(w.place.dataDir).filter((f) => f.startsWith('assistance.db'))
        expect(files).toContain('assistance.db-wal')
        return files.map((f) => readFileSync(join(w.place.dataDir, f), 'latin1')).join('')
      }
      const rows = []
      for (const table of Object.values(store.tables)) rows.push(await store.read.select().from(table))
      return Buffer.from(JSON.stringify(rows), 'utf8').toString('latin1')
    }
    const raw = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

    test('no number, no name, no key stands in it', async () => {
      const all = await loot()
      expect(hits(all, [...secrets(), ...names.map(raw)])).toEqual([])
      // What must be there is there, so an empty file would not pass for a safe one.
      expect(all).toContain(blindIndex(w.service.deps.keys, personBlindKey('resident_id', CANARY.id)))
    })

    test('who knows the number does not find it without the key', async () => {
      const all = await loot()
      const texts = [CANARY.id, personBlindKey('resident_id', CANARY.id), CANARY.name, comparableName(CANARY.name)]
      const guesses = texts.flatMap((text) => [
        ...(['sha256', 'sha1', 'md5', 'sm3'] as const).map((a) => createHash(a).update(text).digest()),
        ...['', 'assistance', HOSPITAL, '0'.repeat(64)].map((key) => createHmac('sha256', key).update(text).digest()),
      ])
      const spelt = guesses.flatMap((g) => [g.toString('hex'), g.toString('base64url'), g.toString('latin1')])
      expect(hits(all, spelt)).toEqual([])
    })

    test('the keys stand in a file of their own that only its owner may read', async () => {
      const { keys } = w.service.deps
      expect(
        hits(
          await loot(),
          [keys.field, keys.blind].flatMap((k) => [k.toString('hex'), k.toString('latin1')]),
        ),
      ).toEqual([])
    })
  })

  test('row 40: a fault of the database is 500 or 503 and tells nothing of the request', async () => {
    if (w.store.engine === 'sqlite') w.store.writer.close()
    else await w.store.pool.end()
    const before = w.log.length
    const failed = await w.settle(billOf(CANARY, '1.00'))
    expect([500, 503]).toContain(failed.status)
    expect(['internal_error', 'overloaded', 'outcome_unknown']).toContain(failed.json.code)
    expect(failed.text).not.toMatch(/SQL|sqlite|postgres|pool|\.ts|node_modules|at /i)
    expect(w.log.length).toBeGreaterThan(before)
    expect(hits(w.log.join(''), [...secrets(), ...names])).toEqual([])
  })
})

describe('sealing', () => {
  const keys = testKeys()

  test('the blind index is HMAC-SHA-256, for every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(blindIndex(keys, text)).toBe(createHmac('sha256', keys.blind).update(text).digest('hex'))
      }),
    )
  })

  test('what is sealed is read back in its place, and nowhere else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string(), (text, place, other) => {
        const sealed = seal(keys, place, text)
        expect(unseal(keys, place, sealed)).toBe(text.isWellFormed() ? text : Buffer.from(text).toString('utf8'))
        if (other !== place) expect(() => unseal(keys, other, sealed)).toThrow()
      }),
    )
  })

  test('every bit of a sealed field counts', () => {
    const sealed = seal(keys, 'person.sealed_id:1', CANARY.id)
    const [id, body = ''] = sealed.split('.')
    const bytes = Buffer.from(body, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => unseal(keys, 'person.sealed_id:1', `${id}.${changed.toString('base64url')}`)).toThrow()
    }
  })

  test('the same text is never sealed alike twice, and another key does not open it', () => {
    const sealed = Array.from({ length: 1000 }, () => seal(keys, 'p', CANARY.id))
    expect(new Set(sealed).size).toBe(1000)
    expect(() => unseal({ ...keys, field: randomBytes(32) }, 'p', sealed[0] ?? '')).toThrow()
    expect(() => unseal({ ...keys, id: 'k2' }, 'p', sealed[0] ?? '')).toThrow('not at hand')
  })
})
