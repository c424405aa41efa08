import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { compileVersion } from '../src/rules/compile.ts'
import { parseVersion } from '../src/rules/parse.ts'
import { decisionAnswer } from '../src/settlement/answer.ts'
import { readArchivedBill } from '../src/settlement/bill.ts'
import type { SettlementRow } from '../src/settlement/booking.ts'
import { decideAgain } from '../src/settlement/decide.ts'
import type { Facts } from '../src/settlement/facts.ts'
import type { AnyStore } from '../src/store/open.ts'

/**
 * Works the whole ledger out again from its rows, with nothing of the service but its tables: sums, running totals,
 * limits, order, chain. A second opinion must not share code with the first.
 */
export async function checkLedger(store: AnyStore): Promise<{ settled: number; reversed: number; refused: number }> {
  const t = store.tables
  const rows = ((await store.read.select().from(t.settlement)) as SettlementRow[]).sort(
    (a, b) => a.ledger_seq - b.ledger_seq,
  )
  const [postings, totals, counters, requests, audits, lanes] = [
    await store.read.select().from(t.posting),
    await store.read.select().from(t.account_total),
    await store.read.select().from(t.counter),
    await store.read.select().from(t.request),
    await store.read.select().from(t.audit_record),
    await store.read.select().from(t.lane),
  ]
  const faults: string[] = []
  const say = (what: string) => faults.push(what)
  checkOrder(rows, lanes.find((l) => l.name === 'ledger')?.seq ?? -1, say)
  checkBills(rows, say)
  checkSums(rows, postings, totals, say)
  checkCounters(rows, counters, say)
  checkRequests(rows, requests, say)
  for (const lane of lanes)
    checkChain(
      audits.filter((a) => a.lane === lane.name),
      lane,
      say,
    )
  expect(faults.slice(0, 20)).toEqual([])
  return {
    settled: rows.filter((r) => r.kind === 'settlement').length,
    reversed: rows.filter((r) => r.kind === 'reversal').length,
    refused: requests.filter((r) => r.status >= 400).length,
  }
}

type Say = (what: string) => void

/** R15: numbers 1, 2, 3 … without a gap, up to the head of the lane. */
function checkOrder(rows: readonly SettlementRow[], head: number, say: Say): void {
  rows.forEach((row, i) => {
    if (row.ledger_seq !== i + 1) say(`ledger number ${row.ledger_seq} stands at place ${i + 1}`)
  })
  if (head !== rows.length) say(`lane stands at ${head}, ledger at ${rows.length}`)
}

/** R11, R13: a bill is live at most once, and a reversal mirrors exactly one settlement. */
function checkBills(rows: readonly SettlementRow[], say: Say): void {
  const live = new Map<string, SettlementRow>()
  for (const row of rows) {
    const name = `${row.hospital_code}/${row.bill_no}`
    const standing = live.get(name)
    if (row.kind === 'settlement') {
      if (standing) say(`bill ${name} settled twice: ${standing.settlement_no}, ${row.settlement_no}`)
      live.set(name, row)
      continue
    }
    if (!standing || standing.settlement_no !== row.reverses) {
      say(`reversal ${row.settlement_no} reverses nothing that was live`)
      continue
    }
    live.delete(name)
    for (const c of ['total_fen', 'insurance_fen', 'other_fen', 'assistance_fen', 'patient_fen'] as const) {
      if (row[c] + standing[c] !== 0) say(`reversal ${row.settlement_no}: ${c} is not the mirror of its original`)
    }
    for (const c of ['person_id', 'scheme', 'version', 'year', 'category', 'attempt'] as const) {
      if (row[c] !== standing[c]) say(`reversal ${row.settlement_no} has another ${c}`)
    }
  }
}

/** R7: every row adds up, its postings balance, and account totals are what the postings come to. */
function checkSums(
  rows: readonly SettlementRow[],
  postings: readonly { ledger_seq: number; account: string; debit_fen: number; credit_fen: number }[],
  totals: readonly { account: string; debit_fen: number; credit_fen: number }[],
  say: Say,
): void {
  const bySeq = new Map<number, { debit: bigint; credit: bigint }>()
  const byAccount = new Map<string, { debit: bigint; credit: bigint }>()
  for (const p of postings) {
    for (const [map, key] of [
      [bySeq, p.ledger_seq],
      [byAccount, p.account],
    ] as [Map<unknown, { debit: bigint; credit: bigint }>, unknown][]) {
      const sum = map.get(key) ?? { debit: 0n, credit: 0n }
      map.set(key, { debit: sum.debit + BigInt(p.debit_fen), credit: sum.credit + BigInt(p.credit_fen) })
    }
  }
  for (const r of rows) {
    const facts = JSON.parse(r.facts) as Facts
    const said = [facts.year, facts.business_day, facts.rule.scheme, facts.rule.version, facts.rule.hash]
    const kept = [r.year, r.business_day, r.scheme, r.version, r.rule_hash]
    if (kept.join() !== said.join()) say(`row ${r.ledger_seq} keeps ${kept}, decided on ${said}`)
    const parts = BigInt(r.insurance_fen) + BigInt(r.other_fen) + BigInt(r.assistance_fen) + BigInt(r.patient_fen)
    if (parts !== BigInt(r.total_fen)) say(`row ${r.ledger_seq} does not add up`)
    const amount = BigInt(Math.abs(r.assistance_fen))
    const booked = bySeq.get(r.ledger_seq) ?? { debit: 0n, credit: 0n }
    if (booked.debit !== amount || booked.credit !== amount) say(`postings of row ${r.ledger_seq} are not ${amount}`)
    const told = JSON.parse(r.answer) as { assistance_paid: string; ledger_seq: number; settlement_no: string }
    if (BigInt(told.assistance_paid.replace('.', '')) !== BigInt(r.assistance_fen)) say(`row ${r.ledger_seq} told else`)
    if (told.ledger_seq !== r.ledger_seq || told.settlement_no !== r.settlement_no) say(`row ${r.ledger_seq}: answer`)
  }
  const meant = new Map<string, bigint>()
  for (const r of rows) {
    for (const [account, sign] of [
      [`assistance_expense:${r.scheme}:${r.year}`, 1n],
      [`hospital_payable:${r.hospital_code}`, -1n],
    ] as const) {
      meant.set(account, (meant.get(account) ?? 0n) + sign * BigInt(r.assistance_fen))
    }
  }
  for (const account of new Set([...meant.keys(), ...byAccount.keys()])) {
    const { debit, credit } = byAccount.get(account) ?? { debit: 0n, credit: 0n }
    if (debit - credit !== (meant.get(account) ?? 0n))
      say(`${account} stands at ${debit - credit}, not ${meant.get(account)}`)
  }
  if (totals.length !== byAccount.size) say('accounts without total, or totals without postings')
  for (const total of totals) {
    const sum = byAccount.get(total.account)
    if (sum?.debit !== BigInt(total.debit_fen) || sum.credit !== BigInt(total.credit_fen)) say(`total ${total.account}`)
  }
}

/**
 * R8: replays the ledger in its order. What a decision read must be what stood there at its turn (so the bookings are
 * as good as one after another), no total falls below zero or above a limit, and the table equals the fold.
 */
function checkCounters(
  rows: readonly SettlementRow[],
  table: readonly { owner: string; key: string; value: number }[],
  say: Say,
): void {
  const fold = new Map<string, number>()
  for (const row of rows) {
    const facts = JSON.parse(row.facts) as Facts
    const owners = { person: `p:${row.person_id}`, household: row.household }
    if (row.kind === 'settlement') {
      for (const [name, read] of Object.entries(facts.counters)) {
        const [owner, key] = [
          name.slice(0, name.indexOf('|')) as keyof typeof owners,
          name.slice(name.indexOf('|') + 1),
        ]
        const stood = fold.get(`${owners[owner]} ${key}`) ?? 0
        if (stood !== read) say(`row ${row.ledger_seq} read ${name} = ${read}, but ${stood} stood there`)
      }
    }
    for (const { owner, key, delta } of facts.deltas) {
      const value = (fold.get(`${owner} ${key}`) ?? 0) + delta
      if (value < 0) say(`row ${row.ledger_seq} takes ${owner} ${key} below zero`)
      fold.set(`${owner} ${key}`, value)
    }
    for (const limit of (JSON.parse(row.answer) as { limits: { limit: string | null; used_after: string }[] }).limits) {
      if (limit.limit !== null && Number(limit.used_after) > Number(limit.limit))
        say(`row ${row.ledger_seq}: over limit`)
      if (Number(limit.used_after) < 0) say(`row ${row.ledger_seq}: limit below zero`)
    }
  }
  const stored = new Map(table.map((c) => [`${c.owner} ${c.key}`, c.value]))
  for (const key of new Set([...fold.keys(), ...stored.keys()])) {
    if ((fold.get(key) ?? 0) !== (stored.get(key) ?? 0)) say(`counter ${key}: ${stored.get(key)} ≠ ${fold.get(key)}`)
  }
}

/** R3: every row of the ledger was asked for by exactly one key, of the terminal's own or of its hospital's HIS. */
function checkRequests(
  rows: readonly SettlementRow[],
  requests: readonly { status: number; settlement_no: string | null; terminal_id: string }[],
  say: Say,
): void {
  const answered = requests.filter((r) => r.status === 201)
  const scopes = new Map(answered.map((r) => [r.settlement_no, r.terminal_id]))
  if (scopes.size !== answered.length) say('two keys hold one booking')
  for (const { settlement_no, terminal_id, hospital_code } of rows) {
    const scope = scopes.get(settlement_no)
    if (scope !== terminal_id && scope !== `his:${hospital_code}`) say(`booking ${settlement_no} has no request`)
  }
  if (scopes.size !== rows.length) say('a request was answered with a booking that is not there')
}

function checkChain(
  links: readonly {
    lane: string
    seq: number
    at: number
    actor: string
    action: string
    subject: string
    detail: string
    hash: string
  }[],
  lane: { name: string; seq: number; head: string },
  say: Say,
): void {
  let head = ''
  for (const l of [...links].sort((a, b) => a.seq - b.seq)) {
    const text = JSON.stringify([head, l.lane, l.seq, l.at, l.actor, l.action, l.subject, l.detail])
    head = createHash('sha256').update(text).digest('hex')
    if (l.hash !== head) say(`link ${lane.name} ${l.seq} is broken`)
  }
  if (lane.head !== head || lane.seq !== links.length) say(`head of ${lane.name} is not its last link`)
}

/** R16: every settlement decided again from its own row and the text of its rule, compared to what was told. */
export async function checkRecomputes(store: AnyStore): Promise<number> {
  const rows = (await store.read.select().from(store.tables.settlement)) as SettlementRow[]
  const used = new Set(rows.map((r) => r.rule_hash))
  // Code tables are drafts too, but nothing is decided by them.
  const drafts = (await store.read.select().from(store.tables.rule_draft)).filter((d) => used.has(d.hash))
  const versions = new Map(
    drafts.map(({ hash, text }) => {
      const parsed = parseVersion(text, 'x.yaml')
      if ('faults' in parsed || !('benefits' in parsed.document)) throw new Error('a draft that cannot be read')
      return [hash, compileVersion(parsed.document, text)]
    }),
  )
  let checked = 0
  for (const row of rows) {
    if (row.kind === 'reversal') continue
    const version = versions.get(row.rule_hash)
    if (!version) throw new Error(`the text of ${row.rule_hash} is gone`)
    const bill = readArchivedBill(row.bill)
    const again = decideAgain(bill, JSON.parse(row.facts) as Facts, version)
    expect(again.ruling.assistance).toBe(row.assistance_fen)
    expect(JSON.parse(row.answer)).toMatchObject(JSON.parse(JSON.stringify(decisionAnswer(bill, again))))
    checked++
  }
  return checked
}

/** R15: whoever was answered before another one asked has the smaller number. */
export function checkRealTime(history: readonly { asked: number; answered: number; seq: number }[]): void {
  const byAnswer = [...history].sort((a, b) => a.answered - b.answered)
  const byAsking = [...history].sort((a, b) => a.asked - b.asked)
  let highest = 0
  let i = 0
  const breaches: string[] = []
  for (const h of byAsking) {
    for (let before = byAnswer[i]; before && before.answered < h.asked; before = byAnswer[++i]) {
      highest = Math.max(highest, before.seq)
    }
    if (h.seq <= highest) breaches.push(`${h.seq} was asked for after ${highest} had been answered`)
  }
  expect(breaches).toEqual([])
}
