/** What must come of a message in each place of the chain, in the words of `outcomeOf`, and why. */
export interface Expected {
  readonly file: string
  /** Sent as it is to a hospital that settles with the insurer first. */
  readonly second_step: string
  /** The same with the insurer's answer beside the request; left out: it settles nothing. */
  readonly insured?: string
  /** Sent as it is to a hospital that reaches the insurer through us. */
  readonly in_between: string
  /** Must stand in what the hospital of the second step is told. */
  readonly says?: string
  readonly why: string
}

/** Every recorded request, in an order in which its hospital may have sent it. */
export const RECORDED: readonly Expected[] = [
  {
    file: 'derived-1101-constant-sequence.json',
    second_step: '身份 7019',
    in_between: '身份 7019',
    why: 'cainfo、signtype、dev_no 都是 "1"，没有证件类型和姓名：照样按身份证号查到，低保一行',
  },
  {
    file: 'req-1101-social-card-as-cert.json',
    second_step: '身份 7019',
    in_between: '身份 7019',
    why: '证件类型写 90、又带着卡识别码，号码是身份证号：按号码查',
  },
  {
    file: 'req-2206-presettle-idcard.json',
    second_step: 'his_input_invalid',
    says: 'setlinfo',
    insured: '救助 34.8',
    in_between: '救助 34.8',
    why: '69.6 元是一位小数的文本，inf_time 早一个月：职工未过起付线，69.60 × 50%',
  },
  {
    file: 'derived-2207-guangzhou-short-msgid.json',
    second_step: 'his_input_invalid',
    says: 'setlinfo',
    insured: '救助 95.3',
    in_between: '救助 95.3',
    why: '节点写 mdtrtinfo，缩进的 JSON，x-tif 签名：(326.50 − 100) × 60% 归医保，余下 190.60 × 50%',
  },
  {
    file: 'derived-2207-spec-style.json',
    second_step: 'his_input_invalid',
    says: 'setlinfo',
    insured: '救助 60',
    in_between: '救助 60',
    why: '同一就诊的另一批次：政策范围内 300 × 60% 归医保，余下 120 × 50%',
  },
  {
    file: 'req-2207-unanswered.json',
    second_step: 'his_input_invalid',
    says: 'setlinfo',
    insured: '救助 4.5',
    in_between: '救助 4.5',
    why: '金额是整数，凭证是社保卡，身份由医保的证件号认出：挂号费 9 元未过起付线，9 × 50%',
  },
  {
    file: 'derived-2601-after-unanswered-2207.json',
    second_step: '成功',
    in_between: '成功',
    why: '没有收到答复的结算按原报文冲正，两边都冲',
  },
  {
    file: 'req-2301-refund-line.json',
    second_step: '成功',
    in_between: '医保原样',
    why: '退费行的数量、金额为负，都是文本',
  },
  {
    file: 'req-2601-reverse-2304.json',
    second_step: '成功',
    in_between: '医保原样',
    why: '原报文没有到过：记下，迟到的原报文不再办理；报文ID里的时间比原报文早，不比较',
  },
  {
    file: 'req-3201-month.json',
    second_step: '对账 000102',
    says: '中心 0 笔',
    in_between: '对账 000102',
    why: '数字都是文本，参保地写的是省：本系统那个月没有结算，医院多，说明里是本系统的合计',
  },
]

const NEEDS_INSURER = { second_step: 'his_input_invalid', says: 'setlinfo' } as const

/** The messages of our own making, in the order of their files. */
export const OWN_OUTPATIENT: readonly Expected[] = [
  {
    file: '1101-constant-sequence',
    second_step: '身份 7019',
    in_between: '身份 7019',
    why: 'x-ca 签名，cainfo 为 "1"',
  },
  {
    file: '1101-social-card-as-cert',
    second_step: '身份 7019',
    in_between: '身份 7019',
    why: '号码是身份证号，按号码查',
  },
  {
    file: '2201-mdtrtinfo',
    second_step: '成功',
    in_between: '医保原样',
    why: '节点写 mdtrtinfo；没有就诊ID的由本系统给',
  },
  { file: '2203A-suffix', second_step: '成功', in_between: '医保原样', why: '新版编号带字母，日期中间有空格' },
  { file: '2204-string-amounts', second_step: '成功', in_between: '医保原样', why: '数量四位、单价六位小数的文本' },
  { file: '2205-all-unsettled', second_step: '成功', in_between: '医保原样', why: '0000：未结算的明细总能清掉' },
  {
    file: '2206-presettle-idcard',
    ...NEEDS_INSURER,
    insured: '救助 29.3',
    in_between: '救助 29.3',
    why: '58.60 未过起付线，× 50%；设备编号为 null',
  },
  {
    file: '2207-spec-style',
    ...NEEDS_INSURER,
    insured: '救助 70',
    in_between: '救助 70',
    why: '政策范围内 200：(200 − 100) × 60% 归医保，余下 140 × 50%',
  },
  {
    file: '2207-guangzhou-short-msgid',
    ...NEEDS_INSURER,
    insured: '救助 73.68',
    in_between: '救助 73.68',
    why: '没有分项，全额在范围内：(218.40 − 100) × 60% 归医保，余下 147.36 × 50%',
  },
  {
    file: '2207-input-as-json-string',
    ...NEEDS_INSURER,
    insured: '救助 73.68',
    in_between: '救助 73.68',
    why: 'input 是写成文本的 JSON',
  },
  {
    file: '2207-missing-fixmedins',
    ...NEEDS_INSURER,
    insured: '救助 73.68',
    in_between: '救助 73.68',
    why: '没有机构编号：以终端所属的为准；没有交易编号：以地址为准',
  },
  {
    file: '2207-unanswered',
    ...NEEDS_INSURER,
    insured: '救助 3.5',
    in_between: '救助 3.5',
    why: '整数金额，社保卡，多出的键不看',
  },
  {
    file: '2207-id-of-15-digits',
    ...NEEDS_INSURER,
    insured: '救助 73.68',
    in_between: '救助 73.68',
    why: '15 位身份证号换成 18 位再认；金额末尾的零不算小数',
  },
  {
    file: '2207-misspelt-total',
    ...NEEDS_INSURER,
    insured: '救助 73.68',
    in_between: '医保拒绝：医疗费总额[medfee_sumamt]为空或格式错误',
    why: '写错的键本系统读得懂；报文原样转给医保，医保读不懂就照它的话',
  },
  {
    file: '2207-three-decimals',
    second_step: 'his_input_invalid',
    says: '最多两位小数',
    in_between: 'his_input_invalid',
    why: '不足一分的金额不四舍五入，也不转给医保',
  },
  {
    file: '2207-other-hospital',
    second_step: 'forbidden',
    says: 'fixmedins_code',
    in_between: 'forbidden',
    why: '密钥是哪家医院的，只能办哪家医院的',
  },
  {
    file: '2207-at-another-address',
    second_step: 'his_envelope_invalid',
    says: '两者须一致',
    in_between: 'his_envelope_invalid',
    why: '地址和报文说的不是同一交易：不猜',
  },
  {
    file: '2207-long-msgid',
    second_step: 'his_envelope_invalid',
    says: 'msgid',
    in_between: 'his_envelope_invalid',
    why: '报文ID最多 30 个字符，截断会与别的相同',
  },
  {
    file: '2207-unknown-med-type',
    ...NEEDS_INSURER,
    insured: 'his_input_invalid',
    in_between: '医保原样',
    why: '99 开头的类别各地意思不同，表里没有就不决定；医保已结的照医保的收，记为待补救助',
  },
  {
    file: '2207-before-2202',
    ...NEEDS_INSURER,
    insured: '救助 43.68',
    in_between: '救助 43.68',
    why: '同一人同年的第二笔，起付线已过：218.40 × 60% 归医保，余下 87.36 × 50%',
  },
  {
    file: '2202-after-failed-2207',
    second_step: 'settlement_in_the_way',
    says: '有未撤销的结算',
    in_between: 'settlement_in_the_way',
    why: '有的系统结算一失败就撤销挂号；结算其实成了，所以不许，并说出结算ID',
  },
]

export const OWN_INPATIENT: readonly Expected[] = [
  { file: '2403-admission-edited', second_step: '成功', in_between: '医保原样', why: '入院信息变更里也有入院日期' },
  { file: '2301-refund-line', second_step: '成功', in_between: '医保原样', why: '退费行为负' },
  { file: '2302-list-of-all', second_step: '成功', in_between: '医保原样', why: 'data 是列表' },
  { file: '2402-discharge', second_step: '成功', in_between: '医保原样', why: '唯一的诊断没有写成列表' },
  {
    file: '2303-presettle',
    ...NEEDS_INSURER,
    insured: '救助 956.25',
    in_between: '救助 956.25',
    why: '(3600 − 500) × 75% 归医保，余下 1275 × 75%',
  },
  {
    file: '2304-med-type-of-four-digits',
    ...NEEDS_INSURER,
    insured: '救助 956.25',
    in_between: '救助 956.25',
    why: '四位的医疗类别 2101 按住院；入、出院日期来自先前的报文',
  },
  {
    file: '2304-stay-untold',
    ...NEEDS_INSURER,
    insured: 'his_input_invalid',
    in_between: '医保原样',
    why: '不知道哪天入院、出院，就不知道按哪天的办法：医保已结的照医保的收，记为待补救助',
  },
  {
    file: '2404-under-a-settlement',
    second_step: 'settlement_in_the_way',
    says: '有未撤销的结算',
    in_between: 'settlement_in_the_way',
    why: '结算还在，入院不能撤销',
  },
]

export const OWN_ACCOUNTS: readonly Expected[] = [
  { file: '9001-userid', second_step: '成功', in_between: '医保原样', why: '签到写在 data 里；流水号不作要求' },
  { file: '1901-identities', second_step: '代码 15 行', in_between: '代码 15 行', why: '救助身份的字典以本系统为准' },
  { file: '2001-priority', second_step: '待遇 1', in_between: '待遇 1', why: '待遇检查：医疗救助一行，在医保各行之后' },
  { file: '2601-reverse-2304', second_step: '成功', in_between: '医保原样', why: '原报文没有到过：记下' },
  {
    file: '2601-of-a-trial',
    second_step: 'reversal_not_reversible',
    says: '2206 不能冲正',
    in_between: 'reversal_not_reversible',
    why: '预结算没有可冲的',
  },
  { file: '5203-by-msgid', second_step: '救助 70', in_between: '救助 70', why: '只知道报文ID，也查得到那笔结算' },
  { file: '5204-fees', second_step: '成功', in_between: '医保原样', why: '结算后马上查明细，有的系统查不到就撤销' },
  { file: '5206-year', second_step: '本年救助 70', in_between: '本年救助 70', why: 'D610101：本年已付的救助' },
  { file: '2601-after-unanswered-2207', second_step: '成功', in_between: '成功', why: '按原报文冲正' },
  {
    file: '3201-month',
    second_step: '对账 000102',
    says: '中心 0 笔',
    in_between: '对账 000102',
    why: '那个月没有结算；起止日期带着时间',
  },
  {
    file: '3203-clearing',
    second_step: 'totals_differ',
    says: '人次：医院 2、中心 0',
    in_between: 'totals_differ',
    why: '对不上的合计不能申请清算',
  },
  {
    file: '4101-not-ours',
    second_step: 'his_unknown_infno',
    says: '没有交易 4101',
    in_between: '医保原样',
    why: '不是本系统的交易，中间的位置转给医保',
  },
]
