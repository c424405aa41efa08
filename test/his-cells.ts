import { fresh } from './his-desk.ts'
import type { Site, Window } from './his-site.ts'
import type { Sent } from './his-window.ts'
import type { Person } from './people.ts'
import type { Json } from './platform/wire.ts'

/** What the platform does with the message; `answers` is the healthy one, without which the kills would show nothing. */
export const UPSTREAMS = ['answers', 'refuses', 'hangs', 'late', 'twice', 'cut'] as const
/** When the service is killed: while the platform works, when its answer arrives, or when ours was on its way. */
export const KILLS = ['not killed', 'before', 'during', 'after'] as const
/** What a hospital does that has not heard; `visit` is 2202 or 2404. */
export const CLIENTS = ['gives up', 'same msgid', 'new msgid', '2601', 'visit'] as const
export type Upstream = (typeof UPSTREAMS)[number]
export type Kill = (typeof KILLS)[number]
export type Client = (typeof CLIENTS)[number]
/** What is asked for, of an outpatient or an inpatient: the transaction says which. */
export const SETTLING = ['2207', '2304'] as const
export const CANCELLING = ['2208', '2305'] as const
export type Infno = (typeof SETTLING)[number] | (typeof CANCELLING)[number]
export const isOutpatient = ({ infno }: Pick<Cell, 'infno'>): boolean => infno.startsWith('220')
export const isCancelling = ({ infno }: Pick<Cell, 'infno'>): boolean => CANCELLING.some((one) => one === infno)

/** A settlement as a hospital was told it. */
export interface Told {
  readonly setl_id: string
  readonly medfee_sumamt: number
  readonly fund_pay_sumamt: number
  readonly acct_pay: number
  readonly psn_cash_pay: number
  readonly maf_pay: number
}
/** One patient in one of the situations of the table, and what the hospital takes for true of the bill. */
export interface Cell {
  readonly infno: Infno
  readonly kill: Kill
  readonly upstream: Upstream
  readonly client: Client
  readonly person: Person
  readonly msgid: string
  visit: string
  /** The answer to the first message; null: none was heard. */
  first: Sent | null
  /** Settled with these amounts, as far as the hospital knows. */
  told: Told | null
  /** What the hospital learned at the day's end: of a settlement it then took back, or that a cancellation was done. */
  learned: boolean
  readonly faults: string[]
}
export const nameOf = (c: Cell): string => `${c.infno} ${c.upstream} / ${c.kill} / ${c.client}`

/** Part of the table; every combination of these is tried. */
export interface Table {
  readonly infnos: readonly Infno[]
  readonly upstreams: readonly Upstream[]
  readonly clients: readonly Client[]
}
/** A cancellation has no visit to be taken away. */
const applies = (infno: Infno, client: Client) => client !== 'visit' || !isCancelling({ infno })
export const sizeOf = ({ infnos, upstreams, clients }: Table): number =>
  infnos.reduce((sum, infno) => sum + upstreams.length * clients.filter((client) => applies(infno, client)).length, 0)

/** Every situation under one kind of kill, a patient each. */
export function cellsOf({ infnos, upstreams, clients }: Table, kill: Kill, people: Iterator<Person>): Cell[] {
  const cell = (infno: Infno, upstream: Upstream, client: Client): Cell => ({
    ...{ infno, kill, upstream, client, person: people.next().value as Person, msgid: fresh('H65400200001-F') },
    ...{ visit: '', first: null, told: null, learned: false, faults: [] },
  })
  return infnos.flatMap((infno) =>
    upstreams.flatMap((upstream) =>
      clients.filter((client) => applies(infno, client)).map((client) => cell(infno, upstream, client)),
    ),
  )
}

const FAULTS: Record<Exclude<Upstream, 'answers'>, (cell: Cell) => Json> = {
  refuses: () => ({ kind: 'refuse' }),
  hangs: () => ({ kind: 'hang' }),
  // Done so late that what we ask in its place has come and gone.
  late: () => ({ kind: 'late', before: true, ms: 2500 }),
  twice: (cell) => ({ kind: 'twice', how: isOutpatient(cell) ? 'body' : 'response' }),
  cut: () => ({ kind: 'cut' }),
}
/** The platform's answer can be read: of two responses on one line the first is whole. */
export const isAnswered = (cell: Cell): boolean =>
  cell.upstream === 'answers' || (cell.upstream === 'twice' && !isOutpatient(cell))

export const settle = (at: Window, cell: Cell, msgid: string): Promise<Sent> =>
  isOutpatient(cell)
    ? at.chargeThrough(cell.person, cell.visit, { msgid })
    : at.settleThrough(cell.person, cell.visit, { msgid })
export const cancel = (at: Window, cell: Cell, setl_id: string, msgid: string): Promise<Sent> =>
  isOutpatient(cell)
    ? at.cancelCharge(cell.person, cell.visit, setl_id, { msgid })
    : at.cancelStay(cell.person, cell.visit, setl_id, {}, { msgid })

/**
 * Registers or admits the patients, settles what is to be cancelled, and tells the platform how it will fail each
 * of them.
 */
export async function prepare(site: Site, cells: readonly Cell[]): Promise<void> {
  const at = site.window()
  await Promise.all(
    cells.map(async (cell) => {
      cell.visit = await (isOutpatient(cell) ? at.come(cell.person) : at.stay(cell.person))
      if (isCancelling(cell)) cell.told = (await settle(at, cell, fresh('H65400200001-S'))).json.output.setlinfo
      if (cell.upstream === 'answers') return
      await site.platform.control({ on: cell.infno, msgid: cell.msgid, ...FAULTS[cell.upstream](cell) })
    }),
  )
}
