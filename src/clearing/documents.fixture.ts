import { testKeys } from '../../test/engines.ts'
import type { Deps } from '../access/act.ts'
import type { Caller } from '../access/caller.ts'
import { psnBlind, sealDocument } from '../his/kept.ts'
import type { DocumentRow } from '../settlement/exchange.ts'
import type { AnyStore } from '../store/open.ts'
import type { Tables } from '../store/tables.ts'
import type { Group } from './queries.ts'

export const NOW = Date.parse('2026-12-01T09:00:00+08:00')
const keys = testKeys()

/** What of a document a test wants to be different; the person is named in the clear. */
export type Sketch = Partial<Omit<DocumentRow, 'psn_blind' | 'sealed'>> & {
  readonly setl_id: string
  readonly psn_no?: string
}

/** A document of 326.50 yuan, of which the funds paid 210.00 and assistance 10.00 of them. */
function documentOf(hospital_code: string, { psn_no = 'P001', ...change }: Sketch): DocumentRow {
  const row = {
    hospital_code,
    kind: 'settlement',
    reverses: null,
    settlement_no: null,
    missed: null,
    key: `2207:MSG-${change.setl_id}`,
    mdtrt_id: `M-${change.setl_id}`,
    bill_no: `B-${change.setl_id}`,
    insutype: '390',
    clr_type: '11',
    setl_optins: '654002',
    setl_day: '2026-11-01',
    medfee_fen: 32_650,
    fund_fen: 21_000,
    acct_fen: 150,
    cash_fen: 11_500,
    assistance_fen: 1000,
    at: Date.parse('2026-11-01T10:00:00+08:00'),
    ...change,
  } as const
  const words = JSON.stringify({ container: { setlinfo: { psn_no, setl_id: row.setl_id } }, data: { psn_no } })
  return {
    ...row,
    psn_blind: psnBlind(keys, psn_no),
    sealed: sealDocument(keys, row.hospital_code, row.key, words),
  }
}

/** The document that takes another one back, through 2208 or, where nobody ever heard of it, 2601. */
export const cancelled = (original: Sketch, setl_id: string, infno = '2208', change: Partial<Sketch> = {}): Sketch => ({
  ...original,
  setl_id,
  kind: 'reversal',
  reverses: original.setl_id,
  key: `${infno}:MSG-${setl_id}`,
  mdtrt_id: `M-${original.setl_id}`,
  bill_no: `B-${original.setl_id}`,
  medfee_fen: -32_650,
  fund_fen: -21_000,
  acct_fen: -150,
  cash_fen: -11_500,
  assistance_fen: -1000,
  ...change,
})

/** One hospital on a store that many share; what it holds is its own. */
export interface Office {
  readonly deps: Deps & { readonly store: AnyStore }
  readonly hospital: string
  readonly terminal: Caller
  /** Puts documents where a booking would; how they get there is another suite's business. */
  put(sketches: readonly Sketch[]): Promise<void>
  /** What the hospital has in one of the tables that are every hospital's. */
  kept(table: 'reconciliation' | 'his_file' | 'clearing_application'): Promise<Readonly<Record<string, unknown>>[]>
  /** The same service some days later. */
  later(days: number): Deps
}

let hospitals = 0
export async function openOffice(store: AnyStore, sketches: readonly Sketch[] = []): Promise<Office> {
  const hospital = `H${65_400_200_000 + ++hospitals}`
  const deps = { store, keys, now: () => NOW }
  const office: Office = {
    deps,
    hospital,
    terminal: { kind: 'terminal', id: `T${hospitals}`, hospital },
    async put(more) {
      const rows = more.map((sketch) => documentOf(hospital, sketch))
      await store.write(async (tx) => {
        for (let i = 0; i < rows.length; i += 500)
          await tx.insert(store.tables.his_document).values(rows.slice(i, i + 500))
      })
    },
    async kept(table) {
      const { [table]: t } = store.tables
      const rows = await store.read.select().from(t as Tables['reconciliation'])
      return rows.filter((row) => row.hospital_code === hospital)
    },
    later: (days) => ({ ...deps, now: () => NOW + days * 86_400_000 }),
  }
  if (sketches.length > 0) await office.put(sketches)
  return office
}

export const NOVEMBER: Omit<Group, 'hospital'> = {
  from: '2026-11-01',
  to: '2026-11-30',
  insutype: '390',
  clr_type: '11',
  setl_optins: '654002',
  refunded: null,
}

/** The sums of `n` documents of the fixture more than of cancellations, in `count` documents. */
export const sums = (n: number, count = n) => ({
  count,
  medfee: n * 32_650,
  fund: n * 21_000,
  acct: n * 150,
})
