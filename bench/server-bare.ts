import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Hono } from 'hono'
import { newSettlementNo } from '../src/kernel/ids.ts'
import { type Bill, billSchema } from '../src/settlement/bill.ts'
import { openStore } from '../src/store/open.ts'
import type { SqliteStore } from '../src/store/sqlite.ts'
import { listen } from './listen.ts'
import { insertLike, type Sample } from './samples.ts'
import { PERSONS } from './world.ts'

/**
 * The bare composition: the same check of the bill, then the rows of a real settlement written by raw prepared
 * statements into the same schema, in groups, with FULL. No reads, no logic, no hashing.
 */
interface Waiting {
  readonly bill: Bill
  readonly key: string
  readonly answer: (text: string) => void
}
interface Shape {
  readonly sample: Sample
  readonly settlement: unknown[]
  readonly request: unknown[]
  readonly audit: unknown[]
}

const BATCH = 256
const dataDir = process.env.DATA_DIR ?? ''
const samples = JSON.parse(readFileSync(join(dataDir, 'samples.json'), 'utf8')) as Sample[]

function prepare(db: SqliteStore['writer']) {
  const [first] = samples
  const posting = samples.find((s) => s.postings.length > 0)?.postings[0]
  if (!first || !posting) throw new Error('no samples')
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    settlement: insertLike(db, 'settlement', first.settlement),
    request: insertLike(db, 'request', first.request),
    posting: insertLike(db, 'posting', posting),
    audit: insertLike(db, 'audit_record', first.audit),
    counter: db.prepare(
      'INSERT INTO counter (owner, key, value) VALUES (?, ?, ?) ON CONFLICT (owner, key) DO UPDATE SET value = value + excluded.value',
    ),
    total: db.prepare(
      `INSERT INTO account_total (account, debit_fen, credit_fen) VALUES (?, ?, ?) ON CONFLICT (account)
       DO UPDATE SET debit_fen = debit_fen + excluded.debit_fen, credit_fen = credit_fen + excluded.credit_fen`,
    ),
    lane: db.prepare("UPDATE lane SET seq = ?, head = ? WHERE name = 'ledger'"),
  }
}

const placeIn = (row: object, column: string) => Object.keys(row).indexOf(column)

function shapes(): Shape[] {
  return samples.map((sample) => ({
    sample,
    settlement: Object.values(sample.settlement),
    request: Object.values(sample.request),
    audit: Object.values(sample.audit),
  }))
}

function openGroups(db: SqliteStore['writer']) {
  const to = prepare(db)
  const all = shapes()
  const { settlement, request, audit } = samples[0] as Sample
  const at = {
    no: placeIn(settlement, 'settlement_no'),
    billNo: placeIn(settlement, 'bill_no'),
    person: placeIn(settlement, 'person_id'),
    settledAt: placeIn(settlement, 'settled_at'),
    key: placeIn(request, 'key'),
    told: placeIn(request, 'settlement_no'),
    seq: placeIn(audit, 'seq'),
    subject: placeIn(audit, 'subject'),
  }
  let seq = 0
  let waiting: Waiting[] = []

  function write(one: Waiting, now: number, totals: Map<string, [number, number]>): string {
    const shape = all[++seq % all.length] as Shape
    const no = newSettlementNo(now)
    const person = 1 + ((Math.random() * PERSONS) | 0)
    const s = shape.settlement
    s[0] = seq
    s[at.no] = no
    s[at.billNo] = one.bill.bill_no
    s[at.person] = person
    s[at.settledAt] = now
    to.settlement.run(s)
    shape.request[at.key] = one.key
    shape.request[at.told] = no
    to.request.run(shape.request)
    for (const p of shape.sample.postings) {
      to.posting.run(seq, p.leg, p.account, p.debit_fen, p.credit_fen)
      const total = totals.get(p.account) ?? [0, 0]
      totals.set(p.account, [total[0] + p.debit_fen, total[1] + p.credit_fen])
    }
    shape.audit[at.seq] = seq
    shape.audit[at.subject] = no
    to.audit.run(shape.audit)
    for (const c of shape.sample.counters) to.counter.run(`p:${person}`, c.key, c.value)
    return shape.sample.settlement.answer
  }

  function flush(): void {
    const group = waiting.slice(0, BATCH)
    waiting = waiting.slice(BATCH)
    const now = Date.now()
    const totals = new Map<string, [number, number]>()
    to.begin.run()
    const texts = group.map((one) => write(one, now, totals))
    for (const [account, [debit, credit]] of totals) to.total.run(account, debit, credit)
    to.lane.run(seq, audit.hash)
    to.commit.run()
    group.forEach((one, i) => {
      one.answer(texts[i] ?? '')
    })
    if (waiting.length > 0) setImmediate(flush)
  }

  return (bill: Bill, key: string): Promise<string> =>
    new Promise((answer) => {
      if (waiting.push({ bill, key, answer }) === 1) setImmediate(flush)
    })
}

const store = await openStore({ dataDir, databaseUrl: null })
if (store.engine !== 'sqlite') throw new Error('the bare composition runs on SQLite')
const submit = openGroups(store.writer)
const app = new Hono()
app.post('/v1/settlements', async (c) => {
  const parsed = billSchema.safeParse(JSON.parse(await c.req.text()))
  if (!parsed.success) return c.json(parsed.error.issues, 400)
  const text = await submit(parsed.data, c.req.header('idempotency-key') ?? '')
  return c.body(text, 201, { 'content-type': 'application/json; charset=utf-8' })
})
listen(app, () => store.close())
