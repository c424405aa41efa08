import { describe, expect, test } from 'vitest'
import { checkFiles } from './check.ts'
import { documentOf } from './example.ts'
import { readDirectory } from './files.ts'
import { proveDraft, type VersionText } from './prove.ts'

const RULES = new URL('../../rules', import.meta.url).pathname
const files = readDirectory(RULES).filter((one) => one.path.startsWith('codes-'))
const nation = files.find((one) => one.path === 'codes-national/2021-01-01.yaml') ?? { path: '', text: '' }
const HEAD = 'codes: codes-a\narea: "654002"\nstart: "2024-01-01"\ntitle: 甲\nsource: 乙\n'
const area = (tables: string, head = HEAD) => `${head}tables:\n${tables}`
const said = (text: string, path = 'codes-a/2024-01-01.yaml', more = [nation]) =>
  checkFiles([...more, { path, text }]).faults.map((one) => `${one.file}:${one.line} ${one.path} ${one.message}`)
const only = (text: string) => said(text).map((one) => one.replace('codes-a/2024-01-01.yaml:', ''))

const LEVELS =
  '  hosp_lv: [{ value: "1", label: 一, to: 1 }, { value: "2", label: 二, to: 2 }, { value: "3", label: 三, to: 3 }]\n'

test('码表、身份起了程序里的名字也不出岔子', () => {
  expect(only(codesOf('constructor', ['{ value: "1", label: 甲 }']))).toEqual([])
  const rows = [
    ...SIX,
    '{ value: "8", label: 甲, to: poverty_monitored }',
    '{ value: "9", label: 乙, to: constructor }',
  ]
  expect(only(codesOf('psn_idet_type', rows))[0]).toContain('没有一份办法有身份 constructor')
})

test('收入的码表没有毛病；没有毛病的地区文件', () => {
  expect(checkFiles(files).faults).toEqual([])
  expect(only(area(LEVELS))).toEqual([])
  expect(said(`${HEAD}tables: {}\n`)).toEqual([])
})

const codesOf = (type: string, rows: readonly string[]) =>
  area(`  ${type}:\n${rows.map((row) => `    - ${row}\n`).join('')}`)
const SIX = ['extremely_poor', 'orphan', 'dibao', 'dibao_marginal', 'poverty_return', 'illness_impoverished'].map(
  (to, i) => `{ value: "${i}", label: ${to}, to: ${to} }`,
)

test.each([
  [
    '没加引号的代码',
    codesOf('clr_type', ['{ value: 11, label: 门诊 }']),
    '8 tables.clr_type[0].value 代码须加引号，写作 "21"',
  ],
  [
    '星号在中间',
    codesOf('insutype', ['{ value: "3*0", label: 甲, to: resident }']),
    '8 tables.insutype[0].value 代码只用数字和字母，加引号；* 只能放在最后，写作 "21*"',
  ],
  [
    '只供显示的表带星号',
    codesOf('clr_type', ['{ value: "1*", label: 甲 }']),
    '8 tables.clr_type[0].value 代码只用数字和字母，加引号，写作 "21"',
  ],
  [
    '只供显示的表写了意思（多半是表名写错了）',
    codesOf('med_tpye', ['{ value: "21", label: 住院, to: { care_type: inpatient } }']),
    '8 tables.med_tpye[0].to 不认识的键：to；这里可以写：value、label、source',
  ],
  [
    '表名大写',
    codesOf('CLR_TYPE', ['{ value: "11", label: 门诊 }']),
    '7 tables.CLR_TYPE 码表的名字用小写字母、数字和下划线，写作 clr_type',
  ],
  [
    '没有这种就诊',
    codesOf('med_type', ['{ value: "21", label: 住院, to: { care_type: ward } }']),
    '8 tables.med_type[0].to.care_type 只能是 inpatient、outpatient_chronic、outpatient_serious、outpatient 之一',
  ],
  [
    '没有这种情形',
    codesOf('med_type', ['{ value: "22", label: 外伤, to: { care_type: inpatient, circumstances: [trauma] } }']),
    '8 tables.med_type[0].to.circumstances[0] 只能是 third_party_liability、work_injury、public_health、abroad、cosmetic、crime、self_inflicted、other_excluded 之一',
  ],
  [
    '没有这种险种',
    codesOf('insutype', ['{ value: "390", label: 居民, to: residents }']),
    '8 tables.insutype[0].to 只能是 resident、employee、none 之一',
  ],
  [
    '总费用不是谁付的',
    codesOf('fund_pay_type', [
      '{ value: "610100", label: 救助, to: assistance }',
      '{ value: "1", label: 甲, to: total_cost }',
    ]),
    '9 tables.fund_pay_type[1].to 只能是 basic_insurance_paid、serious_illness_paid、other_insurance_paid、commercial_paid、hospital_waived、temporary_relief_paid、donation_paid、personal_account_paid、assistance 之一',
  ],
  [
    '没有这一级',
    codesOf('hosp_lv', ['{ value: "4", label: 四, to: 4 }']),
    '8 tables.hosp_lv[0].to 只能是 1、2、3 之一',
  ],
  ['空的表', area('  clr_type: []\n'), '7 tables.clr_type 至少写 1 项'],
  ['少了名称', codesOf('clr_type', ['{ value: "11" }']), '8 tables.clr_type[0].label 缺少这一项'],
  [
    '代号不以 codes- 开头',
    area(LEVELS, HEAD.replace('codes-a', 'kaifeng')),
    '1 codes 以 codes- 开头，只用小写字母、数字和连字符，例如 codes-kaifeng',
  ],
  ['没有的日子', area(LEVELS, HEAD.replace('01-01', '02-30')), '3 start 日期写作 "YYYY-MM-DD"，且须真实存在'],
  [
    '写错的键',
    area(LEVELS, `${HEAD}jurisdiction: ["654002"]\n`),
    '6 jurisdiction 不认识的键：jurisdiction；这里可以写：codes、area、start、title、source、tables',
  ],
  [
    '放错地方',
    area(LEVELS, HEAD.replace('2024-01-01', '2024-01-02')),
    '3 start 文件应放在 codes-a/2024-01-02.yaml：文件夹是 codes，文件名是 start',
  ],
  [
    '写了两次的代码',
    codesOf('clr_type', [
      '{ value: "11", label: 门诊 }',
      '{ value: "21", label: 住院 }',
      '{ value: "11", label: 门诊 }',
    ]),
    '10 tables.clr_type[2].value 代码 11 写了两次',
  ],
  [
    '没有一级医院的代码',
    codesOf('hosp_lv', ['{ value: "2", label: 二, to: 2 }', '{ value: "3", label: 三, to: 3 }']),
    '7 tables.hosp_lv 没有一个代码是 1（1 级医院）',
  ],
  [
    '没有医疗救助的基金代码',
    codesOf('fund_pay_type', ['{ value: "310100", label: 甲, to: basic_insurance_paid }']),
    '7 tables.fund_pay_type 没有一个代码是 assistance（医疗救助基金）',
  ],
  [
    '通用的身份缺一种',
    codesOf('psn_idet_type', SIX),
    '7 tables.psn_idet_type 没有一个代码是 poverty_monitored（防止返贫监测对象）',
  ],
  [
    '没有一份办法有的身份',
    codesOf('psn_idet_type', [
      ...SIX,
      '{ value: "8", label: 甲, to: poverty_monitored }',
      '{ value: "9", label: 乙, to: veteran }',
    ]),
    '15 tables.psn_idet_type[7].to 没有一份办法有身份 veteran；通用的有 extremely_poor、orphan、dibao、dibao_marginal、poverty_return、poverty_monitored、illness_impoverished',
  ],
  [
    '几个代码一种身份，没有说发哪个',
    codesOf('psn_idet_type', [
      ...SIX,
      '{ value: "8", label: 甲, to: poverty_monitored }',
      '{ value: "9", label: 乙, to: poverty_monitored }',
    ]),
    '15 tables.psn_idet_type[7] 8、9 都是 poverty_monitored：在发出去用的那一个写 sent: true，只写一个',
  ],
  [
    '说了两个',
    codesOf('psn_idet_type', [
      ...SIX,
      '{ value: "7", label: 甲, to: poverty_monitored }',
      '{ value: "8", label: 甲, to: poverty_monitored, sent: true }',
      '{ value: "9", label: 乙, to: poverty_monitored, sent: true }',
    ]),
    '16 tables.psn_idet_type[8] 7、8、9 都是 poverty_monitored：在发出去用的那一个写 sent: true，只写一个',
  ],
  [
    '不是救助对象的代码写了 sent',
    codesOf('psn_idet_type', [
      ...SIX,
      '{ value: "7", label: 甲, to: poverty_monitored }',
      '{ value: "9", label: 保健对象, sent: true }',
    ]),
    '15 tables.psn_idet_type[7] 没有写 to 的代码不会发出去，不写 sent',
  ],
  [
    '没有管其他地市本级的一行',
    codesOf('admdvs', ['{ value: "654099", label: 州本级, to: "654000" }']),
    '7 tables.admdvs 没有 "????99" 一行：外地参保人的代码（如 411399）就不知道是哪个市，写 { value: "????99", label: …, to: "????00" }',
  ],
  [
    '一边带问号一边不带',
    codesOf('admdvs', ['{ value: "????99", label: 本级, to: "654000" }']),
    '8 tables.admdvs[0].to ????99 和 654000：要么都带 ????，要么都不带',
  ],
  [
    '带问号而没有 to',
    codesOf('admdvs', ['{ value: "????99", label: 本级 }']),
    '8 tables.admdvs[0] ????99 要写 to，例如 to: "????00"',
  ],
  [
    '五位的地区',
    codesOf('admdvs', ['{ value: "65409", label: 甲 }']),
    '8 tables.admdvs[0].value 六位数字，加引号，写作 "654099"；各市州通用的写作 "????99"',
  ],
])('%s', (_name, text, wanted) => {
  expect(only(text)).toContain(wanted)
})

describe('地区与全国', () => {
  test('全国的文件六张表写全，99 开头的就诊类别不写在全国', () => {
    const own = (text: string) => said(text, nation.path, [])
    const without = nation.text.replace(/\n {2}hosp_lv:\n(?: {4}- .*\n)+/, '\n')
    expect(own(without)).toEqual([
      'codes-national/2021-01-01.yaml:9 tables 2021-01-01 缺少码表 hosp_lv：全国的文件要写全这六张',
    ])
    const regional = nation.text.replace('{ value: "53"', '{ value: "9901"')
    expect(own(regional).map((one) => one.replace(/:\d+ /, ': '))).toEqual([
      'codes-national/2021-01-01.yaml: tables.med_type[16].value 9901 各地意思不同，写在地区的文件里，不写在全国的',
    ])
    expect(own(nation.text)).toEqual([])
  })

  test('全国的开始之前，地区的文件自己写全', () => {
    const early = area(LEVELS, HEAD.replace('2024', '2020'))
    expect(said(early, 'codes-a/2020-01-01.yaml')).toEqual([
      'codes-a/2020-01-01.yaml:6 tables 2020-01-01 缺少码表 med_type、insutype、fund_pay_type、psn_idet_type、admdvs：上级地区的文件那天还没有，这里要写',
    ])
  })

  test('一个代号只管一个地区，一个地区只有一个代号', () => {
    const later = area(LEVELS, HEAD.replace('2024', '2025').replace('654002', '654003'))
    const first = { path: 'codes-a/2024-01-01.yaml', text: area(LEVELS) }
    expect(said(later, 'codes-a/2025-01-01.yaml', [nation, first])).toContain(
      'codes-a/2025-01-01.yaml:2 area codes-a 的 2024-01-01 一份管的是 654002：同一代号只管一个地区',
    )
    const rival = area(LEVELS, HEAD.replace('codes-a', 'codes-b'))
    expect(said(rival, 'codes-b/2024-01-01.yaml', [nation, first])).toContain(
      'codes-b/2024-01-01.yaml:2 area 地区 654002 的码表已在 codes-a：一个地区只有一套',
    )
  })

  test('码表旁边的例子不会运行，所以不收', () => {
    expect(said('codes: x', 'codes-a/cases.yaml')).toEqual([
      'codes-a/cases.yaml:0  码表没有例子：这些例子一个也没有运行',
    ])
  })

  test('办法不能起码表的名字', () => {
    expect(said('scheme: codes-a\n', 'codes-a/2024-01-01.yaml')[0]).toMatch(/:1 scheme 只用小写字母.*不以 codes- 开头/)
  })
})

describe('起草时的证明', () => {
  const kept = (path: string, text: string): VersionText => {
    const [scheme = '', file = ''] = path.split('/')
    return { scheme, version: file.replace('.yaml', ''), text }
  }
  const shelf = files.map((one) => kept(one.path, one.text))
  const proved = (text: string, inForce: readonly VersionText[]) =>
    proveDraft(text, inForce).map((one) => `${one.file}:${one.line} ${one.message}`)

  test('没有全国的，地区的不能先公布；有了就可以', () => {
    expect(proved(area(LEVELS), [])[0]).toContain('codes-a/2024-01-01.yaml:6 2024-01-01 缺少码表 med_type')
    expect(proved(area(LEVELS), shelf)).toEqual([])
  })

  test('已公布的办法里的身份可以用，没有的不可以', () => {
    const rows = [...SIX, '{ value: "7", label: 甲, to: poverty_monitored }', '{ value: "8", label: 乙, to: veteran }']
    const text = codesOf('psn_idet_type', rows)
    const benefit =
      'benefits: [{ key: a, label: 甲, tier: 1, applies: { law: 五 }, base: { law: 六, of: total_cost } }]'
    const scheme = documentOf(benefit).replace('{ key: dibao, label: 低保对象,', '{ key: veteran, label: 老兵,')
    expect(proved(text, shelf)[0]).toContain('没有一份办法有身份 veteran')
    expect(proved(text, [...shelf, kept('example/2024-01-01.yaml', scheme)])).toEqual([])
  })

  test('改正同一天的一份：与自己不算冲突；别的地区的毛病不算在它身上', () => {
    const national = shelf.find((one) => one.scheme === 'codes-national')
    expect(proved(national?.text.replace('普通门诊', '门诊') ?? '', shelf)).toEqual([])
    const rival = kept('codes-b/2024-01-01.yaml', area(LEVELS, HEAD.replace('codes-a', 'codes-b')))
    const other = kept('codes-c/2024-01-01.yaml', area(LEVELS, HEAD.replace('codes-a', 'codes-c')))
    expect(proved(national?.text ?? '', [...shelf, rival, other])).toEqual([])
  })

  test('有码表在架上，办法照样证明', () => {
    const scheme = readDirectory(RULES).find((one) => one.path === 'ili-yining/2023-01-01.yaml')
    expect(proved(scheme?.text ?? '', shelf)).toEqual([])
  })
})
