import { type Fault, REFUSALS, type Refusal, type RefusalCode } from '../kernel/refusal.ts'

/** `err_msg` is C200; clients cut or refuse what is longer. */
export const ERR_MSG_MAX = 200

/** What the cashier does now, where the words of the JSON interface (keys, headers, addresses) mean nothing to a HIS. */
const ACTIONS: Partial<Record<RefusalCode, string>> = {
  invalid_request: '请按提示改正后，用新的msgid重新发送',
  rule_unsound: '请按提示改正后重新起草',
  bill_does_not_add_up: '请核对提示的两个数额，改正后用新的msgid重新发送',
  unauthenticated: '请检查接口密钥或签名请求头',
  signature_invalid: '请核对密钥和签名的算法，重新签名后发送',
  forbidden: '请核对接口密钥和机构编号 fixmedins_code；只能办理本院的交易',
  too_many_requests: '请稍候再试；要成批核对人员的，请联系医保经办机构',
  idempotency_key_missing: '请联系 HIS 厂商：每个报文须有msgid',
  idempotency_key_malformed: '请联系 HIS 厂商改正msgid',
  idempotency_key_reused: '报文ID重复，请换新的msgid重新发送',
  bill_already_settled: '请用5203查询原结算；要重新结算须先撤销',
  already_reversed: '请勿再次退款，可用5203查询撤销记录',
  settlement_not_found: '请核对结算ID；只能办理本院的结算',
  not_found: '请核对交易编号和接口地址',
  method_not_allowed: '请用 POST 发送',
  request_timeout: '请用原报文重新发送',
  signature_required: '请联系 HIS 厂商按接口要求签名',
  signature_replayed: '请换新的随机数重新签名后发送',
  clock_skew: '请校准终端时间后重新发送',
  preview_outdated: '请重新预结算，与患者确认后用新的msgid结算',
  internal_error: '请用原报文重新发送；仍失败请联系运维并告知报文ID',
  outcome_unknown: '请勿退费或重新收费；用原报文重新发送，或用2601冲正',
  overloaded: '请稍后用原报文重新发送',
}

export const hisAction = (code: RefusalCode): string => ACTIONS[code] ?? REFUSALS[code].action

/** At most `max` UTF-16 units, so that no way of counting comes to more; no character is cut in half. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text
  const kept = text.slice(0, max - 1)
  return `${kept.isWellFormed() ? kept : kept.slice(0, -1)}…`
}

/** As many faults as fit, and how many there are when not all do. */
export function listFaults(faults: readonly Fault[], max: number): string {
  const all = faults.map((f) => f.message).join('；')
  if (all.length <= max) return all
  const rest = `等共${faults.length}处`
  let text = ''
  for (const { message } of faults) {
    const longer = text ? `${text}；${message}` : message
    if (longer.length > max - rest.length) break
    text = longer
  }
  return text ? text + rest : cutText(all, max)
}

/** The text of a refusal at the counter: what is wrong, what to do, and the code in brackets at its end. */
export function errMsgOf(refusal: Refusal): string {
  const action = hisAction(refusal.refusal)
  // What to do is sometimes said with the reason already.
  const tail = `${refusal.detail.includes(action) ? '' : action} [${refusal.refusal}]`
  const room = ERR_MSG_MAX - tail.length - 1
  const errors = refusal.errors ?? []
  const said = errors.length > 0 ? listFaults(errors, room) : refusal.detail
  const detail = said.replace(/\s+/g, ' ').trim() || REFUSALS[refusal.refusal].title
  const text = cutText(detail, room)
  return `${text}${/[。！？…]$/.test(text) ? '' : '。'}${tail}`
}
