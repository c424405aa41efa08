import * as query from './queries.ts'
import * as reconcile from './reconcile.ts'
import type { Desk, Said, Transaction } from './settle.ts'
import * as settle from './settle.ts'
import * as back from './take-back.ts'
import * as visit from './visits.ts'
import type { Call } from './wire.ts'
import { node, text } from './wire.ts'

/** A purchase at a pharmacy and its refund are only remembered, so that 2601 finds them. */
const remembered: Transaction = (_, call) => {
  const psn_no = text(node(call.input, 'data', 'druginfo').psn_no)
  const original = { hospital: call.hospital, infno: call.base, msgid: call.msgid, psn_no, setl_id: null, visit: null }
  return { output: {}, events: [{ did: 'original', original }] }
}

const TRANSACTIONS: Readonly<Record<string, Transaction>> = {
  '1101': query.t1101,
  '1201': query.t1201,
  '1901': query.t1901,
  '2001': query.t2001,
  '2102': remembered,
  '2103': remembered,
  '2201': visit.t2201,
  '2202': visit.t2202,
  '2203': visit.t2203,
  '2204': visit.feeUpload,
  '2205': visit.t2205,
  '2206': settle.t2206,
  '2207': settle.t2207,
  '2208': back.t2208,
  '2301': visit.feeUpload,
  '2302': visit.t2302,
  '2303': settle.t2303,
  '2304': settle.t2304,
  '2305': back.t2305,
  '2401': visit.t2401,
  '2402': visit.t2402,
  '2403': visit.t2403,
  '2404': visit.t2404,
  '2405': visit.t2405,
  '2601': back.t2601,
  '3201': reconcile.t3201,
  '3202': reconcile.t3202,
  '3203': reconcile.t3203,
  '3204': reconcile.t3204,
  '5201': query.t5201,
  '5203': query.t5203,
  '5204': query.t5204,
  '5206': query.t5206,
  '5301': query.t5301,
  '5303': query.t5303,
  '9001': query.t9001,
  '9002': query.t9002,
  '9101': reconcile.t9101,
  '9102': reconcile.t9102,
}

/** Any other number succeeds and does nothing. */
export const transact = (desk: Desk, call: Call): Said => TRANSACTIONS[call.base]?.(desk, call) ?? { output: {} }
