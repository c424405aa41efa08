import type { Hospital } from '../hospitals/hospital.ts'
import { canonical, sha256 } from '../kernel/canonical.ts'
import type { Instant } from '../kernel/day.ts'
import { formatYuan } from '../kernel/money.ts'
import { isRefusal, type Refusal, type RefusalCode, refuse } from '../kernel/refusal.ts'
import type { Scheme } from '../rules/in-force.ts'
import { type DecisionAnswer, decisionAnswer, patientPays, settlementAnswer } from './answer.ts'
import {
  addDocument,
  addressOf,
  type Batch,
  billOf,
  book,
  keepAnswer,
  nextSeq,
  personOf,
  readCounter,
  refuseJob,
} from './batch.ts'
import type { Booked, BookingResult, PersonState, SettleJob, SettlementRow } from './booking.ts'
import { type Decision, decide, householdOwner } from './decide.ts'
import {
  documentOf,
  documentOfBill,
  documentUnder,
  liveElsewhere,
  numberTaken,
  sayDocument,
  settlementDocument,
} from './document.ts'
import { type DocumentDraft, type Missed, numberTold, type Pass } from './exchange.ts'
import { learn, statedFault } from './learn.ts'

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

/** A bill is live once: in the ledger, or, where the insurer's answer went through without us, by its document. */
function settledAlready(batch: Batch, { terminal, bill, document }: SettleJob): Refusal | null {
  const standing = billOf(batch, terminal.hospital, bill.bill_no)
  const no = standing?.kind === 'settlement' ? standing.settlement_no : null
  const known = document ? documentOfBill(batch, terminal.hospital, bill.bill_no) : null
  const by = known ? sayDocument(known) : no
  if (by === null) return null
  const location = no === null ? {} : { location: addressOf(no) }
  return refuse('bill_already_settled', `账单 ${bill.bill_no} 已由 ${by} 结算`, location)
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
  const settled = settledAlready(batch, job)
  if (settled) return settled
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

/** What speaks against a document that comes with a bill which could be booked. */
function documentFault(batch: Batch, job: SettleJob, { ruling }: Decision): Refusal | null {
  const { document, learn } = job
  if (!document) return null
  if (documentOf(batch, job.terminal.hospital, document.setl_id)) return numberTaken(document)
  const elsewhere = liveElsewhere(batch, job.terminal.hospital, document)
  if (elsewhere)
    return refuse('setl_id_taken', `医保结算ID ${numberTold(document.setl_id)} 已由 ${elsewhere.hospital_code} 登记`)
  const conflict = learn ? statedFault(batch, learn) : null
  if (conflict || ruling.assistance <= document.cash_fen) return conflict
  const [assistance, cash] = [formatYuan(ruling.assistance), formatYuan(document.cash_fen)]
  return refuse('bill_does_not_add_up', `医疗救助 ${assistance} 超过医保结算后的个人现金支付 ${cash}`)
}

/** `barred`: what stands against the terminal itself; it matters only to whom a pass would help. */
export function bookSettlement(
  batch: Batch,
  job: SettleJob,
  world: World,
  now: Instant,
  barred: Refusal | null = null,
): BookingResult {
  const { document, pass } = job
  // Nothing is kept: what the insurer has settled is brought again, under a number that is free.
  if (pass && document && documentOf(batch, job.terminal.hospital, document.setl_id)) return numberTaken(document)
  const decided = barred ?? decideJob(batch, job, world)
  const refusal = isRefusal(decided) ? decided : documentFault(batch, job, decided.decision)
  const late = pass !== undefined && now > pass.decideBy
  if (pass && document && (refusal || late)) return letPass(batch, job, document, pass, refusal?.refusal ?? 'too_late')
  if (isRefusal(decided)) return refuseSettlement(batch, job, decided)
  if (refusal) return refuseSettlement(batch, job, refusal)
  const { person, decision } = decided
  const row = settlementRow(batch, job, person, decision)
  const { bill_no, settlement_no, assistance_fen: assistance } = row
  if (job.learn) learn(batch, job.learn, job.at)
  const added = document
    ? settlementDocument(job, document, { bill_no, settlement_no, assistance, missed: null })
    : null
  return book(batch, job, row, decision.facts.deltas, added)
}

function refuseSettlement(batch: Batch, job: SettleJob, refusal: Refusal): BookingResult {
  const standing = billOf(batch, job.terminal.hospital, job.bill.bill_no)
  const inTheWay = refusal.refusal === 'bill_already_settled' && standing?.kind === 'settlement'
  return refuseJob(batch, job, refusal, inTheWay ? standing.settlement_no : null)
}

/** For these nobody in our area owes the patient anything. */
const NOTHING_OUTSTANDING: ReadonlySet<Missed> = new Set<RefusalCode>(['person_unknown', 'no_scheme'])

function letPass(batch: Batch, job: SettleJob, document: DocumentDraft, pass: Pass, why: Missed): Booked {
  if (job.learn) learn(batch, job.learn, job.at)
  const missed = NOTHING_OUTSTANDING.has(why) ? null : why
  addDocument(
    batch,
    settlementDocument(job, document, { bill_no: job.bill.bill_no, settlement_no: null, assistance: 0, missed }),
  )
  return { ...keepAnswer(batch, job, 200, pass.sealedAnswer), passed: why }
}

/** A repeated answer that had gone through unchanged says so again, as far as its document still knows why. */
export function asPassed(batch: Batch, job: SettleJob, before: Booked | Refusal): BookingResult {
  if (isRefusal(before) || before.status !== 200) return before
  return { ...before, passed: documentUnder(batch, job.terminal.hospital, job.key)?.missed ?? null }
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
