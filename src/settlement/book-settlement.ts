import type { Hospital } from '../hospitals/hospital.ts'
import { canonical, sha256 } from '../kernel/canonical.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import type { Scheme } from '../rules/in-force.ts'
import { type DecisionAnswer, decisionAnswer, patientPays, settlementAnswer } from './answer.ts'
import { addressOf, type Batch, billOf, book, nextSeq, personOf, readCounter, refuseJob } from './batch.ts'
import type { BookingResult, PersonState, SettleJob, SettlementRow } from './booking.ts'
import { type Decision, decide, householdOwner } from './decide.ts'

/** What the batch knows of the world beside the store's rows. */
export interface World {
  readonly hospitals: ReadonlyMap<string, Hospital>
  readonly schemes: readonly Scheme[]
}

/** The patient of a bill, or the refusal that nobody by this number and name is registered. */
function findPerson(batch: Batch, job: SettleJob): PersonState | Refusal {
  const person = personOf(batch, job.personBlind)
  if (!person) return refuse('person_unknown', '登记册中没有这个证件号码')
  if (person.name_blind !== job.nameBlind) return refuse('name_mismatch', '证件号码在册，但姓名与登记不符')
  return person
}

/** Identifies a decision: while it stays the same, what the patient was told at preview still holds. */
export const previewId = (answer: DecisionAnswer): string => sha256(canonical(answer)).slice(0, 24)

/** Decides one bill as the batch stands; shared by preview, which books nothing. */
export function decideJob(
  batch: Batch,
  job: SettleJob,
  world: World,
): { readonly person: PersonState; readonly decision: Decision } | Refusal {
  const hospital = world.hospitals.get(job.terminal.hospital)
  if (!hospital || hospital.suspended) return refuse('hospital_suspended', `${job.terminal.hospital} 的结算资格已暂停`)
  const standing = billOf(batch, hospital.code, job.bill.bill_no)
  if (standing?.kind === 'settlement') {
    const location = addressOf(standing.settlement_no)
    return refuse('bill_already_settled', `账单 ${job.bill.bill_no} 已由 ${standing.settlement_no} 结算`, { location })
  }
  const person = findPerson(batch, job)
  if (isRefusal(person)) return person
  const decision = decide({
    bill: job.bill,
    person,
    hospital,
    schemes: world.schemes,
    at: job.at,
    counter: (owner, key) => readCounter(batch, owner, key),
  })
  if (isRefusal(decision)) return decision
  if (job.previewId !== null && job.previewId !== previewId(decisionAnswer(job.bill, decision))) {
    return refuse('preview_outdated', '预结算之后，资格、规则或已用额度有变化')
  }
  return { person, decision }
}

export function bookSettlement(batch: Batch, job: SettleJob, world: World): BookingResult {
  const decided = decideJob(batch, job, world)
  if (isRefusal(decided)) {
    const standing = billOf(batch, job.terminal.hospital, job.bill.bill_no)
    return refuseJob(
      batch,
      job,
      decided,
      decided.refusal === 'bill_already_settled' ? (standing?.settlement_no ?? null) : null,
    )
  }
  return book(batch, job, settlementRow(batch, job, decided.person, decided.decision), decided.decision.facts.deltas)
}

function settlementRow(batch: Batch, job: SettleJob, person: PersonState, decision: Decision): SettlementRow {
  const { facts, ruling } = decision
  const { bill } = job
  const answer = decisionAnswer(bill, decision)
  const a = bill.amounts
  const insurance = a.basic_insurance_paid + a.serious_illness_paid + a.other_insurance_paid
  const patient = patientPays(bill, ruling.assistance)
  const seq = nextSeq(batch)
  return {
    ledger_seq: seq,
    settlement_no: job.no,
    kind: 'settlement',
    reverses: null,
    hospital_code: job.terminal.hospital,
    terminal_id: job.terminal.id,
    bill_no: bill.bill_no,
    attempt: (billOf(batch, job.terminal.hospital, bill.bill_no)?.attempt ?? 0) + 1,
    person_id: person.id,
    person_record_id: person.record_id,
    household: householdOwner(person.household, person.blind),
    township: person.township,
    category: ruling.category,
    care_type: bill.care_type,
    scheme: facts.rule.scheme,
    version: facts.rule.version,
    rule_hash: facts.rule.hash,
    decision: answer.decision,
    business_day: facts.business_day,
    year: facts.year,
    total_fen: a.total_cost,
    insurance_fen: insurance,
    other_fen: a.total_cost - insurance - ruling.assistance - patient,
    assistance_fen: ruling.assistance,
    patient_fen: patient,
    settled_at: job.at,
    bill: job.archived,
    facts: JSON.stringify(facts),
    answer: JSON.stringify(settlementAnswer(answer, { no: job.no, seq, verify: job.verify, at: job.at })),
  }
}
