import { act } from '../access/act.ts'
import type { Caller } from '../access/caller.ts'
import { formatInstant, type Instant } from '../kernel/day.ts'
import { formatYuan, parseYuan } from '../kernel/money.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { type Keys, unseal } from '../kernel/seal.ts'
import { type CompiledVersion, compileText } from '../rules/compile.ts'
import { textByHash } from '../rules/queries.ts'
import type { SettlementAnswer } from './answer.ts'
import type { Original, SettlementRow } from './booking.ts'
import type { Desk } from './desk.ts'
import type { Facts } from './facts.ts'
import { currentAnswer } from './look-up.ts'
import { addPrint, findSettlement, type SealedPatient, sealedPatient } from './queries.ts'
import { terminalOf } from './settle.ts'
import type { PrintedBill, StatementSource } from './statement-source.ts'

export interface PrintOrder {
  readonly no: string
  readonly lang: string
  readonly paper: string
}

/** A reversal prints the decision it takes back, under its own number and with its own signs. */
function printedSettlement(found: Original, original: Original | null): StatementSource['settlement'] {
  const answer = currentAnswer(found)
  const care_type = found.row.care_type as StatementSource['settlement']['care_type']
  if (answer.status !== 'reversal') return { ...answer, care_type }
  const decided = JSON.parse((original ?? found).row.answer) as SettlementAnswer
  const benefits = decided.benefits.map((b) => ({ ...b, amount: formatYuan(-parseYuan(b.amount)) }))
  return { ...decided, ...answer, benefits, care_type }
}

function patientOf(keys: Keys, row: SettlementRow, sealed: SealedPatient): StatementSource['patient'] {
  return {
    name: unseal(keys, `person_record.sealed_name:${sealed.blind}`, sealed.sealed_name),
    id_number: unseal(keys, `person.sealed_id:${sealed.blind}`, sealed.sealed_id),
    sex: sealed.sex as 'male' | 'female',
    born_on: sealed.born_on,
    township: row.township,
  }
}

function labelsOf(version: CompiledVersion) {
  return {
    categories: Object.fromEntries(version.categories.map((c) => [c.key, c.label])),
    benefits: Object.fromEntries(version.benefits.map((b) => [b.key, b.label])),
    pools: Object.fromEntries(version.pools.map((p) => [p.key, p.label])),
  }
}

/** The rule a settlement was decided by: nearly always one in force, which is at hand ready compiled. */
async function versionByHash({ store, directory }: Desk, hash: string): Promise<CompiledVersion> {
  const { schemes } = await directory.recent()
  const known = schemes.flatMap((s) => s.versions).find((v) => v.hash === hash)
  if (known) return known
  const text = await textByHash(store, hash)
  if (!text) throw new Error('the rule of a stored settlement is missing')
  return compileText(text.text, `${text.scheme}/${text.version}.yaml`)
}

/**
 * Counts one more copy of the statement (结算单) and gives what it is made of. Everything comes from the stored
 * settlement and the rule it was decided by, never from today's rule or register.
 */
export async function printStatement(
  desk: Desk,
  caller: Caller,
  order: PrintOrder,
): Promise<StatementSource | Refusal> {
  const terminal = terminalOf(caller, 'settlement.print')
  if (isRefusal(terminal)) return terminal
  const found = await findSettlement(desk.store, terminal.hospital, { no: order.no })
  if (!found) return refuse('settlement_not_found', `本院没有结算 ${order.no}`)
  const { row } = found
  const original =
    row.reverses === null ? null : await findSettlement(desk.store, terminal.hospital, { no: row.reverses })
  const version = await versionByHash(desk, row.rule_hash)
  const counted = await act(desk, caller, 'settlement.print', async (tx, t, at) => {
    const sealed = await sealedPatient(tx, t, row)
    if (!sealed) throw new Error('the patient of a stored settlement is missing')
    const nth = await addPrint(tx, t, {
      settlement_no: order.no,
      lang: order.lang,
      paper: order.paper,
      terminal_id: terminal.id,
      at,
    })
    return {
      result: { nth, at, sealed },
      deed: { subject: order.no, detail: { nth, lang: order.lang, paper: order.paper } },
    }
  })
  if (isRefusal(counted)) return counted
  return source(desk.keys, found, original, version, counted)
}

function source(
  keys: Keys,
  found: Original,
  original: Original | null,
  version: CompiledVersion,
  counted: { readonly nth: number; readonly at: Instant; readonly sealed: SealedPatient },
): StatementSource {
  const { hospital } = JSON.parse(found.row.facts) as Facts
  return {
    settlement: printedSettlement(found, original),
    bill: JSON.parse(found.row.bill) as PrintedBill,
    patient: patientOf(keys, found.row, counted.sealed),
    hospital: { code: hospital.code, name: hospital.name, level: hospital.level },
    rule: { title: version.title, illustrative: version.illustrative, labels: labelsOf(version) },
    print: { nth: counted.nth, printed_at: formatInstant(counted.at) },
  }
}
