import { testKeys } from '../../test/engines.ts'
import type { Caller } from '../access/caller.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { checkCharacter } from '../kernel/resident-id.ts'
import type { AnyStore } from '../store/open.ts'
import { approveDraft } from './approve.ts'
import type { RegisterDeps } from './assess.ts'
import type { Change } from './change-list.ts'
import { draftChange } from './draft.ts'
import { askEligibility } from './eligibility.ts'
import { importRoster } from './import.ts'
import { TEMPLATE } from './roster.ts'

export const OPERATOR: Caller = { kind: 'operator', id: 'cli' }
export const CLERK: Caller = { kind: 'staff', id: 's1', roles: ['register_clerk'] }
export const BOTH: Caller = { kind: 'staff', id: 's2', roles: ['register_clerk', 'approver'] }
export const APPROVER: Caller = { kind: 'staff', id: 's3', roles: ['approver'] }
export const TERMINAL: Caller = { kind: 'terminal', id: 't1', hospital: 'H65400200001' }

export const at = (text: string) => Date.parse(`${text}+08:00`)
export const number = (n: number) => {
  const born = new Date(Date.UTC(1950, 0, 1) + (n % 18_000) * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
  const body = `654002${born}${String(Math.floor(n / 18_000) + 1).padStart(3, '0')}`
  return body + checkCharacter(body)
}
export const csv = (...lines: string[]) => new TextEncoder().encode([TEMPLATE.join(','), ...lines].join('\n'))
export const person = (
  n: number,
  more: { name?: string; category?: string; from?: string; to?: string; head?: number } = {},
) =>
  [
    more.name ?? '买买提·吐尔逊',
    number(n),
    more.category ?? 'dibao',
    more.from ?? '2026-01-01',
    more.to ?? '',
    more.head === undefined ? '' : number(more.head),
    '巴彦岱镇',
    '654002',
  ].join(',')

/** The value, where a refusal would be a failure of the test. */
export function sure<T>(value: T | Refusal): T {
  if (isRefusal(value)) throw new Error(JSON.stringify(value))
  return value
}

/** An office with an empty register, a clock the test moves, and the things clerks do every day. */
export async function openOffice(open: () => Promise<AnyStore>) {
  const store = await open()
  const clock = { now: at('2026-06-01T09:00:00') }
  const deps: RegisterDeps = { store, keys: testKeys(), now: () => clock.now }
  const apply = async (...lines: string[]) => sure(await importRoster(deps, OPERATOR, csv(...lines), { apply: true }))
  const dryRun = async (...lines: string[]) => sure(await importRoster(deps, OPERATOR, csv(...lines), { apply: false }))
  const eligible = async (n: number, on?: string, name = '买买提·吐尔逊') =>
    sure(
      await askEligibility(
        deps,
        { patient: { id_type: 'resident_id', id_number: number(n), name }, on },
        async () => [],
      ),
    )
  const sizes = async () => {
    const { person: p, person_record: r, holding: h } = store.tables
    return [
      (await store.read.select().from(p)).length,
      (await store.read.select().from(r)).length,
      (await store.read.select().from(h)).length,
    ]
  }
  const audit = async () => {
    const t = store.tables.audit_record
    return (await store.read.select().from(t).orderBy(t.seq)).map((r) => ({ ...r, detail: JSON.parse(r.detail) }))
  }
  const change = async (...changes: Change[]) => {
    const draft = sure(await draftChange(deps, CLERK, { source: 'changes', changes }))
    return sure(await approveDraft(deps, APPROVER, draft.id))
  }

  return { store, clock, deps, apply, dryRun, eligible, sizes, audit, change }
}
