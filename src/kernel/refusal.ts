/**
 * Every way the service says no, in one closed table: HTTP status, title, and what the cashier (or clerk) does now.
 * `keep` marks a business refusal: it is stored and final for its idempotency key.
 */
const TABLE = {
  malformed_http: { status: 400, title: '请求不是合格的 HTTP', action: '请联系 HIS 厂商检查 HTTP 报文' },
  malformed_json: { status: 400, title: '请求不是合格的 JSON', action: '请联系 HIS 厂商检查报文编码和格式' },
  invalid_request: {
    status: 400,
    title: '请求内容有误',
    action: '按 errors 中每一处的提示改正后，用同一幂等键重新提交',
  },
  bill_does_not_add_up: { status: 400, title: '账单合计不平', action: '核对提示的两个数额，改正账单后重新提交' },
  his_envelope_invalid: {
    status: 400,
    title: '报文的公共参数有误',
    action: '请联系 HIS 厂商按提示改正公共参数后，用新的msgid重新发送',
  },
  his_input_invalid: { status: 400, title: '报文的输入有误', action: '请按提示改正后，用新的msgid重新发送' },
  his_unknown_infno: {
    status: 404,
    title: '本系统没有这个交易',
    action: '请核对交易编号和接口地址；医保自身的交易请发往医保平台',
  },
  his_codes_missing: {
    status: 422,
    title: '本统筹区没有生效的代码表',
    action: '请先按自费结算，并联系医保经办机构发布代码表',
  },
  idempotency_key_missing: {
    status: 400,
    title: '缺少 Idempotency-Key',
    action: '请联系 HIS 厂商：每笔结算须带幂等键',
  },
  idempotency_key_malformed: {
    status: 400,
    title: 'Idempotency-Key 格式不符',
    action: '幂等键须为 16–64 位字母、数字、_ 或 -，且只带一个',
  },
  unauthenticated: { status: 401, title: '未认证', action: '请检查终端密钥或重新登录' },
  terminal_revoked: { status: 401, title: '终端密钥已停用', action: '请联系医保经办机构重新发放终端密钥' },
  signature_required: { status: 401, title: '本终端须签名', action: '请联系 HIS 厂商按 RFC 9421 对请求签名' },
  signature_invalid: { status: 401, title: '签名不符', action: '请勿改动已签名的报文；核对密钥后重试' },
  signature_replayed: { status: 401, title: '签名已被使用过', action: '请用新的 nonce 重新签名，幂等键保持不变' },
  clock_skew: { status: 401, title: '终端时钟偏差超过 60 秒', action: '请校准终端时间后，用同一幂等键重试' },
  forbidden: { status: 403, title: '无权办理', action: '请使用有相应权限的账号' },
  hospital_suspended: {
    status: 403,
    title: '本医院的结算资格已暂停',
    action: '请先按自费结算，并告知患者向医保经办机构申请手工救助',
  },
  own_change: { status: 403, title: '本人起草的变更须由他人审批', action: '请由另一位有审批权限的人员审批' },
  not_found: { status: 404, title: '没有这个地址', action: '请核对接口地址' },
  settlement_not_found: { status: 404, title: '查无此结算', action: '请核对结算单号；只能查询本院的结算' },
  record_not_found: { status: 404, title: '查无此记录', action: '请核对编号' },
  method_not_allowed: { status: 405, title: '不支持的请求方法', action: '请按接口文档选择方法' },
  request_timeout: { status: 408, title: '请求超时', action: '请用同一幂等键重试' },
  bill_already_settled: {
    status: 409,
    title: '此账单已经结算',
    action: '请按 Location 查看原结算；要改账单须先冲销',
    keep: true,
  },
  already_reversed: {
    status: 409,
    title: '此结算已经冲销',
    action: '请按 Location 查看冲销记录，勿再次退款',
    keep: true,
  },
  reversed_before_arrival: {
    status: 409,
    title: '该报文已被冲正',
    action: '请换新的msgid重新办理',
    keep: true,
  },
  setl_id_taken: {
    status: 409,
    title: '此医保结算ID已经登记',
    action: '请核对结算ID；同一张医保结算单只能登记一次，要改须先撤销',
  },
  psn_no_conflict: {
    status: 409,
    title: '人员编号与以前对应的证件不符',
    action: '请核对人员编号和身份证号；两者都无误的，请致电医保经办机构更正',
  },
  already_settling: {
    status: 409,
    title: '此账单正在办理，尚无结果',
    action: '请稍候再试，等前一笔有了结果；勿重复收费',
  },
  settlement_in_the_way: {
    status: 409,
    title: '此就诊有未撤销的结算',
    action: '请先撤销提示的结算，再办理',
  },
  already_done: { status: 409, title: '已经办过，不重复办理', action: '请查看现状；如需更正，请另行办理' },
  body_too_large: { status: 413, title: '请求过大', action: '请求体不得超过 1 MiB，明细不得超过 2,000 条' },
  wrong_host: { status: 421, title: '主机名不是本服务', action: '请核对接口地址中的主机名' },
  too_many_requests: {
    status: 429,
    title: '询问过于频繁',
    action: '请按 Retry-After 稍候再试；要成批核对人员的，请联系医保经办机构',
  },
  headers_too_large: { status: 431, title: '请求头过大', action: '请求头合计不得超过 16 KiB' },
  unsupported_media_type: { status: 415, title: '不支持的内容类型', action: '请用 application/json、UTF-8、不压缩' },
  idempotency_key_reused: { status: 422, title: '幂等键已用于另一请求', action: '内容变了就要换新的幂等键' },
  person_unknown: {
    status: 422,
    title: '登记册中查无此人',
    action: '请核对证件号；确有困难的，请患者向户籍地乡镇（街道）申请救助',
    keep: true,
  },
  name_mismatch: {
    status: 422,
    title: '姓名与登记不符',
    action: '请核对证件与姓名；确属登记错误的，联系民政部门更正',
    keep: true,
  },
  deceased_before_care: {
    status: 422,
    title: '登记显示此人在就诊前已去世',
    action: '请核对证件；登记有误的，联系民政部门更正',
    keep: true,
  },
  no_scheme: { status: 422, title: '参保地不在本系统统筹范围', action: '请告知患者回参保地申请医疗救助', keep: true },
  no_rule_in_force: {
    status: 422,
    title: '该日没有生效的救助办法',
    action: '请先按自费结算，并告知患者向医保经办机构申请',
    keep: true,
  },
  assistance_already_paid: {
    status: 422,
    title: '医保平台已计算医疗救助',
    action: '本次不再重复救助，请按医保平台的结果收费',
    keep: true,
  },
  preview_outdated: {
    status: 422,
    title: '资格或规则已变化，预结算作废',
    action: '请重新试算，与患者确认后用新的幂等键结算',
    keep: true,
  },
  reversal_not_reversible: {
    status: 422,
    title: '冲销记录不能再冲销',
    action: '如需更正，请对账单重新结算',
    keep: true,
  },
  record_mismatch: {
    status: 422,
    title: '人员编号与原记录不符',
    action: '请核对人员编号、就诊ID和原报文ID',
  },
  file_faulty: {
    status: 422,
    title: '对账文件有误',
    action: '按提示的行号改正文件，重新上传（9101）后再对明细账（3202）',
  },
  totals_differ: {
    status: 422,
    title: '合计与中心不一致',
    action: '请先对总账（3201）、对明细账（3202），处理差异后重新提交',
  },
  rule_unsound: { status: 422, title: '办法没有通过检查', action: '按 errors 中每一处的提示改正后重新起草' },
  internal_error: { status: 500, title: '系统内部错误', action: '请用同一幂等键重试；仍失败请联系运维并告知请求号' },
  platform_undone: {
    status: 409,
    title: '医保平台没有答复，原交易已冲正',
    action: '没有收取任何费用，请换新的msgid重新办理',
    keep: true,
  },
  platform_unclear: {
    status: 409,
    title: '医保平台的结果不能确认',
    action: '请勿收费；当日对账(3201、3202)核实，医保平台有记录的用2601冲正',
    keep: true,
  },
  platform_unreachable: {
    status: 503,
    title: '医保平台没有连上',
    action: '没有办理任何业务，请稍后换新的msgid重新办理',
  },
  platform_no_answer: { status: 504, title: '医保平台没有答复', action: '请稍后重新发送；仍无答复请联系医保经办机构' },
  outcome_unknown: { status: 503, title: '结果未知', action: '请勿退款或重新收费；用同一幂等键重试即可得到确定结果' },
  overloaded: { status: 503, title: '系统繁忙', action: '请按 Retry-After 稍后用同一幂等键重试' },
} as const satisfies Record<string, { status: number; title: string; action: string; keep?: true }>

export type RefusalCode = keyof typeof TABLE

/** One fault of the request: where (a JSON path such as `amounts.total_cost`) and what to do. */
export interface Fault {
  readonly path: string
  readonly message: string
}

/** A refusal is a value: the caller's to mend, never an exception. `location` is the address of what stands in the way. */
export interface Refusal {
  readonly refusal: RefusalCode
  readonly detail: string
  readonly errors?: readonly Fault[]
  readonly location?: string
  readonly retryAfter?: number
}

export const REFUSALS: Readonly<Record<RefusalCode, { status: number; title: string; action: string; keep?: true }>> =
  TABLE

export const refuse = (
  refusal: RefusalCode,
  detail: string,
  more: Partial<Omit<Refusal, 'refusal' | 'detail'>> = {},
): Refusal => ({
  refusal,
  detail,
  ...more,
})

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'refusal' in value

export const statusOf = (refusal: Refusal): number => REFUSALS[refusal.refusal].status

/** The body of a refusal, RFC 9457 `application/problem+json`: the same refusal is always the same bytes. */
export function problemText(refusal: Refusal): string {
  const entry = REFUSALS[refusal.refusal]
  return JSON.stringify({
    type: `/problems/${refusal.refusal}`,
    title: entry.title,
    status: entry.status,
    code: refusal.refusal,
    detail: refusal.detail,
    action: entry.action,
    ...(refusal.errors ? { errors: refusal.errors } : {}),
  })
}
