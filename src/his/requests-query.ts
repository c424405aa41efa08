import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { readResidentId } from '../kernel/resident-id.ts'
import { day, ident, moment, month, required, text } from './fields.ts'
import { type Columns, columns, DATA_NODES, inputInvalid, isNode, type Node, type Row, readNode } from './read-node.ts'

/** Signing in, persons, dictionaries and look-ups: what is asked without a settlement. */

/** A node of which nothing is needed: a client that leaves it out is understood. */
function readLoose<S extends Columns['shape']>(schema: Columns<S>, input: Node, names: readonly string[]) {
  return names.some((name) => isNode(input[name]))
    ? readNode(schema, input, names)
    : readNode(schema, { node: {} }, ['node'])
}

const signIn = columns({ opter_no: text(60), mac: text(60), ip: text(60) })
export const read9001 = (input: Node) => readLoose(signIn, input, ['signIn', 'data'])
const signOut = columns({ sign_no: text(64), opter_no: text(60) })
export const read9002 = (input: Node) => readLoose(signOut, input, ['signOut', 'data'])

const person = columns({
  /** Beyond the specification: the insurer's number, where the hospital knows it already. */
  psn_no: ident(30),
  mdtrt_cert_type: text(6),
  mdtrt_cert_no: text(200),
  card_sn: text(64),
  begntime: moment,
  psn_cert_type: text(6),
  certno: text(50),
  psn_name: text(100),
})
export type PersonQuery = Row<typeof person>
export function read1101(input: Node): PersonQuery | Refusal {
  const read = readNode(person, input, DATA_NODES)
  if (isRefusal(read) || read.mdtrt_cert_no || read.certno) return read
  return inputInvalid([{ path: 'data.mdtrt_cert_no', message: '就诊凭证编号 mdtrt_cert_no：必填' }])
}
/** The ID number a query itself holds; a token or a card says nothing to us. */
export const residentIdIn = ({ certno, mdtrt_cert_type, mdtrt_cert_no }: PersonQuery): string | null =>
  readResidentId(certno ?? '') ?? (mdtrt_cert_type === '01' ? null : readResidentId(mdtrt_cert_no ?? ''))

const institution = columns({ fixmedins_type: text(6), fixmedins_name: text(200), fixmedins_code: ident(30) })
export const read1201 = (input: Node) => readLoose(institution, input, ['medinsinfo', 'data'])

const dictionary = columns({
  type: required(text(60)),
  parentValue: text(60),
  admdvs: ident(6),
  date: day,
  valiFlag: text(6),
})
export type DictionaryQuery = Row<typeof dictionary>
export const read1901 = (input: Node) => readNode(dictionary, input, DATA_NODES)

const priority = columns({
  psn_no: required(ident(30)),
  insutype: ident(6),
  fixmedins_code: ident(30),
  med_type: ident(6),
  begntime: moment,
  endtime: moment,
  dise_codg: text(50),
  dise_name: text(500),
})
export type PriorityQuery = Row<typeof priority>
export const read2001 = (input: Node) => readNode(priority, input, DATA_NODES)

const span = { begntime: moment, endtime: moment }
const ofPerson = { psn_no: required(ident(30)) }
const visits = columns({ ...ofPerson, ...span, med_type: ident(6), mdtrt_id: ident(30) })
export type VisitQuery = Row<typeof visits>
export const read5201 = (input: Node) => readNode(visits, input, DATA_NODES)
const fees = columns({ ...ofPerson, mdtrt_id: required(ident(30)), setl_id: ident(40) })
export type FeeQuery = Row<typeof fees>
export const read5204 = (input: Node) => readNode(fees, input, DATA_NODES)
const sums = columns({ ...ofPerson, cum_ym: month })
export type SumQuery = Row<typeof sums>
export const read5206 = (input: Node) => readNode(sums, input, DATA_NODES)
const chronic = columns(ofPerson)
export const read5301 = (input: Node) => readNode(chronic, input, DATA_NODES)
const stays = columns({ ...ofPerson, ...span })
export const read5303 = (input: Node) => readNode(stays, input, DATA_NODES)
