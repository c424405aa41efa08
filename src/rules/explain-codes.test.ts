import { expect, test } from 'vitest'
import { compileCodesText } from './codes.ts'
import { explainCodes } from './explain-codes.ts'

const TEXT = `codes: codes-a
area: "654002"
start: "2024-01-01"
title: 甲
source: 乙
tables:
  psn_idet_type:
    - { value: "7131", label: 特困, to: extremely_poor, source: 附录 }
    - { value: "1", label: 老兵, to: veteran, sent: true }
  med_type: [{ value: "29", label: 甲, to: { care_type: inpatient, referral: none, circumstances: [work_injury] } }]
  fund_pay_type: [{ value: "610100", label: 救助, to: assistance }, { value: "1", label: 乙, to: donation_paid }]
  insutype: [{ value: "0", label: 无, to: none }, { value: "390", label: 居民, to: resident }]
  hosp_lv: [{ value: "03", label: 三级, to: 3 }]
  clr_type: [{ value: "11", label: 门诊 }]
`

test('念成中文，与原表对读', () => {
  expect(explainCodes(compileCodesText(TEXT, 'f')).split('\n')).toEqual([
    '甲',
    '出处：乙',
    '自 2024-01-01 起；地区 654002。',
    '',
    '就诊类别 med_type',
    '- 29 甲 → 住院，该办转诊未办，工伤',
    '',
    '险种 insutype',
    '- 0 无 → 未参保',
    '- 390 居民 → 居民医保',
    '',
    '基金支付类型 fund_pay_type',
    '- 610100 救助 → 医疗救助',
    '- 1 乙 → 捐赠',
    '',
    '救助身份 psn_idet_type',
    '- 7131 特困 → 特困人员　附录',
    '- 1 老兵 → veteran（发出用）',
    '',
    '医院等级 hosp_lv',
    '- 03 三级 → 3 级',
    '',
    'clr_type',
    '- 11 门诊',
  ])
})
