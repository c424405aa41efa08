import { describe, expect, test } from 'vitest'
import { CATEGORY_LABELS } from './categories.ts'
import { type CodeDocument, codesFor, compileCodesText } from './codes.ts'
import { loadDirectory } from './files.ts'

const shipped = loadDirectory(new URL('../../rules', import.meta.url).pathname)
const nation = shipped.codes.filter((one) => one.codes === 'codes-national')

const document = (codes: string, area: string, start: string, tables: string): CodeDocument =>
  compileCodesText(
    `codes: ${codes}\narea: "${area}"\nstart: "${start}"\ntitle: 甲\nsource: 乙\ntables: ${tables}\n`,
    codes,
  )
const LEVEL = (code: string) =>
  `{ hosp_lv: [{ value: "${code}1", label: 一, to: 1 }, { value: "${code}2", label: 二, to: 2 }, { value: "${code}3", label: 三, to: 3 }] }`
const must = (documents: readonly CodeDocument[], admdvs: string, day: string) => {
  const codes = codesFor(documents, admdvs, day)
  if (codes === null) throw new Error('no codes')
  return codes
}
const yining = must(shipped.codes, '654002', '2024-06-01')

describe('代码的意思', () => {
  test.each([
    ['11', '普通门诊', { care_type: 'outpatient' }],
    ['12', '挂号', { care_type: 'outpatient' }],
    ['13', '急诊', { care_type: 'outpatient', referral: 'emergency' }],
    ['14', '门诊慢特病', { care_type: 'outpatient_chronic' }],
    ['21', '住院', { care_type: 'inpatient' }],
    ['2101', '住院的四位细目', { care_type: 'inpatient' }],
    ['22', '外伤住院：代码没有说有第三人', { care_type: 'inpatient' }],
    ['24', '急诊转住院', { care_type: 'inpatient', referral: 'emergency' }],
    ['52', '生育住院', { care_type: 'inpatient' }],
    ['16', '列着而没有把握的', null],
    ['9901', '地方代码，全国没有', null],
    ['2', '不满两位的不算 21 开头', null],
    ['', '没有写', null],
  ])('就诊类别 %s（%s）', (code, _, care) => {
    expect(yining.careOf(code)).toEqual(care)
  })

  test.each([
    ['310', 'employee'],
    ['320', 'employee'],
    ['390', 'resident'],
    ['380', 'resident'],
    ['340', null],
    ['39999', null],
  ])('险种 %s', (code, insurance) => {
    expect(yining.insuranceOf(code)).toBe(insurance)
  })

  test.each([
    ['310100', 'basic_insurance_paid'],
    ['310199', 'basic_insurance_paid'],
    ['310201', 'personal_account_paid'],
    ['390100', 'basic_insurance_paid'],
    ['390200', 'serious_illness_paid'],
    ['320100', 'other_insurance_paid'],
    ['630101', 'hospital_waived'],
    ['610100', 'assistance'],
    ['610101', 'assistance'],
    ['610102', null],
    ['999997', null],
    ['123456', null],
  ])('基金 %s', (code, payer) => {
    expect(yining.payerOf(code)).toBe(payer)
  })

  test.each([
    ['7131', 'extremely_poor'],
    ['7019', 'dibao'],
    ['7041', 'orphan'],
    ['7201', 'dibao_marginal'],
    ['7202', 'poverty_return'],
    ['7203', 'poverty_monitored'],
    ['7204', 'poverty_monitored'],
    ['7205', 'poverty_monitored'],
    ['7110', 'illness_impoverished'],
    ['7141', null],
    ['7001', null],
    ['7002', null],
  ])('救助身份 %s', (code, category) => {
    expect(yining.categoryOf(code)).toBe(category)
  })

  test('通用的每种身份发出一个代码，读回来还是它；没有的身份没有代码', () => {
    for (const category of Object.keys(CATEGORY_LABELS)) {
      const sent = yining.identityCodeOf(category)
      expect(sent && yining.categoryOf(sent.code), category).toBe(category)
    }
    expect(yining.identityCodeOf('poverty_monitored')).toEqual({ code: '7203', name: '脱贫不稳定户' })
    expect(yining.identityCodeOf('no_such')).toBeNull()
  })

  test('几个等级代码一个意思的，发出写了 sent 的那一个', () => {
    const area = document(
      'codes-a',
      '654002',
      '2024-01-01',
      '{ hosp_lv: [{ value: "12", label: 三乙, to: 3 }, { value: "11", label: 三甲, to: 3, sent: true }, { value: "2", label: 二, to: 2 }, { value: "1", label: 一, to: 1 }] }',
    )
    const codes = must([...nation, area], '654002', '2024-06-01')
    expect([1, 2, 3].map((level) => codes.levelCode(level as 1 | 2 | 3))).toEqual(['1', '2', '11'])
  })

  test.each([
    ['654099', '654000', '伊犁州本级'],
    ['654002', '654002', '伊宁市'],
    ['411399', '411300', '外省一个市的本级'],
    ['410000', '410000', '只写到省'],
    ['654001', '654001', '表里没有的'],
  ])('参保地 %s 是 %s（%s）', (code, area) => {
    expect(yining.areaOf(code)).toBe(area)
  })

  test('两个开头都符合的，长的算；单独写了的先算，写了没有 to 也不再看开头', () => {
    const funds =
      '{ fund_pay_type: [{ value: "6*", label: 甲, to: donation_paid }, { value: "61*", label: 乙, to: assistance }, { value: "6102", label: 丙 }, { value: "6103", label: 丁, to: commercial_paid }] }'
    const codes = must([...nation, document('codes-a', '654002', '2024-01-01', funds)], '654002', '2024-06-01')
    expect(['6', '69', '61', '6199', '6102', '6103', '7'].map((code) => codes.payerOf(code))).toEqual([
      'donation_paid',
      'donation_paid',
      'assistance',
      'assistance',
      null,
      'commercial_paid',
      null,
    ])
  })
})

describe('查询码表', () => {
  test('大写小写都查得到；带星号、问号的行不是代码，不列', () => {
    expect(yining.list('PSN_IDET_TYPE')).toEqual(yining.list('psn_idet_type'))
    expect(yining.list('psn_idet_type')?.[0]).toEqual({ value: '7131', label: '特困人员' })
    expect(yining.list('med_type')?.map((one) => one.value)).toContain('21')
    const values = yining.types().flatMap((type) => yining.list(type) ?? [])
    expect(values.filter(({ value }) => !/^\w+$/.test(value))).toEqual([])
    expect(yining.list('no_such_type')).toBeNull()
  })

  test('全部码表的名字，连同上级的', () => {
    expect(yining.types()).toContain('clr_type')
    expect(yining.types()).toContain('admdvs')
    expect(yining.list('admdvs')?.map((one) => one.value)).toContain('654002')
  })
})

describe('用哪一份', () => {
  const documents = [
    ...nation,
    document('codes-region', '650000', '2024-01-01', LEVEL('R')),
    document('codes-region', '650000', '2025-01-01', '{}'),
    document('codes-city', '654002', '2024-03-01', LEVEL('C')),
    document('codes-city', '654002', '2024-07-01', LEVEL('D')),
  ]
  test.each([
    ['654002', '2023-12-31', '01', '自治区的还没有开始：全国的'],
    ['654002', '2024-01-01', 'R1', '自治区的从这天起'],
    ['654002', '2024-02-29', 'R1', '市的前一天'],
    ['654002', '2024-03-01', 'C1', '市的当天'],
    ['654002', '2024-06-30', 'C1', '换版前一天'],
    ['654002', '2024-07-01', 'D1', '换版当天'],
    ['654003', '2024-07-01', 'R1', '旁边的市用自治区的'],
    ['410200', '2024-07-01', '01', '外省用全国的'],
    ['654003', '2024-12-31', 'R1', '自治区改回全国的前一天'],
    ['654003', '2025-01-01', '01', '自治区从这天起不写这张表：又是全国的'],
  ])('%s 在 %s 的一级医院是 %s（%s）', (admdvs, day, code) => {
    expect(must(documents, admdvs, day).levelCode(1)).toBe(code)
  })

  test('没有写的表用上级的；依据说得出每一份，最具体的在前', () => {
    const codes = must(documents, '654002', '2024-07-01')
    expect(codes.careOf('21')).toEqual({ care_type: 'inpatient' })
    expect(codes.version).toMatchObject({ codes: 'codes-city', start: '2024-07-01' })
    expect(codes.version.hash).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(codes.versions.map((one) => `${one.codes}/${one.start}`)).toEqual([
      'codes-city/2024-07-01',
      'codes-region/2024-01-01',
      'codes-national/2021-01-01',
    ])
    expect(['hosp_lv', 'MED_TYPE', 'no_such_type'].map((type) => codes.versionOf(type)?.codes)).toEqual([
      'codes-city',
      'codes-national',
      undefined,
    ])
  })

  test('先后次序不论', () => {
    expect(must(documents.toReversed(), '654002', '2024-07-01').levelCode(1)).toBe('D1')
  })

  test('全国的还没有开始，或没有：不拼凑', () => {
    expect(codesFor(documents, '654002', '2020-12-31')).toBeNull()
    expect(codesFor(documents.slice(1), '654002', '2024-07-01')).toBeNull()
    expect(codesFor([], '654002', '2024-07-01')).toBeNull()
  })
})
