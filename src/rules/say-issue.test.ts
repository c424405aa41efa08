import { expect, test } from 'vitest'
import { casesSchema } from './cases.ts'
import { AMOUNTS } from './claim.ts'
import { faultsOf, faultsWhen, GOOD_BODY } from './example.ts'
import { checkShape, readYaml } from './parse.ts'

test.each([
  ['键后面是全角冒号', 'tier: 1', 'tier： 1', /^f\.yaml:\d+ {2}不是合格的 YAML：.*这一行有全角标点/],
  ['各项之间是全角逗号', '{ law: 第五条, ', '{ law: 第五条， ', /^f\.yaml:20 {2}不是合格的 YAML：.*这一行有全角标点/],
  ['引号没有配对', '"0.75" }', '"0.75 }', /^f\.yaml:\d+ {2}不是合格的 YAML：少了一个符号/],
  ['用了制表符', '    tier: 1', '\ttier: 1', /^f\.yaml:19 {2}不是合格的 YAML：/],
  ['引用没有定义', '"0.75"', '*common', /^f\.yaml:0 {2}引用（\*名字）没有先用 &名字 定义/],
])('YAML 写错，只说第一处：%s', (_name, from, to, wanted) => {
  const found = faultsWhen(from, to)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(wanted)
  expect(found[0]?.replace(/YAML|f\.yaml|&|\*/g, '')).not.toMatch(/[A-Za-z]{2}/)
})

test.each([
  [
    '应写一列',
    'ratio: { law: 第八条, ratio: "0.75" }',
    'adjust: { law: 第八条, times: "0.5" }',
    '23 benefits[0].adjust 要写成一列，例如 adjust: [{ law: 第十二条, points_more: "0.10" }]；写的是一组“键: 值”',
  ],
  [
    '应写“键: 值”',
    'limits: { law: 第九条, pools: [annual] }',
    'limits: [annual]',
    '24 benefits[0].limits 要写成“键: 值”，例如 limits: { law: 第八条, pools: [annual] }；写的是一列',
  ],
  ['应写整数', 'tier: 1', 'tier: "1"', '19 benefits[0].tier 要写整数，不加引号，例如 18；写的是文字 "1"'],
  ['应写文字', 'law: 第五条', 'law: 5', '20 benefits[0].applies.law 要写成文字；纯数字的加引号，例如 "5"；写的是5'],
  ['不能空着', 'law: 第五条', 'law: ""', '20 benefits[0].applies.law 不能是空的'],
  ['太大', 'tier: 1', 'tier: 12', '19 benefits[0].tier 不大于 9'],
  [
    '编码写法',
    'C00-C97',
    'c00',
    '15 diseases.cancer.diagnoses[0] ICD 编码的开头或一段，大写字母在前，例如 N18、N18.5、C00-C97',
  ],
  [
    '名字写法',
    '  income:',
    '  In-come:',
    '13 parameters.In-come 名字 In-come 不行：只用小写字母、数字和下划线，以字母开头',
  ],
  [
    '封顶写成了对象，不说缺 parameter',
    'of: policy_scope_self_paid',
    'of: policy_scope_self_paid, at_most: { amount: "100.00" }',
    '21 benefits[0].base.at_most 金额写作 "1234.50"，或 { parameter: 名字 }，或 { parameter: 名字, times: "0.15" }；写的是一组“键: 值”',
  ],
  ['空着', 'law: 第五条', 'law:', '20 benefits[0].applies.law 要写成文字；纯数字的加引号，例如 "5"；写的是空的'],
  ['太小', 'tier: 1', 'tier: 0', '19 benefits[0].tier 不小于 1'],
  ['一项也没有', 'pools: [annual]', 'pools: []', '24 benefits[0].limits.pools 至少写 1 项'],
  [
    '列里的一项写错，不举整列的例子',
    'pools: [annual]',
    'pools: [5]',
    '24 benefits[0].limits.pools[0] 要写成文字；纯数字的加引号，例如 "5"；写的是5',
  ],
  [
    '应写“名字: 值”',
    'diseases:\n  cancer: { law: 附件, label: 恶性肿瘤, diagnoses: [C00-C97] }',
    'diseases: [cancer]',
    '14 diseases 要写成“名字: 值”；写的是一列',
  ],
  ['没有例子可举', 'benefits:\n  - key', 'benefits:\n    key', '16 benefits 要写成一列；写的是一组“键: 值”'],
  [
    '是或否',
    'of: policy_scope_self_paid',
    'of: total_cost, without_capped_part: yes',
    '21 benefits[0].base.without_capped_part 要写 true 或 false，不加引号；写的是文字 "yes"',
  ],
  [
    '不认识的词，列出能写的',
    'care_type: inpatient',
    'care_type: inpatients',
    '20 benefits[0].applies.care_type 只能是 inpatient、outpatient_chronic、outpatient_serious、outpatient 之一',
  ],
  [
    '一列里不认识的词，指到那一个',
    'care_type: inpatient',
    'care_type: [inpatient, home]',
    '20 benefits[0].applies.care_type[1] 只能是 inpatient、outpatient_chronic、outpatient_serious、outpatient 之一',
  ],
  [
    '不认识的数，不是只能写一个',
    'care_type: inpatient',
    'hospital_level: "1"',
    '20 benefits[0].applies.hospital_level 只能是 1、2、3 之一',
  ],
  [
    '限额没有名字',
    '\n  annual: { law: 第九条, label: 年度限额, per: person_year, amount: "60000.00" }',
    ' [annual]',
    '10 pools 要写成“名字: 值”，例如 pools: { annual: { law: 第八条, label: 年度限额, per: person_year, amount: "30000.00" } }；写的是一列',
  ],
  ['金额没加引号', 'amount: "60000.00"', 'amount: 60000', '11 pools.annual.amount 金额须加引号，写作 "1234.50"'],
  [
    '金额没写两位小数',
    'amount: "60000.00"',
    'amount: "60000"',
    '11 pools.annual.amount 金额写作 "1234.50"：元，两位小数，加引号',
  ],
  [
    '金额写成了一列',
    'amount: "60000.00"',
    'amount: ["60000.00"]',
    '11 pools.annual.amount 金额写作 "1234.50"，或 { parameter: 名字 }，或 { parameter: 名字, times: "0.15" }；写的是一列',
  ],
  [
    '参数的倍数没加引号',
    '{ parameter: income }',
    '{ parameter: income, times: 2 }',
    '22 benefits[0].deductible.amount.times 倍数须加引号，写作 "0.2"',
  ],
  [
    '参数的名字写法不对，说名字的事',
    '{ parameter: income }',
    '{ parameter: In-come }',
    '22 benefits[0].deductible.amount.parameter 只用小写字母、数字和下划线，以字母开头',
  ],
  ['一列里的一组写成了数', 'ratio: "0.75"', 'rows: [5]', '23 benefits[0].ratio.rows[0] 要写成“键: 值”；写的是5'],
  ['比例没加引号', 'ratio: "0.75"', 'ratio: 0.75', '23 benefits[0].ratio.ratio 比例须加引号，写作 "0.75"'],
  [
    '倍数写成几行，指到那一行',
    'of: policy_scope_self_paid',
    'of: total_cost, times: [{ value: 0.8 }]',
    '21 benefits[0].base.times[0].value 倍数须加引号，写作 "0.2"',
  ],
])('形式写错，用中文说该怎样写：%s', (_name, from, to, wanted) => {
  expect(faultsWhen(from, to)).toContain(`f.yaml:${wanted}`)
})

test('不认识的键，一个不漏；参数写错了键，只说那个键', () => {
  const found = faultsWhen('tier: 1', 'tier: 1\n    teir: 2\n    colour: red')
  expect(found.map((one) => one.split('；')[0])).toEqual([
    'f.yaml:20 benefits[0].teir 不认识的键：teir、colour',
    'f.yaml:21 benefits[0].colour 不认识的键：teir、colour',
  ])
  expect(faultsWhen('{ parameter: income }', '{ parameter: income, time: "2" }')).toEqual([
    'f.yaml:22 benefits[0].deductible.amount.time 不认识的键：time；这里可以写：parameter、times、to、mode',
  ])
})

test('两处金额写错，各说各的一次，别的毛病照说', () => {
  const body = GOOD_BODY.replace('amount: "60000.00"', 'amount: { para: income }')
    .replace('{ parameter: income }', '{ parameter: 5 }')
    .replace('tier: 1', 'tire: 1')
  expect(
    faultsOf(body)
      .map((one) => one.split(/[，；]/)[0])
      .toSorted(),
  ).toEqual([
    'f.yaml:11 pools.annual.amount 金额写作 "1234.50"',
    'f.yaml:17 benefits[0].tier 缺少这一项',
    'f.yaml:19 benefits[0].tire 不认识的键：tire',
    'f.yaml:22 benefits[0].deductible.amount 金额写作 "1234.50"',
  ])
})

test('参数和倍数都写错，各说各的', () => {
  expect(faultsWhen('{ parameter: income }', '{ parameter: 5, times: 2 }').map((one) => one.split('，')[0])).toEqual([
    'f.yaml:22 benefits[0].deductible.amount 金额写作 "1234.50"',
    'f.yaml:22 benefits[0].deductible.amount.times 倍数须加引号',
  ])
})

const amountsAs = (written: string) => {
  const source = readYaml(
    `scheme: a\ncases: [{ name: 一, bill: { amounts: ${written} }, expect: { assistance: "0.00" } }]`,
    'c',
  )
  if (!('value' in source)) throw new Error('not read')
  const parsed = checkShape(source, casesSchema)
  return 'faults' in parsed ? parsed.faults.map((one) => one.message) : []
}

test('例子里金额的名字写错，列出能写的', () => {
  expect(amountsAs('{ total: "1.00" }')).toEqual([`不认识的键：total；这里可以写：${AMOUNTS.join('、')}`])
  expect(amountsAs('"1.00"')).toEqual(['要写成“名字: 值”，例如 amounts: { total_cost: "1000.00" }；写的是文字 "1.00"'])
})
