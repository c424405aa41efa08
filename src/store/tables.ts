import { sql } from 'drizzle-orm'
import type { Columns } from './columns.postgres.ts'
import { defineHisTables } from './tables.his.ts'

/**
 * Every table, once. Days are ISO text, instants are milliseconds, money is whole fen, archives are JSON text.
 * Rows are appended, never changed, but for the running totals `lane`, `counter` and `account_total`,
 * which a fold of the other tables reproduces.
 */
export function defineTables(c: Columns) {
  const { table, text, int, serial, primaryKey, index, uniqueIndex, check } = c

  /** Head of a writer's chain: the last sequence number given and the hash of its record. */
  const lane = table('lane', {
    name: text('name').primaryKey(),
    seq: int('seq').notNull(),
    head: text('head').notNull(),
  })

  const audit_record = table(
    'audit_record',
    {
      lane: text('lane').notNull(),
      seq: int('seq').notNull(),
      at: int('at').notNull(),
      actor: text('actor').notNull(),
      action: text('action').notNull(),
      subject: text('subject').notNull(),
      detail: text('detail').notNull(),
      hash: text('hash').notNull(),
    },
    (t) => [primaryKey({ columns: [t.lane, t.seq] })],
  )

  const hospital = table('hospital', {
    code: text('code').primaryKey(),
    name: text('name').notNull(),
    level: int('level').notNull(),
    admdvs: text('admdvs').notNull(),
    designated_at: int('designated_at').notNull(),
  })
  const hospital_status = table(
    'hospital_status',
    {
      id: serial('id'),
      hospital_code: text('hospital_code')
        .notNull()
        .references(() => hospital.code),
      status: text('status').notNull(),
      reason: text('reason').notNull(),
      at: int('at').notNull(),
      by: text('by').notNull(),
    },
    (t) => [index('hospital_status_of').on(t.hospital_code, t.id)],
  )
  const terminal = table('terminal', {
    id: text('id').primaryKey(),
    hospital_code: text('hospital_code')
      .notNull()
      .references(() => hospital.code),
    label: text('label').notNull(),
    key_hash: text('key_hash').notNull().unique(),
    /** Sealed key of a terminal that must sign its requests; null where a bearer key is enough. */
    signing_key: text('signing_key'),
    created_at: int('created_at').notNull(),
  })
  const terminal_revocation = table('terminal_revocation', {
    terminal_id: text('terminal_id')
      .primaryKey()
      .references(() => terminal.id),
    at: int('at').notNull(),
    by: text('by').notNull(),
  })

  const staff = table('staff', {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    roles: text('roles').notNull(),
    token_hash: text('token_hash').notNull().unique(),
    created_at: int('created_at').notNull(),
  })
  const staff_revocation = table('staff_revocation', {
    staff_id: text('staff_id')
      .primaryKey()
      .references(() => staff.id),
    at: int('at').notNull(),
    by: text('by').notNull(),
  })

  const person = table('person', {
    id: serial('id'),
    id_type: text('id_type').notNull(),
    /** Keyed blind index of the ID number: finds a person, tells nothing without the key. */
    blind: text('blind').notNull().unique(),
    sealed_id: text('sealed_id').notNull(),
    born_on: text('born_on').notNull(),
    sex: text('sex').notNull(),
    recorded_at: int('recorded_at').notNull(),
  })
  /** What was known of a person from `recorded_at` on; the newest row is what is known now. */
  const person_record = table(
    'person_record',
    {
      id: serial('id'),
      person_id: int('person_id')
        .notNull()
        .references(() => person.id),
      sealed_name: text('sealed_name').notNull(),
      /** Keyed blind index of the comparable form of the name. */
      name_blind: text('name_blind').notNull(),
      /** Blind index of the head of household's ID number; null: a household of one. */
      household: text('household'),
      township: text('township').notNull(),
      admdvs: text('admdvs').notNull(),
      died_on: text('died_on'),
      batch_id: text('batch_id').notNull(),
      recorded_at: int('recorded_at').notNull(),
    },
    (t) => [index('person_record_of').on(t.person_id, t.id)],
  )
  /** From `from_day` on the person does (1) or does not (0) hold the category, as known from `recorded_at` on. */
  const holding = table(
    'holding',
    {
      id: serial('id'),
      person_id: int('person_id')
        .notNull()
        .references(() => person.id),
      category: text('category').notNull(),
      from_day: text('from_day').notNull(),
      held: int('held').notNull(),
      batch_id: text('batch_id').notNull(),
      recorded_at: int('recorded_at').notNull(),
    },
    (t) => [index('holding_of').on(t.person_id, t.category, t.from_day, t.id)],
  )
  const register_draft = table('register_draft', {
    id: text('id').primaryKey(),
    source: text('source').notNull(),
    sealed_rows: text('sealed_rows').notNull(),
    summary: text('summary').notNull(),
    drafted_by: text('drafted_by').notNull(),
    drafted_at: int('drafted_at').notNull(),
  })
  const register_approval = table(
    'register_approval',
    {
      draft_id: text('draft_id')
        .primaryKey()
        .references(() => register_draft.id),
      drafted_by: text('drafted_by').notNull(),
      approved_by: text('approved_by').notNull(),
      approved_at: int('approved_at').notNull(),
    },
    (t) => [check('register_four_eyes', sql`${t.drafted_by} <> ${t.approved_by}`)],
  )
  /** Whom a person number of the insurer means by the office's word, which goes before what hospitals said; the newest row counts. */
  const register_psn_no = table(
    'register_psn_no',
    {
      id: serial('id'),
      psn_blind: text('psn_blind').notNull(),
      person_blind: text('person_blind').notNull(),
      sealed_reason: text('sealed_reason').notNull(),
      /** Null: stated by the operator of the machine. */
      draft_id: text('draft_id').references(() => register_draft.id),
      at: int('at').notNull(),
      by: text('by').notNull(),
    },
    (t) => [index('register_psn_no_of').on(t.psn_blind, t.id)],
  )

  const rule_draft = table('rule_draft', {
    id: text('id').primaryKey(),
    scheme: text('scheme').notNull(),
    version: text('version').notNull(),
    text: text('text').notNull(),
    hash: text('hash').notNull(),
    drafted_by: text('drafted_by').notNull(),
    drafted_at: int('drafted_at').notNull(),
  })
  const rule_publication = table(
    'rule_publication',
    {
      seq: serial('seq'),
      draft_id: text('draft_id')
        .notNull()
        .unique()
        .references(() => rule_draft.id),
      drafted_by: text('drafted_by').notNull(),
      approved_by: text('approved_by').notNull(),
      approved_at: int('approved_at').notNull(),
    },
    (t) => [check('rule_four_eyes', sql`${t.drafted_by} <> ${t.approved_by}`)],
  )

  /** One row a settlement and one a reversal, whose amounts are negative. The first column is its place in the ledger. */
  const settlement = table(
    'settlement',
    {
      ledger_seq: int('ledger_seq').primaryKey(),
      settlement_no: text('settlement_no').notNull(),
      kind: text('kind').notNull(),
      /** The settlement this row reverses; unique, so a reversal wins once. */
      reverses: text('reverses'),
      hospital_code: text('hospital_code').notNull(),
      terminal_id: text('terminal_id').notNull(),
      bill_no: text('bill_no').notNull(),
      /** 1 for a bill's first settlement, +1 for each settlement after a reversal. */
      attempt: int('attempt').notNull(),
      person_id: int('person_id').notNull(),
      person_record_id: int('person_record_id').notNull(),
      household: text('household').notNull(),
      township: text('township').notNull(),
      category: text('category'),
      care_type: text('care_type').notNull(),
      scheme: text('scheme').notNull(),
      version: text('version').notNull(),
      rule_hash: text('rule_hash').notNull(),
      decision: text('decision').notNull(),
      business_day: text('business_day').notNull(),
      year: int('year').notNull(),
      total_fen: int('total_fen').notNull(),
      insurance_fen: int('insurance_fen').notNull(),
      other_fen: int('other_fen').notNull(),
      assistance_fen: int('assistance_fen').notNull(),
      patient_fen: int('patient_fen').notNull(),
      settled_at: int('settled_at').notNull(),
      /** The bill as received, but for the patient's name and number, which the register keeps sealed. */
      bill: text('bill').notNull(),
      /** Everything else the decision rested on. */
      facts: text('facts').notNull(),
      /** The answer given, byte for byte. */
      answer: text('answer').notNull(),
    },
    (t) => [
      uniqueIndex('settlement_by_no').on(t.settlement_no),
      uniqueIndex('settlement_reversed_once').on(t.reverses).where(sql`${t.reverses} is not null`),
      uniqueIndex('settlement_of_bill').on(t.hospital_code, t.bill_no, t.attempt, t.kind),
      index('settlement_of_person').on(t.person_id, t.ledger_seq),
      index('settlement_by_time').on(t.settled_at),
      check('settlement_kind', sql`${t.kind} in ('settlement', 'reversal')`),
    ],
  )
  /** What a terminal asked under a key and what it was told; a booking's answer stands in its settlement row. */
  const request = table(
    'request',
    {
      terminal_id: text('terminal_id').notNull(),
      key: text('key').notNull(),
      fingerprint: text('fingerprint').notNull(),
      status: int('status').notNull(),
      settlement_no: text('settlement_no'),
      body: text('body'),
      at: int('at').notNull(),
    },
    (t) => [primaryKey({ columns: [t.terminal_id, t.key] })],
  )
  const posting = table(
    'posting',
    {
      ledger_seq: int('ledger_seq').notNull(),
      leg: int('leg').notNull(),
      account: text('account').notNull(),
      debit_fen: int('debit_fen').notNull(),
      credit_fen: int('credit_fen').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.ledger_seq, t.leg] }),
      check('posting_one_side', sql`(${t.debit_fen} = 0) <> (${t.credit_fen} = 0)`),
    ],
  )
  const account_total = table('account_total', {
    account: text('account').primaryKey(),
    debit_fen: int('debit_fen').notNull(),
    credit_fen: int('credit_fen').notNull(),
  })
  /** Running totals of a person (`p:<id>`) or household (`h:<blind>`): limits used, yearly sums, times. */
  const counter = table(
    'counter',
    { owner: text('owner').notNull(), key: text('key').notNull(), value: int('value').notNull() },
    (t) => [primaryKey({ columns: [t.owner, t.key] })],
  )
  const statement_print = table(
    'statement_print',
    {
      settlement_no: text('settlement_no').notNull(),
      nth: int('nth').notNull(),
      lang: text('lang').notNull(),
      paper: text('paper').notNull(),
      terminal_id: text('terminal_id').notNull(),
      at: int('at').notNull(),
    },
    (t) => [primaryKey({ columns: [t.settlement_no, t.nth] })],
  )

  return {
    lane,
    audit_record,
    hospital,
    hospital_status,
    terminal,
    terminal_revocation,
    staff,
    staff_revocation,
    person,
    person_record,
    holding,
    register_draft,
    register_approval,
    register_psn_no,
    rule_draft,
    rule_publication,
    settlement,
    request,
    posting,
    account_total,
    counter,
    statement_print,
    ...defineHisTables(c),
  }
}

export type Tables = ReturnType<typeof defineTables>
