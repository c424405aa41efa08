import { postgresColumns } from './columns.postgres.ts'
import { defineTables } from './tables.ts'

export const postgresTables = defineTables(postgresColumns)

/** drizzle-kit reads the tables from the names a module exports. */
export const {
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
} = postgresTables
