import { billOf, type Sketch } from './bill.ts'
import type { Case } from './case.ts'
import { STRANGER } from './people.ts'
import { got, type NativeStage, newKey } from './stage.ts'

const AMOUNTS = { total_cost: '2500.00', policy_scope_cost: '2500.00', basic_insurance_paid: '1500.00' }

interface Wrong extends Partial<Sketch> {
  readonly title: string
  readonly status: number
  readonly code: string
  /** Where the service points; both numbers of a sum that does not hold. */
  readonly says?: string
  readonly duty: string
}

const SUMS =
  '送出前先核对：总费用 = 自费 + 超限价 + 先行自付 + 政策范围内；各方支付合计不超过总费用；有明细时逐项相等。'
const TYPES = '金额是两位小数的文本（"1234.50"），日期是 YYYY-MM-DD，没有的字段不要送；按 errors 里的路径逐处改正。'
const PERSON = '提示语原样给收费员看；不要改号重试，也不要按自费悄悄结掉。'

const WRONG: readonly Wrong[] = [
  {
    title: '总费用比各项之和少一分',
    amounts: { ...AMOUNTS, total_cost: '2499.99' },
    status: 400,
    code: 'bill_does_not_add_up',
    says: '2499.99 ≠ 2500.00',
    duty: SUMS,
  },
  {
    title: '各方支付超过总费用一分',
    amounts: { ...AMOUNTS, basic_insurance_paid: '2500.01' },
    status: 400,
    code: 'bill_does_not_add_up',
    says: '2500.01',
    duty: SUMS,
  },
  {
    title: '明细之和与总费用不符',
    more: { items: [{ code: 'X1', name: '床位', cost: '2499.99', policy_scope_cost: '2499.99' }] },
    status: 400,
    code: 'bill_does_not_add_up',
    says: '2500.00 ≠ 2499.99',
    duty: SUMS,
  },
  {
    title: '金额写成数字',
    more: { amounts: { ...AMOUNTS, total_cost: 2500 } },
    status: 400,
    code: 'invalid_request',
    says: 'amounts.total_cost',
    duty: TYPES,
  },
  {
    title: '金额三位小数',
    amounts: { ...AMOUNTS, total_cost: '2500.000' },
    status: 400,
    code: 'invalid_request',
    says: 'amounts.total_cost',
    duty: TYPES,
  },
  {
    title: '2 月 30 日出院',
    days: { admitted_on: '2024-02-20', discharged_on: '2024-02-30' },
    status: 400,
    code: 'invalid_request',
    says: 'discharged_on',
    duty: TYPES,
  },
  {
    title: '终端自己算的救助金额不收',
    more: { assistance_paid: '750.00' },
    status: 400,
    code: 'invalid_request',
    says: 'assistance_paid',
    duty: '救助金额只由本服务计算，账单里没有这个字段。',
  },
  {
    title: '身份证校验码不符',
    patient: { id_number: '659900196508190025' },
    status: 400,
    code: 'invalid_request',
    says: 'patient.id_number',
    duty: '录入时即按 GB 11643 校验身份证号。',
  },
  {
    title: '登记册中查无此人',
    who: 'stranger',
    patient: STRANGER,
    status: 422,
    code: 'person_unknown',
    duty: PERSON,
  },
  { title: '姓名是别人', patient: { name: '张三' }, status: 422, code: 'name_mismatch', duty: PERSON },
  { title: '登记显示入院前已去世', who: 'died_before', status: 422, code: 'deceased_before_care', duty: PERSON },
  { title: '不在统筹范围的参保地', who: 'elsewhere', insured: '659008', status: 422, code: 'no_scheme', duty: PERSON },
  {
    title: '办法施行之前的住院',
    days: { admitted_on: '2022-12-01', discharged_on: '2022-12-31' },
    status: 422,
    code: 'no_rule_in_force',
    duty: PERSON,
  },
]

const PART = '原生接口 · 错误的请求'

const wrongBill = ({ title, status, code, says, duty, ...rest }: Wrong, nth: number): Case<NativeStage> => ({
  id: `N6${String(nth + 1).padStart(2, '0')}`,
  part: PART,
  title: `${title}：拒绝，说明哪里错、怎么办，没有入账`,
  duty,
  async run(stage, check) {
    const [key, bill] = [newKey(), billOf({ who: 'dibao_40', amounts: AMOUNTS, ...rest }, stage.billNo())]
    const answer = got(await stage.settle(bill, { key }))
    check.same('HTTP 状态', answer.status, status)
    check.same('拒绝代码', answer.json.code, code)
    check.holds('说出下一步', String(answer.json.action ?? '') !== '', '没有 action')
    if (says !== undefined) check.holds(`提到 ${says}`, answer.text.includes(says), answer.text.slice(0, 300))
    check.same('没有入账', (await stage.get(`/v1/settlements?request_key=${key}`)).status, 404)
    check.note(String(answer.json.detail ?? answer.json.title ?? ''))
  },
})

interface Raw {
  readonly title: string
  /** Left out: a bill that would be settled. */
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly status: number
  readonly code: string
  readonly duty: string
}

const JSON_DUTY = '用现成的 JSON 库生成 UTF-8 报文，不要拼字符串。'
const RAW: readonly Raw[] = [
  { title: '不是 JSON', body: '{"bill_no":', status: 400, code: 'malformed_json', duty: JSON_DUTY },
  {
    title: '同一个键写两遍',
    body: '{"bill_no":"A1","bill_no":"A2"}',
    status: 400,
    code: 'malformed_json',
    duty: JSON_DUTY,
  },
  {
    title: '没有幂等键',
    headers: { 'idempotency-key': '' },
    status: 400,
    code: 'idempotency_key_malformed',
    duty: '每笔结算、冲销都带 Idempotency-Key（16–64 位字母、数字、_ 或 -）；若是代理删了它，请网络管理员放行。',
  },
  {
    title: '内容类型不是 JSON',
    body: '{}',
    headers: { 'content-type': 'text/plain' },
    status: 415,
    code: 'unsupported_media_type',
    duty: 'Content-Type 写 application/json，报文不压缩。',
  },
]

const rawCase = (raw: Raw, nth: number): Case<NativeStage> => ({
  id: `N7${String(nth + 1).padStart(2, '0')}`,
  part: PART,
  title: `${raw.title}：拒绝，代码是 ${raw.code}`,
  duty: raw.duty,
  async run(stage, check) {
    const body = raw.body ?? billOf({ who: 'dibao_40', amounts: AMOUNTS }, stage.billNo())
    const answer = await stage.post('/v1/settlements', body, { 'idempotency-key': newKey(), ...raw.headers })
    check.same('HTTP 状态', answer.status, raw.status)
    check.same('拒绝代码', answer.json.code, raw.code)
  },
})

const others: readonly Case<NativeStage>[] = [
  {
    id: 'N780',
    part: PART,
    title: '密钥不对：401，不泄露别的',
    duty: '密钥放在配置里，按医院、按窗口各用各的；401 时停下来报告，不要循环重试。',
    async run(stage, check) {
      const stranger = stage.as('mak_00000000000000000000000000000000', null)
      const answer = got(await stranger.send({ method: 'GET', path: '/v1/settlements?bill_no=YS-0000' }))
      check.same('HTTP 状态', answer.status, 401)
      check.same('拒绝代码', answer.json.code, 'unauthenticated')
    },
  },
  {
    id: 'N781',
    part: PART,
    title: '资格查询的三种答复：是、在册但不是、查无此人',
    duty: '三种答复分开处理：查无此人的，告诉患者到户籍地乡镇（街道）申请。',
    async run(stage, check) {
      const ask = async (sketch: Sketch) => {
        const { patient } = billOf(sketch, 'X')
        return (await stage.post('/v1/eligibility', { patient, on: '2024-05-06' })).json.status
      }
      check.same('低保对象', await ask({ who: 'dibao_40', amounts: {} }), 'eligible')
      check.same('在册无类别', await ask({ who: 'no_category', amounts: {} }), 'not_eligible')
      check.same('查无此人', await ask({ who: 'stranger', amounts: {} }), 'unknown_person')
    },
  },
  {
    id: 'N782',
    part: PART,
    title: '结算单可打印，纸上的金额就是结算的金额；冲销后标明已冲销',
    duty: '打印用本服务的结算单，四种文字、A4 和小票两种纸；补打会计份数。',
    async run(stage, check) {
      const settled = got(await stage.settle(billOf({ who: 'dibao_40', amounts: AMOUNTS }, stage.billNo())))
      const no = settled.json.settlement_no
      for (const query of ['lang=zh&paper=a4', 'lang=ug&paper=roll', 'lang=kk&paper=a4', 'lang=en&paper=roll']) {
        const page = await stage.get(`/v1/settlements/${no}/statement?${query}`)
        check.same(`${query} 的状态`, page.status, 200)
        check.holds(`${query} 上有救助金额`, page.text.includes('750.00'), '没有找到 750.00')
      }
      await stage.reverse(no)
      const after = await stage.get(`/v1/settlements/${no}/statement?lang=zh&paper=a4`)
      check.holds('冲销后的结算单', after.text.includes('已冲销'), '没有标明已冲销')
    },
  },
]

export const WRONG_CASES: readonly Case<NativeStage>[] = [...WRONG.map(wrongBill), ...RAW.map(rawCase), ...others]
