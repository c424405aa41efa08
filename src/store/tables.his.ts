import { sql } from 'drizzle-orm'
import type { Columns } from './columns.postgres.ts'

/**
 * What the national HIS interface needs beside the settlement itself: who may speak it and how, what was said about
 * a visit, which document of the insurer belongs to which settlement, and the hospital's accounts with us.
 * `psn_blind` is the keyed blind index of the insurer's person number; `sealed` holds the message's own words.
 */
export function defineHisTables(c: Columns) {
  const { table, text, int, serial, primaryKey, index, uniqueIndex, check } = c

  /** How a hospital stands in the chain from this row on; the newest row counts. */
  const hospital_his = table(
    'hospital_his',
    {
      id: serial('id'),
      hospital_code: text('hospital_code').notNull(),
      mode: text('mode').notNull(),
      at: int('at').notNull(),
      by: text('by').notNull(),
    },
    (t) => [
      index('hospital_his_of').on(t.hospital_code, t.id),
      check('hospital_his_mode', sql`${t.mode} in ('second_step', 'in_between')`),
    ],
  )
  /** The insurance platform of an area; the newest row of an area counts. */
  const his_upstream = table('his_upstream', {
    id: serial('id'),
    admdvs: text('admdvs').notNull(),
    url: text('url').notNull(),
    /** How addresses are made: `one`, `infno` or `fsi`. */
    style: text('style').notNull(),
    timeout_ms: int('timeout_ms').notNull(),
    /** Sealed credential for calls of our own; null: none is asked for. */
    sealed_credential: text('sealed_credential'),
    at: int('at').notNull(),
    by: text('by').notNull(),
  })
  /** The name and secret a terminal signs its `x-tif-*` headers with. */
  const terminal_tif = table('terminal_tif', {
    terminal_id: text('terminal_id').primaryKey(),
    paasid: text('paasid').notNull().unique(),
    sealed_secret: text('sealed_secret').notNull(),
    at: int('at').notNull(),
  })
  /** A terminal with a key here must sign every envelope with SM2. */
  const terminal_sm2 = table('terminal_sm2', {
    terminal_id: text('terminal_id').primaryKey(),
    public_key: text('public_key').notNull(),
    at: int('at').notNull(),
  })

  /** Whom a person number of the insurer means: the blind index of the ID number. */
  const his_person = table('his_person', {
    psn_blind: text('psn_blind').primaryKey(),
    person_blind: text('person_blind').notNull(),
    at: int('at').notNull(),
  })
  /** What a hospital said about a visit, in order; the visit is the fold of its messages. */
  const his_message = table(
    'his_message',
    {
      id: serial('id'),
      hospital_code: text('hospital_code').notNull(),
      mdtrt_id: text('mdtrt_id').notNull(),
      infno: text('infno').notNull(),
      msgid: text('msgid').notNull(),
      psn_blind: text('psn_blind').notNull(),
      sealed: text('sealed').notNull(),
      at: int('at').notNull(),
    },
    (t) => [
      index('his_message_of_visit').on(t.hospital_code, t.mdtrt_id, t.id),
      index('his_message_of_request').on(t.hospital_code, t.msgid, t.infno),
      index('his_message_of_person').on(t.hospital_code, t.psn_blind, t.id),
    ],
  )
  /** A call to the insurance platform, written before it is made; it has ended when `request` holds its answer. */
  const his_call = table(
    'his_call',
    {
      hospital_code: text('hospital_code').notNull(),
      /** As in `request`: `infno:msgid`. */
      key: text('key').notNull(),
      fingerprint: text('fingerprint').notNull(),
      mdtrt_id: text('mdtrt_id').notNull(),
      /** The bill it settles; null where it settles none. */
      bill_no: text('bill_no'),
      psn_blind: text('psn_blind').notNull(),
      sealed: text('sealed').notNull(),
      at: int('at').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.hospital_code, t.key] }),
      index('his_call_of_visit').on(t.hospital_code, t.mdtrt_id),
      index('his_call_by_time').on(t.at),
    ],
  )
  /** A settlement document of the insurer (its `setl_id`) with what we added to it; amounts as the hospital was told. */
  const his_document = table(
    'his_document',
    {
      hospital_code: text('hospital_code').notNull(),
      setl_id: text('setl_id').notNull(),
      kind: text('kind').notNull(),
      /** The document this one takes back. */
      reverses: text('reverses'),
      /** Our settlement or reversal; null where the insurer's answer went through unchanged. */
      settlement_no: text('settlement_no'),
      /** Why assistance that may be due was not decided (待补救助); null: nothing is outstanding. */
      missed: text('missed'),
      key: text('key').notNull(),
      mdtrt_id: text('mdtrt_id').notNull(),
      bill_no: text('bill_no').notNull(),
      psn_blind: text('psn_blind').notNull(),
      insutype: text('insutype').notNull(),
      clr_type: text('clr_type').notNull(),
      setl_optins: text('setl_optins').notNull(),
      setl_day: text('setl_day').notNull(),
      medfee_fen: int('medfee_fen').notNull(),
      fund_fen: int('fund_fen').notNull(),
      acct_fen: int('acct_fen').notNull(),
      cash_fen: int('cash_fen').notNull(),
      assistance_fen: int('assistance_fen').notNull(),
      sealed: text('sealed').notNull(),
      at: int('at').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.hospital_code, t.setl_id] }),
      uniqueIndex('his_document_of_settlement').on(t.settlement_no),
      uniqueIndex('his_document_reversed_once').on(t.hospital_code, t.reverses).where(sql`${t.reverses} is not null`),
      index('his_document_of_key').on(t.hospital_code, t.key),
      index('his_document_missed').on(t.at).where(sql`${t.missed} is not null`),
      index('his_document_of_visit').on(t.hospital_code, t.mdtrt_id),
      index('his_document_of_person').on(t.psn_blind, t.setl_id),
      index('his_document_by_day').on(t.hospital_code, t.setl_day),
      check('his_document_kind', sql`${t.kind} in ('settlement', 'reversal')`),
    ],
  )

  /** A file a hospital has sent (9101) or may fetch (9102). */
  const his_file = table('his_file', {
    file_qury_no: text('file_qury_no').primaryKey(),
    hospital_code: text('hospital_code').notNull(),
    filename: text('filename').notNull(),
    sealed: text('sealed').notNull(),
    at: int('at').notNull(),
  })
  /** What a hospital's totals (3201) or rows (3202) of a period were held against, and how it came out. */
  const reconciliation = table(
    'reconciliation',
    {
      id: text('id').primaryKey(),
      hospital_code: text('hospital_code').notNull(),
      infno: text('infno').notNull(),
      insutype: text('insutype'),
      clr_type: text('clr_type'),
      setl_optins: text('setl_optins').notNull(),
      from_day: text('from_day').notNull(),
      to_day: text('to_day').notNull(),
      /** Both sides' totals, in fen. */
      theirs: text('theirs').notNull(),
      ours: text('ours').notNull(),
      result: text('result').notNull(),
      at: int('at').notNull(),
    },
    (t) => [index('reconciliation_of').on(t.hospital_code, t.at)],
  )
  /** A hospital asks for the money of a month (清算申请). */
  const clearing_application = table(
    'clearing_application',
    {
      id: text('id').primaryKey(),
      hospital_code: text('hospital_code').notNull(),
      clr_type: text('clr_type').notNull(),
      month: text('month').notNull(),
      from_day: text('from_day').notNull(),
      to_day: text('to_day').notNull(),
      theirs: text('theirs').notNull(),
      ours: text('ours').notNull(),
      at: int('at').notNull(),
    },
    (t) => [index('clearing_application_of').on(t.hospital_code, t.month)],
  )
  /** An application taken back (3204). */
  const clearing_withdrawal = table('clearing_withdrawal', {
    application_id: text('application_id')
      .primaryKey()
      .references(() => clearing_application.id),
    at: int('at').notNull(),
    by: text('by').notNull(),
  })

  return {
    hospital_his,
    his_upstream,
    terminal_tif,
    terminal_sm2,
    his_person,
    his_message,
    his_call,
    his_document,
    his_file,
    reconciliation,
    clearing_application,
    clearing_withdrawal,
  }
}
