import { z } from 'zod'
import type { Deps } from '../access/act.ts'
import { type Caller, may } from '../access/caller.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import type { BatchNote } from '../register/append.ts'
import { verifyRegister } from '../register/verify.ts'
import { columnFaults, linkFaults, registerFaults } from './booked-row.ts'
import { type AuditRecord, type Checkpoint, isGenuine, linkHash, rowDigest } from './chain.ts'
import { auditLinks, bookedRows, laneHeads, lastLinks, officeRows, strayDocuments } from './queries.ts'

/** One place where history is not what it was. `seq` is the link's or the ledger row's number, `row` names another row. */
export interface AuditFault {
  readonly lane: string
  readonly seq: number | null
  readonly row: string | null
  readonly what: string
}

export interface Verification {
  readonly links: number
  readonly settlements: number
  /** The first faults, in the order found; `faultCount` counts all of them. */
  readonly faults: readonly AuditFault[]
  readonly faultCount: number
}

const KEPT = 1000

interface Head {
  readonly name: string
  readonly seq: number
  readonly head: string
}

/** What the acts vouch for: the digest of a row -> the act that wrote it, and batches of the register. */
interface Vouched {
  readonly rows: Map<string, { readonly lane: string; readonly seq: number }>
  readonly batches: BatchNote[]
}

/** What is kept of a row that was read: sealed drafts together weigh more than the process may hold. */
interface RowNote {
  readonly table: string
  readonly digest: string
  readonly key: string
}

interface Finding {
  faults: AuditFault[]
  count: number
  links: number
  settlements: number
}

function report(f: Finding, lane: string, seq: number | null, what: string, row: string | null = null): void {
  f.count++
  if (f.faults.length < KEPT) f.faults.push({ lane, seq, row, what })
}

/**
 * Walks the whole history: every lane link by link, every booking against its audit record and its own archives,
 * every row of the office's tables against the act that wrote it. An older checkpoint shows what a consistent
 * history cannot: that its end was cut off or an old file put back.
 */
export async function verifyAudit(
  deps: Deps,
  caller: Caller,
  checkpoints: readonly Checkpoint[] = [],
): Promise<Verification | Refusal> {
  if (!may(caller, 'audit.read')) return refuse('forbidden', '需要权限 audit.read')
  const f: Finding = { faults: [], count: 0, links: 0, settlements: 0 }
  // The order matters while the service writes: every row and link read before the heads must be covered by them.
  const before = await laneHeads(deps.store)
  const rows: RowNote[] = []
  for await (const page of officeRows(deps.store))
    for (const { table, row } of page) rows.push({ table, digest: rowDigest(table, row), key: keyOf(row) })
  const last = await lastLinks(deps.store)
  const heads = await laneHeads(deps.store)
  const vouched: Vouched = { rows: new Map(), batches: [] }
  for (const [lane, seq] of last) {
    const head = heads.find((h) => h.name === lane)
    if (!head) report(f, lane, seq, 'records of a lane that has no head')
    else if (seq > head.seq) report(f, lane, seq, `record beyond the head of the lane (${head.seq})`)
  }
  for (const head of heads) await walkLane(deps, head, knownHeads(deps, f, checkpoints, head), vouched, f)
  compareRows(rows, before, vouched, f)
  await compareRegister(deps, seqOf(heads, 'desk'), vouched, f)
  await walkLedger(deps, seqOf(heads, 'ledger'), f)
  return { links: f.links, settlements: f.settlements, faults: f.faults, faultCount: f.count }
}

const seqOf = (heads: readonly Head[], lane: string): number => heads.find((h) => h.name === lane)?.seq ?? 0

/** What genuine checkpoints say of a lane: number of a link -> its hash. */
function knownHeads(
  deps: Deps,
  f: Finding,
  checkpoints: readonly Checkpoint[],
  head: Head,
): ReadonlyMap<number, string> {
  const known = new Map<number, string>()
  for (const checkpoint of checkpoints) {
    if (!isGenuine(deps.keys, checkpoint)) report(f, head.name, null, 'a checkpoint was not made by this installation')
    else
      for (const lane of checkpoint.lanes) {
        if (lane.name !== head.name || lane.seq === 0) continue
        if (lane.seq > head.seq)
          report(
            f,
            head.name,
            lane.seq,
            `history was cut or rolled back: the checkpoint stands at ${lane.seq}, the lane at ${head.seq}`,
          )
        else known.set(lane.seq, lane.head)
      }
  }
  return known
}

async function walkLane(
  deps: Deps,
  head: Head,
  known: ReadonlyMap<number, string>,
  vouched: Vouched,
  f: Finding,
): Promise<void> {
  let previous = { seq: 0, hash: '' }
  for await (const page of auditLinks(deps.store, head.name, head.seq)) {
    for (const link of page) {
      f.links++
      if (link.seq !== previous.seq + 1) {
        report(f, head.name, previous.seq + 1, gapText(previous.seq + 1, link.seq - 1))
      } else if (linkHash(previous.hash, link) !== link.hash) {
        report(f, head.name, link.seq, 'record or its hash was changed, or its place in the chain')
      }
      const told = known.get(link.seq)
      if (told !== undefined && told !== link.hash) report(f, head.name, link.seq, 'chain differs from the checkpoint')
      gather(vouched, link)
      previous = link
    }
  }
  if (previous.seq < head.seq) report(f, head.name, previous.seq + 1, gapText(previous.seq + 1, head.seq))
  else if (previous.hash !== head.head) report(f, head.name, head.seq, 'head of the lane differs from its last record')
}

const gapText = (from: number, to: number): string =>
  from === to ? `record ${from} is missing` : `records ${from} to ${to} are missing`

function gather(vouched: Vouched, link: AuditRecord): void {
  const { rows, batch } = noteOf(link.detail)
  for (const row of rows) vouched.rows.set(row, { lane: link.lane, seq: link.seq })
  if (batch) vouched.batches.push(batch)
}

const noteSchema = z.object({
  rows: z.array(z.string()).default([]),
  batch: z
    .object({ id: z.string(), people: z.int(), records: z.int(), holdings: z.int(), digest: z.string() })
    .optional(),
})

/** What a record vouches for; a detail that cannot be read vouches for nothing. */
function noteOf(detail: string): z.output<typeof noteSchema> {
  try {
    return noteSchema.parse(JSON.parse(detail))
  } catch {
    return { rows: [] }
  }
}

/** Batches of the register; a fault counts only if no act after the heads explains it. */
async function compareRegister(deps: Deps, upto: number, vouched: Vouched, f: Finding): Promise<void> {
  let faults = await verifyRegister(deps.store, vouched.batches)
  if (faults.length === 0) return
  const later: Vouched = { rows: new Map(), batches: [...vouched.batches] }
  for await (const page of auditLinks(deps.store, 'desk', Number.MAX_SAFE_INTEGER, upto))
    for (const link of page) gather(later, link)
  if (later.batches.length > vouched.batches.length) faults = await verifyRegister(deps.store, later.batches)
  for (const { batch, what } of faults) report(f, 'desk', null, `register: ${what}`, batch)
}

/**
 * Rows nobody vouches for were changed or smuggled in; what was vouched for and is not there was changed or deleted.
 * Acts after the heads in `before` may have written rows that were not read any more.
 */
function compareRows(rows: readonly RowNote[], before: readonly Head[], vouched: Vouched, f: Finding): void {
  for (const { table, digest, key } of rows) {
    if (vouched.rows.delete(digest)) continue
    report(f, laneOfTable(table), null, `no act vouches for this row of ${table}: changed or inserted`, key)
  }
  for (const [digest, { lane, seq }] of vouched.rows) {
    const table = digest.slice(0, digest.indexOf(':'))
    if (seq <= seqOf(before, lane)) report(f, lane, seq, `the row of ${table} that this act wrote is gone or changed`)
  }
}

const laneOfTable = (table: string): string =>
  /^(?:register_|reconciliation$|clearing_|his_file$)/.test(table) ? 'desk' : 'office'

/** What names a row, the most telling first. */
const KEYS = [
  ...['id', 'file_qury_no', 'application_id', 'code'],
  ...['hospital_code', 'terminal_id', 'staff_id', 'draft_id'],
]

function keyOf(row: Record<string, unknown>): string {
  for (const key of KEYS) {
    if (typeof row[key] === 'string') return row[key]
  }
  return '?'
}

async function walkLedger(deps: Deps, upto: number, f: Finding): Promise<void> {
  let expected = 1
  for await (const page of bookedRows(deps.store, upto)) {
    for (const { row, link, told, blind, document } of page) {
      f.settlements++
      if (row.ledger_seq !== expected) report(f, 'ledger', expected, 'settlement row is missing')
      expected = row.ledger_seq + 1
      for (const what of [
        ...linkFaults(row, link, document),
        ...columnFaults(row),
        ...registerFaults(row, told && blind ? { ...told, blind } : null),
      ]) {
        report(f, 'ledger', row.ledger_seq, what, row.settlement_no)
      }
    }
  }
  if (expected <= upto) report(f, 'ledger', expected, 'settlement row is missing')
  for (const { hospital_code, setl_id } of await strayDocuments(deps.store)) {
    report(f, 'ledger', null, `document of ${hospital_code} names a settlement that is not there`, setl_id)
  }
}
