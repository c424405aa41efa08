import { assistedWith, infoIn, refusedWith, succeeded } from './his-check.ts'
import { SMALL_WANTED, smallBill } from './his-dialect-cases.ts'
import type { HisCase, HisStage } from './his-stage.ts'
import { STRANGER, townsman } from './people.ts'

type Node = Readonly<Record<string, unknown>>
const PART = 'HIS 接口 · 错误的报文'

const nodeIn = (input: Node): Node => (input.data ?? {}) as Node
const withData = (input: Node, change: Node): Node => ({ ...input, data: { ...nodeIn(input), ...change } })
const withInfo = (input: Node, change: Node): Node =>
  input.setlinfo ? { ...input, setlinfo: { ...(input.setlinfo as Node), ...change } } : input

interface Wrong {
  readonly id: string
  readonly title: string
  readonly duty: string
  readonly change: (input: Node) => Node
  readonly code: string
  readonly says?: readonly string[]
  readonly patient?: ReturnType<typeof townsman>
  /** What only a hospital that settles with the insurer itself can get wrong. */
  readonly secondStepOnly?: true
}

const SUMS = '医保返回的 setlinfo 原样转来，一个数也不要改；不平的先与医保平台核对。'
const WRONG: readonly Wrong[] = [
  {
    id: 'H701',
    title: '总额不等于四项之和（差一分）',
    change: (input) => withInfo(input, { inscp_scp_amt: 399.99 }),
    code: 'bill_does_not_add_up',
    says: ['400.00', '399.99'],
    duty: SUMS,
    secondStepOnly: true,
  },
  {
    id: 'H702',
    title: '总额不等于基金、个人、医院之和：说出两个数',
    change: (input) => withInfo(input, { fund_pay_sumamt: 280.01 }),
    code: 'bill_does_not_add_up',
    says: ['400.00', '400.01'],
    duty: SUMS,
    secondStepOnly: true,
  },
  {
    id: 'H703',
    title: '个人负担不等于账户加现金',
    change: (input) => withInfo(input, { psn_cash_pay: 119.99 }),
    code: 'bill_does_not_add_up',
    says: ['120.00', '119.99'],
    duty: SUMS,
    secondStepOnly: true,
  },
  {
    id: 'H704',
    title: '请求的总额与医保的总额不同',
    change: (input) => withInfo(withData(input, { medfee_sumamt: '400.01' }), {}),
    code: 'bill_does_not_add_up',
    says: ['400.01', '400.00'],
    duty: SUMS,
    secondStepOnly: true,
  },
  {
    id: 'H705',
    title: '医保平台已经算过医疗救助：不再重复救助',
    change: (input) => withInfo(input, { maf_pay: 10, fund_pay_sumamt: 290, psn_part_amt: 110, psn_cash_pay: 110 }),
    code: 'assistance_already_paid',
    says: ['10.00'],
    duty: '本统筹区由本服务救助的，请医保平台不要再算医疗救助。',
    secondStepOnly: true,
  },
  {
    id: 'H706',
    title: '金额三位小数',
    change: (input) => withData(input, { medfee_sumamt: '400.001' }),
    code: 'his_input_invalid',
    says: ['medfee_sumamt'],
    duty: '金额最多两位小数，数字或文本都可以。',
  },
  {
    id: 'H707',
    title: '金额不是数',
    change: (input) => withData(input, { medfee_sumamt: '四百' }),
    code: 'his_input_invalid',
    says: ['medfee_sumamt'],
    duty: '金额最多两位小数，数字或文本都可以。',
  },
  {
    id: 'H708',
    title: '缺就诊ID 和人员编号：一次说全',
    change: (input) => withData(input, { mdtrt_id: '', psn_no: null }),
    code: 'his_input_invalid',
    says: ['mdtrt_id', 'psn_no'],
    duty: '必填的列不能空着。',
  },
  {
    id: 'H709',
    title: '医疗类别不在代码表',
    change: (input) => withInfo(withData(input, { med_type: '98' }), { med_type: '98' }),
    code: 'his_input_invalid',
    says: ['98'],
    duty: '医疗类别用 1901 下载的代码表；本地新增的代码先请经办机构登记。',
    secondStepOnly: true,
  },
  {
    id: 'H710',
    title: '登记册中查无此人',
    patient: STRANGER,
    change: (input) => input,
    code: 'person_unknown',
    duty: '提示原样给收费员看；患者仍按医保结算付费，告诉他到乡镇（街道）申请救助。',
    secondStepOnly: true,
  },
  {
    id: 'H711',
    title: '姓名是别人',
    patient: { ...townsman('dibao_40'), name: '张三' },
    change: (input) => input,
    code: 'name_mismatch',
    duty: '核对证件；登记有误的联系民政部门。',
    secondStepOnly: true,
  },
]

const wrongCase = ({ id, title, duty, change, code, says = [], patient, secondStepOnly }: Wrong) => ({
  secondStepOnly,
  one: {
    id,
    part: PART,
    title: `${title}：拒绝，没有入账`,
    duty,
    async run(stage: HisStage, check: Parameters<HisCase['run']>[1]) {
      const bill = smallBill(patient ? { patient } : {})
      const ids = await stage.nextIds(bill.patient)
      const msgid = stage.nextMsgid()
      refusedWith(check, await stage.ask('2207', change(stage.settling(bill, ids)), { msgid }), '2207', code, ...says)
      const right = smallBill()
      const anew = stage.settling(right, { ...ids, psn_no: (await stage.nextIds(right.patient)).psn_no })
      assistedWith(check, await stage.ask('2207', anew), '改正后换 msgid', SMALL_WANTED[stage.reached.mode])
    },
  },
})

const made = WRONG.map(wrongCase)
const UNKNOWN: readonly HisCase[] = [
  {
    id: 'H751',
    part: PART,
    title: '没有开通的交易：拒绝，列出已开通的',
    duty: '只调用已开通的交易编号。',
    async run(stage, check) {
      refusedWith(check, await stage.ask('9999', { data: {} }), '9999', 'his_unknown_infno', '9999')
    },
  },
]
const ENVELOPE: readonly HisCase[] = [
  {
    id: 'H752',
    part: PART,
    title: '报文里的机构编号是别家的：拒绝',
    duty: 'fixmedins_code 写本机构的编号，密钥按机构各用各的。',
    async run(stage, check) {
      const change = (envelope: Node) => ({ ...envelope, fixmedins_code: 'H99999999999' })
      refusedWith(check, await stage.ask('9001', { signIn: {} }, { change }), '9001', 'forbidden')
    },
  },
  {
    id: 'H753',
    part: PART,
    title: 'msgid 超过 30 位、没有 msgid：拒绝',
    duty: 'msgid 1–30 位，每个报文一个。',
    async run(stage, check) {
      for (const msgid of ['X'.repeat(31), '']) {
        const change = (envelope: Node) => ({ ...envelope, msgid })
        refusedWith(check, await stage.ask('9001', { signIn: {} }, { change }), `“${msgid}”`, 'his_envelope_invalid')
      }
    },
  },
  {
    id: 'H754',
    part: PART,
    title: '预结算不占额度、不入账：试算两次，结算一次',
    duty: '预结算只供告知患者；以结算的答复收费。',
    async run(stage, check) {
      const bill = smallBill()
      const ids = await stage.nextIds(bill.patient)
      const input = stage.settling(bill, ids)
      const wanted = SMALL_WANTED[stage.reached.mode]
      for (const what of ['试算一', '试算二']) {
        const trial = await stage.ask('2206', input)
        assistedWith(check, trial, what, wanted)
        check.holds(`${what}没有结算ID`, !infoIn(trial).setl_id || stage.reached.mode === 'second_step', '有')
      }
      const settled = await stage.ask('2207', input)
      assistedWith(check, settled, '结算', wanted)
      succeeded(check, settled, '结算')
    },
  },
]

export const HIS_WRONG_CASES: readonly HisCase[] = [
  ...made.flatMap(({ secondStepOnly, one }) => (secondStepOnly ? [] : [one])),
  ...ENVELOPE,
]
/** For hospitals that settle with the insurer themselves. */
export const SECOND_STEP_WRONG: readonly HisCase[] = [
  ...made.flatMap(({ secondStepOnly, one }) => (secondStepOnly ? [one] : [])),
  ...UNKNOWN,
]
