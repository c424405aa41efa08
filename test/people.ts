import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { act, type Deps } from '../src/access/act.ts'
import type { Caller } from '../src/access/caller.ts'
import { rowDigest } from '../src/audit/chain.ts'
import { randomText } from '../src/kernel/ids.ts'
import { isRefusal } from '../src/kernel/refusal.ts'
import { bornOn, checkCharacter, sexOf } from '../src/kernel/resident-id.ts'
import { blindIndex, seal } from '../src/kernel/seal.ts'
import { batchDigest } from '../src/register/batch.ts'
import { nameBlindKey, personBlindKey } from '../src/register/holding.ts'

/** Somebody the register knows; what is left out is the same for everybody. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly categories?: readonly { readonly key: string; readonly from: string; readonly until?: string }[]
  readonly household?: string
  readonly diedOn?: string
}

export const OPERATOR: Caller = { kind: 'operator', id: 'test' }

/** The n-th synthetic resident ID number: valid by GB 11643, born between 1940 and 1999. */
export function residentId(n: number): string {
  const day = new Date(Date.UTC(1940, 0, 1) + (n % 21_000) * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
  const body = `654002${day}${String(Math.floor(n / 21_000) + 1).padStart(3, '0')}`
  return body + checkCharacter(body)
}

/** Fails loudly where a verb refuses what the test takes for granted. */
export async function done<R>(result: Promise<R>): Promise<Exclude<R, { refusal: string }>> {
  const value = await result
  if (isRefusal(value)) throw new Error(`refused: ${value.refusal} ${value.detail}`)
  return value as Exclude<R, { refusal: string }>
}

const holdingsOf = (p: Person) =>
  (p.categories ?? [{ key: 'dibao', from: '2020-01-01' }]).flatMap((c) => [
    { category: c.key, from_day: c.from, held: 1 },
    ...(c.until ? [{ category: c.key, from_day: c.until, held: 0 }] : []),
  ])

type Row = Readonly<Record<string, unknown>> & { readonly id: number }

/** Puts people into the register as they are; how a roster gets there is another suite's business. */
export async function register(deps: Deps, people: readonly Person[]): Promise<void> {
  const { keys } = deps
  await done(
    act(deps, OPERATOR, 'register.approve', async (tx, t, at) => {
      const batch_id = `test-${randomText(16)}`
      const appended = { people: [] as Row[], records: [] as Row[], holdings: [] as Row[] }
      for (const p of people) {
        const blind = blindIndex(keys, personBlindKey('resident_id', p.id))
        const [row] = await tx
          .insert(t.person)
          .values({
            id_type: 'resident_id',
            blind,
            sealed_id: seal(keys, `person.sealed_id:${blind}`, p.id),
            born_on: bornOn(p.id),
            sex: sexOf(p.id),
            recorded_at: at,
          })
          .returning()
        if (!row) throw new Error('a new person has a number')
        const common = { person_id: row.id, batch_id, recorded_at: at }
        const record = {
          ...common,
          sealed_name: seal(keys, `person_record.sealed_name:${blind}`, p.name),
          name_blind: blindIndex(keys, nameBlindKey(p.name)),
          household: p.household ? blindIndex(keys, personBlindKey('resident_id', p.household)) : null,
          township: '巴彦岱镇',
          admdvs: '654002',
          died_on: p.diedOn ?? null,
        }
        appended.people.push(row)
        appended.records.push(...(await tx.insert(t.person_record).values(record).returning()))
        const holdings = holdingsOf(p)
        const held = holdings.map((h) => ({ ...common, ...h }))
        if (held.length > 0) appended.holdings.push(...(await tx.insert(t.holding).values(held).returning()))
      }
      const { records, holdings } = appended
      const counts = { people: people.length, records: records.length, holdings: holdings.length }
      const batch = { id: batch_id, ...counts, digest: batchDigest(appended) }
      return { result: people.length, deed: { subject: 'register', detail: { did: 'test', batch } } }
    }),
  )
}

/** Publishes the text of a rule as two officials would. */
export async function publishRule(deps: Deps, text: string): Promise<void> {
  const field = (name: string) => new RegExp(`^${name}: "?([^"\\s]+)`, 'm').exec(text)?.[1] ?? ''
  await done(
    act(deps, OPERATOR, 'rules.approve', async (tx, t, at) => {
      const hash = `sha256:${createHash('sha256').update(text).digest('hex')}`
      const id = `D${hash.slice(7, 17)}-${at}`
      const draft = { scheme: field('scheme'), version: field('start'), text, hash }
      const drafted = { id, ...draft, drafted_by: 'staff:editor', drafted_at: at }
      const approved = {
        draft_id: id,
        drafted_by: 'staff:editor',
        approved_by: 'staff:approver',
        approved_at: at,
      }
      const known = await tx.select().from(t.rule_draft).where(eq(t.rule_draft.id, id))
      if (known.length === 0) await tx.insert(t.rule_draft).values(drafted)
      await tx.insert(t.rule_publication).values(approved)
      const rows = [rowDigest('rule_draft', drafted), rowDigest('rule_publication', approved)]
      return { result: id, deed: { subject: `rule:${draft.scheme}`, detail: { did: 'publish', rows } } }
    }),
  )
}
