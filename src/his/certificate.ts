import type { Day } from '../kernel/day.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { modernResidentId, readResidentId, residentIdFault } from '../kernel/resident-id.ts'
import { blindIndex, type Keys } from '../kernel/seal.ts'
import { personBlindKey } from '../register/holding.ts'
import { inputInvalid } from './read-node.ts'
import { type PersonQuery, residentIdIn } from './requests-query.ts'

/** What somebody shows at the counter, as far as it names them. */
export interface Certificate {
  /** `resident_id`, or the code of another certificate. */
  readonly id_type: string
  readonly number: string
}

/** A token and a card say nothing to us: only the insurer can read them. */
const UNREADABLE: readonly (string | null)[] = ['01', '03', '06']
/** 其他证件. */
const OTHER = '99'
const ID_CARD: readonly (string | null)[] = [null, '02', ...UNREADABLE]

/** The certificate a query names; one that should be an ID number and is none is a slip of the pen, not a stranger. */
export function certificateIn(query: PersonQuery, today: Day): Certificate | Refusal {
  const { certno, mdtrt_cert_type: shown, mdtrt_cert_no, psn_cert_type } = query
  const id = residentIdIn(query)
  const card = shown === '02' ? readResidentId(mdtrt_cert_no ?? '') : null
  if (id !== null && card !== null && id !== card) {
    return inputInvalid([
      { path: 'data.certno', message: '证件号码 certno：与就诊凭证编号 mdtrt_cert_no 不是同一个身份证号' },
    ])
  }
  if (id !== null) return { id_type: 'resident_id', number: id }
  const number = certno ?? (UNREADABLE.includes(shown) ? null : mdtrt_cert_no)
  if (number === null) {
    const message = '证件号码 certno：电子凭证和社保卡须由医保平台读取，请先读取后填写身份证号再查询'
    return inputInvalid([{ path: 'data.certno', message }])
  }
  if ((psn_cert_type ?? '01') !== '01' || !ID_CARD.includes(shown)) return { id_type: psn_cert_type ?? OTHER, number }
  const [column, name] = certno === null ? ['mdtrt_cert_no', '就诊凭证编号'] : ['certno', '证件号码']
  const why = residentIdFault(modernResidentId(number), today) ?? '不是身份证号'
  return inputInvalid([{ path: `data.${column}`, message: `${name} ${column}：${why}` }])
}

/** How the register would know the holder of a certificate. */
export const certificateBlind = (keys: Keys, { id_type, number }: Certificate): string =>
  blindIndex(keys, personBlindKey(id_type, number))

/** A person number of ours, for whom no insurer has given one: always the same, and it tells nothing of its owner. */
export const ownPsnNo = (keys: Keys, blind: string): string =>
  `M${blindIndex(keys, `psn_no|${blind}`).slice(0, 25).toUpperCase()}`
