import { act, type Deps } from '../access/act.ts'
import { actorOf, type Caller } from '../access/caller.ts'
import { rowDigest } from '../audit/chain.ts'
import { lockLane } from '../audit/queries.ts'
import { type Day, formatInstant } from '../kernel/day.ts'
import { newSettlementNo } from '../kernel/ids.ts'
import { type Fen, formatYuan } from '../kernel/money.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { terminalOf } from '../settlement/settle.ts'
import type { Db } from '../store/store.ts'
import type { Tables } from '../store/tables.ts'
import { periodFault } from './period.ts'
import {
  type ApplicationRow,
  applicationOf,
  applicationWithin,
  groupTotals,
  insertApplication,
  insertWithdrawal,
  visitBeingUndone,
} from './queries.ts'
import { differingFields, type OwnTotals, sayDifferences } from './totals.ts'

/** What a hospital asks the fund for (清算申请). */
export interface ApplicationAsk {
  readonly clr_type: string
  readonly clr_way: string | null
  /** `yyyyMM` */
  readonly month: string
  readonly from: Day
  readonly to: Day
  /** 人次: a settlement counts as one, its cancellation as one less. */
  readonly visits: number
  readonly medfee: Fen
  /** The fund's part and the patients' cash together. */
  readonly cleared: Fen
  readonly fund: Fen
  readonly cash: Fen
  readonly acct: Fen
}
export interface Applied {
  /** 清算申请事件ID */
  readonly clr_appy_evt_id: string
  /** `ours.assistance` is what an insurer's platform asked the same must be asked less. */
  readonly ours: OwnTotals
}

function askFault({ from, to, cleared, fund, cash }: ApplicationAsk): Refusal | null {
  const period = periodFault(from, to)
  if (period || cleared === fund + cash) return period
  const said = `清算费用总额 ${formatYuan(cleared)} ≠ 申请基金 + 现金 ${formatYuan(fund + cash)}`
  return refuse('invalid_request', said)
}

const alreadyApplied = ({ id, from_day, to_day, at }: ApplicationRow): Refusal =>
  refuse(
    'already_done',
    `${from_day} 至 ${to_day} 已于 ${formatInstant(at).slice(0, 16).replace('T', ' ')} 申请清算（${id}），要更正请先撤销（3204）`,
  )

/**
 * An application against what is stored: what would be counted may not be about to be taken back as if it had never been. Read
 * under the ledger's lock, either the 2601 is seen here or the application is seen there.
 */
async function undoneFault(tx: Db, t: Tables, hospital: string, { clr_type, from, to }: ApplicationAsk) {
  const visit = await visitBeingUndone(tx, t, { hospital, clr_type, from, to })
  return visit === null ? null : refuse('already_settling', `就诊 ${visit} 正在冲正，请等有了结果再申请清算`)
}

/** An application against what is stored: a live one that is the same, ours, or why it cannot be made. */
async function weigh(tx: Db, t: Tables, hospital: string, ask: ApplicationAsk) {
  const { clr_type, from, to } = ask
  const live = await applicationWithin(tx, t, { hospital, clr_type, from, to })
  const theirs = JSON.stringify(ask)
  if (live && live.theirs !== theirs) return alreadyApplied(live)
  const undone = live ? null : await undoneFault(tx, t, hospital, ask)
  if (undone) return undone
  const group = { hospital, clr_type, from, to, insutype: null, setl_optins: null, refunded: null }
  const { visits, ...ours } = await groupTotals(tx, t, group)
  const stated = { count: ask.visits, medfee: ask.medfee, fund: ask.fund, acct: ask.acct, cash: ask.cash }
  const stored = { ...ours, count: visits }
  if (differingFields(stated, stored).length > 0)
    return refuse('totals_differ', sayDifferences(stated, stored, { count: '人次' }))
  return { live, theirs, ours, visits }
}

/** What applying would come to now: our sums, and the number of an application that is the same; writes nothing. */
export async function tryApplication(
  deps: Deps,
  caller: Caller,
  ask: ApplicationAsk,
): Promise<{ readonly ours: OwnTotals; readonly clr_appy_evt_id: string | null } | Refusal> {
  const terminal = terminalOf(caller, 'clearing.apply')
  if (isRefusal(terminal)) return terminal
  const weighed = askFault(ask) ?? (await weigh(deps.store.read, deps.store.tables, terminal.hospital, ask))
  return isRefusal(weighed) ? weighed : { ours: weighed.ours, clr_appy_evt_id: weighed.live?.id ?? null }
}

/**
 * Applies for the money of a period (3203), if every sum is ours to the fen. Days are applied for once: the same
 * application again is the same answer, another one for some of its days is refused until the first is withdrawn.
 * `platform` is the number the insurer's platform gave the same application.
 */
export async function applyForClearing(
  deps: Deps,
  caller: Caller,
  ask: ApplicationAsk,
  platform: string | null = null,
): Promise<Applied | Refusal> {
  const terminal = terminalOf(caller, 'clearing.apply')
  if (isRefusal(terminal)) return terminal
  const { hospital } = terminal
  const { clr_type, from, to } = ask
  // Bills wait for the ledger below: only for an application that is right.
  const tried = askFault(ask) ?? (await weigh(deps.store.read, deps.store.tables, hospital, ask))
  if (isRefusal(tried)) return tried
  return act(deps, caller, 'clearing.apply', async (tx, t, at) => {
    await lockLane(tx, t, 'desk')
    await lockLane(tx, t, 'ledger')
    const weighed = await weigh(tx, t, hospital, ask)
    if (isRefusal(weighed)) return weighed
    const { live, theirs, ours, visits } = weighed
    const row = {
      id: live?.id ?? `C${newSettlementNo(at)}`,
      hospital_code: hospital,
      clr_type,
      month: ask.month,
      from_day: from,
      to_day: to,
      theirs,
      ours: JSON.stringify({ ...ours, visits, platform }),
      at,
    }
    if (!live) await insertApplication(tx, t, row)
    const rows = live ? [] : [rowDigest('clearing_application', row)]
    const detail = { did: live ? 'repeat' : 'apply', clr_type, month: ask.month, from, to, rows }
    return { result: { clr_appy_evt_id: row.id, ours }, deed: { subject: `clearing_application:${row.id}`, detail } }
  })
}

/** The platform's number of a live application of the hospital; null: the platform was not asked. */
export async function platformApplication(deps: Deps, caller: Caller, id: string): Promise<string | null | Refusal> {
  const terminal = terminalOf(caller, 'clearing.apply')
  if (isRefusal(terminal)) return terminal
  const live = await liveApplication(deps.store.read, deps.store.tables, terminal.hospital, id)
  return isRefusal(live) ? live : ((JSON.parse(live.ours) as { platform?: string | null }).platform ?? null)
}

async function liveApplication(tx: Db, t: Tables, hospital: string, id: string): Promise<ApplicationRow | Refusal> {
  const found = await applicationOf(tx, t, hospital, id)
  if (!found) return refuse('record_not_found', `本院没有清算申请 ${id}`)
  return found.withdrawn_at === null ? found.application : refuse('already_done', `清算申请 ${id} 已经撤销`)
}

/** Takes an application back (3204), so that its days may be applied for again. */
export async function withdrawClearing(
  deps: Deps,
  caller: Caller,
  id: string,
): Promise<{ readonly clr_appy_evt_id: string } | Refusal> {
  const terminal = terminalOf(caller, 'clearing.apply')
  if (isRefusal(terminal)) return terminal
  return act(deps, caller, 'clearing.apply', async (tx, t, at) => {
    await lockLane(tx, t, 'desk')
    const live = await liveApplication(tx, t, terminal.hospital, id)
    if (isRefusal(live)) return live
    const row = { application_id: id, at, by: actorOf(caller) }
    await insertWithdrawal(tx, t, row)
    const detail = { did: 'withdraw', rows: [rowDigest('clearing_withdrawal', row)] }
    return { result: { clr_appy_evt_id: id }, deed: { subject: `clearing_application:${id}`, detail } }
  })
}
