import { ageOn, type Day, dayOf } from '../kernel/day.ts'
import { isRefusal, refuse } from '../kernel/refusal.ts'
import { bornOn, readResidentId, sexOf } from '../kernel/resident-id.ts'
import { blindIndex } from '../kernel/seal.ts'
import { nameBlindKey } from '../register/holding.ts'
import { isBetween } from './between.ts'
import { type Certificate, certificateBlind, certificateIn, ownPsnNo } from './certificate.ts'
import { identityRows, listOf, mergedRows, sayIdentity } from './identity.ts'
import { handOnAdding } from './merging.ts'
import { type Known, knownUnder, labelsOf, learnPsn, maskedName } from './person-of.ts'
import { isNode, type Node } from './read-node.ts'
import { read1101 } from './requests-query.ts'
import type { HisCall, HisDeps, MakeTransaction, Said } from './transaction.ts'

/** What the certificate itself tells of its holder. */
function certified({ id_type, number }: Certificate, today: Day): Node {
  if (id_type !== 'resident_id') return { psn_cert_type: id_type, certno: number, gend: '9', brdy: '', age: 0 }
  const brdy = bornOn(number)
  const gend = sexOf(number) === 'male' ? '1' : '2'
  return { psn_cert_type: '01', certno: number, gend, brdy, age: ageOn(brdy, today) }
}

const isNamed = (deps: HisDeps, { record }: Known, name: string): boolean =>
  record.name_blind === blindIndex(deps.keys, nameBlindKey(name))

const statusOf = (known: Known | null, held: boolean): string =>
  known === null ? 'unknown_person' : held ? 'eligible' : 'not_eligible'

/** The register answers, about whoever has such a certificate. */
async function answered(deps: HisDeps, call: HisCall): Promise<Said> {
  const asked = read1101(call.envelope.input)
  if (isRefusal(asked)) return asked
  const today = dayOf(call.at)
  const certificate = certificateIn(asked, today)
  if (isRefusal(certificate)) return certificate
  const blind = certificateBlind(deps.keys, certificate)
  const known = await knownUnder(deps, blind)
  if (known && asked.psn_name && !isNamed(deps, known, asked.psn_name)) {
    deps.onAnswer?.('name_mismatch')
    return refuse('name_mismatch', '证件号码在册，但姓名与登记不符')
  }
  const psn_no = asked.psn_no ?? ownPsnNo(deps.keys, blind)
  const conflict = await learnPsn(deps, call, psn_no, blind)
  if (conflict) return conflict
  const ask = { day: asked.begntime?.day ?? today, codes: call.codes, labels: labelsOf(call) }
  const { held, text } = sayIdentity(known, ask)
  deps.onAnswer?.(statusOf(known, held.length > 0))
  const baseinfo = {
    psn_no,
    psn_name: asked.psn_name ?? (known ? maskedName(deps, known) : ''),
    naty: '',
    ...certified(certificate, today),
    exp_content: text,
  }
  return { output: { baseinfo, insuinfo: [], idetinfo: known ? identityRows(known, ask) : [] } }
}

/** Our identities join what the platform says of the person, where name and number are those of the register. */
async function joined(deps: HisDeps, call: HisCall, output: Node): Promise<Node | null> {
  const { baseinfo } = output
  if (!isNode(baseinfo)) return null
  const number = readResidentId(String(baseinfo.certno ?? ''))
  const name = String(baseinfo.psn_name ?? '')
  const lists = { ...output, insuinfo: listOf(output.insuinfo), idetinfo: listOf(output.idetinfo) }
  if (number === null) return lists
  const blind = certificateBlind(deps.keys, { id_type: 'resident_id', number })
  const known = await knownUnder(deps, blind)
  if (known && !isNamed(deps, known, name)) return lists
  const psn_no = String(baseinfo.psn_no ?? '').trim()
  // A number that has meant somebody else is the insurer's to explain; whose certificate it is, is plain.
  if (/^[\x21-\x7e]{1,30}$/.test(psn_no)) await learnPsn(deps, call, psn_no, blind)
  if (!known) {
    deps.onAnswer?.(statusOf(known, false))
    return lists
  }
  const asked = read1101(call.envelope.input)
  const day = (isRefusal(asked) ? null : asked.begntime?.day) ?? dayOf(call.at)
  const ours = identityRows(known, { day, codes: call.codes, labels: labelsOf(call) })
  deps.onAnswer?.(statusOf(known, ours.length > 0))
  return { ...lists, idetinfo: mergedRows(output.idetinfo, ours, day) }
}

/** 人员信息: who somebody is, and what the register holds them for. */
export const t1101: MakeTransaction = (deps) => ({
  infno: '1101',
  name: '人员信息获取',
  run: (call) => (isBetween(call) ? handOnAdding(call, (output) => joined(deps, call, output)) : answered(deps, call)),
})
