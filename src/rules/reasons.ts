import type { Reason } from './claim.ts'

/** Why nothing, or less, is paid: the closed list, in the patient's words. */
const TEXTS = {
  no_category: '就诊日不在任何一类救助对象之内',
  category_not_covered: '所属救助类别不享受这项救助',
  care_type_not_covered: '这类就诊不在救助范围',
  insurance_not_covered: '参保情况不符合这项救助的规定',
  hospital_level_not_covered: '就诊医院的级别不在救助范围',
  place_not_covered: '就诊地不在救助范围',
  not_referred: '未按规定办理转诊或备案',
  disease_not_covered: '病种不在这项救助的范围',
  age_not_covered: '年龄不符合这项救助的规定',
  on_application_only: '这项救助须先结算，之后向经办机构申请',
  at_counter_only: '这项救助只在医院窗口办理',
  recognised_too_late: '认定日期不符合这项救助的规定',
  bill_size_not_covered: '本次费用数额不符合这项救助的规定',
  year_sum_not_covered: '本年度累计费用不符合这项救助的规定',
  earlier_benefit_missing: '前一项救助的情况不符合这项救助的规定',
  turn_not_covered: '本年度次数不符合这项救助的规定',
  circumstance_not_covered: '就诊情形不符合这项救助的规定',
  base_zero: '没有可以救助的费用',
  gate_not_reached: '费用没有达到救助门槛',
  below_deductible: '费用没有超过起付标准',
  ratio_zero: '按规定的比例算出为零',
  not_in_rows: '办法对这种情况没有写明数额',
  adjusted_to_zero: '按规定调减后为零',
  below_minimum: '算出的数额低于最低支付额',
  limit_used_up: '限额已经用完',
  limit_cut: '限额所余不足，只支付所余部分',
  times_used_up: '规定的次数已经用完',
  accumulated_no_more: '按全年累计计算，本次没有新增的救助',
  rounded_to_zero: '四舍五入或去尾后为零',
  nothing_owed: '个人已经没有需要支付的费用',
  owed_cut: '个人实际需要支付的费用较少，只支付到该数',
  excluded_third_party_liability: '应由第三人负担的费用不予救助',
  excluded_work_injury: '应由工伤保险支付的费用不予救助',
  excluded_public_health: '应由公共卫生负担的费用不予救助',
  excluded_abroad: '在境外就医的费用不予救助',
  excluded_cosmetic: '美容、整形等非治疗费用不予救助',
  excluded_crime: '因违法犯罪造成的费用不予救助',
  excluded_self_inflicted: '因自伤、自残、酗酒、吸毒等造成的费用不予救助',
  excluded_uninsured: '未参加基本医疗保险的不予救助',
  excluded_place: '该就诊地的费用不予救助',
  excluded_not_referred: '未按规定转诊的费用不予救助',
  excluded_other: '办法规定不予救助的其他情形',
} as const

export type ReasonCode = keyof typeof TEXTS

export const REASON_CODES = Object.keys(TEXTS) as [ReasonCode, ...ReasonCode[]]

/** The reason as it stands in a ruling; `law` is the article that says so, null where none does. */
export const reason = (code: ReasonCode, law: string | null): Reason => ({ code, text: TEXTS[code], law })

export const reasonText = (code: ReasonCode): string => TEXTS[code]
