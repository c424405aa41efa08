import { describe, expect, test } from 'vitest'
import { applyRules } from './apply.ts'
import { claimOfCase } from './cases.ts'
import { checkRuling, searchBills } from './check-search.ts'
import type { Finding } from './check-structure.ts'
import { CARE_TYPES, type Ruling } from './claim.ts'
import { compileText } from './compile.ts'
import { benefitOf, documentOf, versionOf } from './example.ts'
import { CARE_TEXTS } from './wording.ts'

/** A document in which only stays in hospital are assisted, by these rows, in a county. */
const byRows = (rows: string, places = '"410221"') =>
  compileText(
    documentOf(`diseases:
  cancer: { law: 附, label: 恶性肿瘤, diagnoses: [C15-C26] }
  coded: { law: 附, label: 按代码的, disease_codes: [M00500, M00600] }
benefits: [{ key: a, label: 甲, tier: 1, applies: { law: 五, care_type: inpatient }, base: { law: 六, of: total_cost }, ratio: { law: 八, rows: [${rows}] } }]`).replace(
      '"410200"',
      places,
    ),
    'example/2024-01-01.yaml',
  )

describe('办法看什么，就拿什么试：漏掉的一种，说得出是哪一张账单', () => {
  test.each([
    ['三级医院', '{ hospital_level: [1, 2], ratio: "0.5" }', '三级医院'],
    ['一级医院', '{ hospital_level: [2, 3], ratio: "0.5" }', '一级医院'],
    ['市内别的县', '{ place: [in_county, in_province, out_of_province], ratio: "0.5" }', '医院在 410299'],
    ['省内别的市', '{ place: [in_county, in_prefecture, out_of_province], ratio: "0.5" }', '医院在 419801'],
    ['外省', '{ place: [in_county, in_prefecture, in_province], ratio: "0.5" }', '医院在 110101'],
    ['本县', '{ place: [in_prefecture, in_province, out_of_province], ratio: "0.5" }', '住院'],
    ['急诊', '{ referral: [not_needed, referred, filed, none], ratio: "0.5" }', '急诊'],
    ['该转诊没有转诊', '{ referral: [not_needed, referred, filed, emergency], ratio: "0.5" }', '该转诊没有转诊'],
    ['职工', '{ insurance: [resident, none], ratio: "0.5" }', '职工医保'],
    ['未参保', '{ insurance: [resident, employee], ratio: "0.5" }', '未参保'],
    ['依申请', '{ channel: counter, ratio: "0.5" }', '依申请'],
    ['十七岁', '{ age: { from: 18 }, ratio: "0.5" }', '17 周岁'],
    ['正好六十', '{ age: { below: 60 }, ratio: "0.5" }, { age: { above: 60 }, ratio: "0.5" }', '60 周岁'],
    ['六十一', '{ age: { up_to: 60 }, ratio: "0.5" }', '61 周岁'],
    ['不满周岁', '{ age: { from: 1 }, ratio: "0.5" }', '0 周岁'],
    ['病种，按诊断', '{ not_disease: cancer, ratio: "0.5" }', '诊断 C15'],
    ['病种，按代码', '{ not_disease: coded, ratio: "0.5" }', '病种 M00500'],
    ['没有这个病种', '{ disease: cancer, ratio: "0.5" }', '住院'],
  ])('%s', (_name, rows, told) => {
    const bills = searchBills(byRows(rows)).map((one) => one.bill ?? '')
    expect(bills).toHaveLength(1)
    expect(`${bills[0]}，`).toMatch(new RegExp(`^特困人员，住院${told === '住院' ? '' : `，${told}`}，政策范围内自付 `))
  })

  test.each([
    [
      '两样合在一起',
      '{ hospital_level: 2, ratio: "0.5" }, { insurance: resident, ratio: "0.5" }',
      /(一|三)级医院，(职工医保|未参保)/,
    ],
    [
      '正好六百元',
      '{ bill: { amount: total_cost, below: "600.00" }, ratio: "0.5" }, { bill: { amount: total_cost, above: "600.00" }, ratio: "0.5" }',
      /政策范围内自付 600\.00 元/,
    ],
    ['一分钱', '{ bill: { amount: total_cost, above: "0.01" }, ratio: "0.5" }', /政策范围内自付 0\.01 元/],
    ['很大的数', '{ bill: { amount: total_cost, up_to: "90000.00" }, ratio: "0.5" }', /政策范围内自付 90000\.01 元/],
    ['保险付了的', '{ bill: { amount: insurance_paid, up_to: "0.00" }, ratio: "0.5" }', /基本医保支付/],
    ['范围外自费的', '{ bill: { amount: self_funded, up_to: "0.00" }, ratio: "0.5" }', /自费/],
  ])('%s', (_name, rows, told) => {
    expect(searchBills(byRows(rows))[0]?.bill).toMatch(told)
  })

  test.each([
    ['两样的六种', '{ hospital_level: [1, 2], ratio: "0.5" }, { channel: counter, ratio: "0.5" }', /三级医院，依申请/],
    [
      '三样的二十七种',
      '{ hospital_level: [1, 2], ratio: "0.5" }, { insurance: [resident, employee], ratio: "0.5" }, { age: { from: 18 }, ratio: "0.5" }',
      /三级医院，未参保，17 周岁/,
    ],
  ])('合在一起才漏的，组合不多就一种不少地试：%s', (_name, rows, told) => {
    const version = benefitOf(`    ratio: { law: 八, rows: [${rows}] }`)
    expect(searchBills(version)[0]?.bill).toMatch(told)
  })

  test('什么也不分的办法，账单的各种构成都试：只有个人自付的一笔，多一分就少两千', () => {
    const benefit = (key: string, label: string, category: string, ratio: string) =>
      `  - { key: ${key}, label: ${label}, tier: 1, applies: { law: 五, care_type: inpatient, category: ${category} }, base: { law: 六, of: total_cost }, ratio: ${ratio} }`
    const version = versionOf(`benefits:
${benefit('poor', '特困', 'extremely_poor', '{ law: 八, ratio: "0.5" }')}
${benefit('low', '低保', 'dibao', '{ law: 八, bands_are: whole, edges_from: zero, bands: [{ up_to: "10000.00", ratio: "0.6" }, { above: "10000.00", ratio: "0.4" }] }')}`)
    expect(searchBills(version)).toMatchObject([
      { path: ['benefits', 1], message: expect.stringContaining('救助反而减少') },
    ])
  })

  test('没有漏的，什么也不说', () => {
    expect(
      searchBills(
        byRows('{ hospital_level: [1, 2], ratio: "0.5" }, { age: { from: 18 }, ratio: "0.6" }, { ratio: "0.5" }'),
      ),
    ).toEqual([])
  })

  test('参保地写了几级，拿最小的一级试', () => {
    const rows = '{ place: [in_county, in_province, out_of_province], ratio: "0.5" }'
    const tried = (places: string) => searchBills(byRows(rows, places))[0]?.bill?.split('，')[2]
    expect([tried('"410000", "410221", "410200"'), tried('"410299", "410000"')]).toEqual([
      '医院在 410299',
      '医院在 410298',
    ])
  })

  test('省外、市外总是真的在外面', () => {
    const tried = (insured: string, missing: string) => {
      const places = ['in_county', 'in_prefecture', 'in_province', 'out_of_province'].filter((one) => one !== missing)
      return searchBills(byRows(`{ place: [${places}], ratio: "0.5" }`, `"${insured}"`))[0]?.bill?.split('，')[2]
    }
    expect(tried('110101', 'out_of_province')).toBe('医院在 120101')
    expect(tried('419801', 'in_province')).toBe('医院在 419701')
  })
})

describe('毛病在哪一项，就指到哪一项', () => {
  const two = (first: string, second: string) =>
    versionOf(`benefits:
  - { key: a, label: 甲, tier: 1, applies: { law: 五, category: extremely_poor }, base: { law: 六, of: policy_scope_self_paid }, ${first} }
  - { key: b, label: 乙, tier: 1, applies: { law: 五, category: dibao }, base: { law: 六, of: policy_scope_self_paid }, ${second} }`)
  const found = (first: string, second: string) =>
    searchBills(two(first, second)).map(
      (one) => `${one.path.join('.')} ${one.message.split('（')[0]} ${one.bill?.split('，')[0]}`,
    )
  const HALF = 'ratio: { law: 八, ratio: "0.5" }'
  const MUCH = 'ratio: { law: 八, ratio: "0.95" }, adjust: [{ law: 九, times: "1.1" }]'
  const FALLS =
    'ratio: { law: 八, bands_are: whole, edges_from: zero, bands: [{ up_to: "10000.00", ratio: "0.60" }, { above: "10000.00", ratio: "0.40" }] }'
  const OVER = '调整后超过了基数：倍数或加成太大'
  const FALLEN = '费用增加'

  test.each([
    ['加成太大', HALF, MUCH, [`benefits.1.adjust ${OVER} 低保对象`]],
    [
      '两项都加成太大，各说一次',
      MUCH,
      MUCH,
      [`benefits.0.adjust ${OVER} 特困人员`, `benefits.1.adjust ${OVER} 低保对象`],
    ],
  ])('%s', (_name, first, second, wanted) => {
    expect(found(first, second)).toEqual(wanted)
  })

  test('费用大了反而少：每种就诊各说一次', () => {
    const fallen = found(HALF, FALLS)
    expect(new Set(fallen)).toEqual(new Set([`benefits.1 ${FALLEN} 低保对象`]))
    expect(searchBills(two(HALF, FALLS)).map((one) => one.bill?.split('，')[1])).toEqual(
      CARE_TYPES.map((one) => CARE_TEXTS[one]),
    )
  })
})

describe('任何一张账单都不许有的结果', () => {
  const version = benefitOf(
    '    limits: { law: 九, pools: [p] }',
    'pools: { p: { law: 九, label: 限额, per: person_year, amount: "50.00" } }',
  )
  const claim = claimOfCase({ category: 'dibao', on: '2024-06-01', policy_scope_self_paid: '100.00' }, '410200')
  const sound = applyRules(version, claim, 2024, () => 0)
  const found = (change: Partial<Ruling>): readonly Finding[] => {
    if (version.document.repealed) throw new Error('repealed')
    const findings: Finding[] = []
    checkRuling(
      { ...sound, ...change },
      claim,
      version.document,
      () => '这张账单',
      (_key, one) => findings.push(one),
    )
    return findings
  }
  const paid = (base: number, amount: number) => [{ benefit: 'inpatient', tier: 1, base, amount }]
  const limit = (used_before: number, used_after: number, most: number | null = 5_000) => [
    { pool: 'p', period: '2024', limit: most, used_before, used_after },
  ]

  test.each([
    ['照办法算出的', {}, null, ''],
    ['负数', { assistance: -1 }, [], '救助金额为负或不是整分'],
    ['半分', { assistance: 0.5 }, [], '救助金额为负或不是整分'],
    ['正好是个人应付的', { assistance: 10_000 }, null, ''],
    ['比个人应付的多一分', { assistance: 10_001 }, [], '救助金额超过个人应付'],
    ['正好是基数', { benefits: paid(5_000, 5_000) }, null, ''],
    ['比基数多一分', { benefits: paid(5_000, 5_001) }, ['benefits', 0], '救助金额超过基数'],
    ['正好到限额', { limits: limit(0, 5_000) }, null, ''],
    ['比限额多一分', { limits: limit(0, 5_001) }, ['pools', 'p'], '救助金额超过限额'],
    ['早就超了，这次没再付', { limits: limit(5_001, 5_001) }, null, ''],
    ['不设限额', { limits: limit(0, 9_999_999, null) }, null, ''],
    ['零，说了原因', { assistance: 0, reasons: [{ code: 'base_zero', text: '', law: '六' }] }, null, ''],
    ['零，没有原因', { assistance: 0, reasons: [] }, [], '救助为零却说不出原因'],
  ] as const)('%s', (_name, change, path, message) => {
    expect(found(change)).toEqual(path === null ? [] : [{ path, message, bill: '这张账单' }])
  })
})
