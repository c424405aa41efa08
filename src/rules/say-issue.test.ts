import { expect, test } from 'vitest'
import { casesSchema } from './cases.ts'
import { AMOUNTS } from './claim.ts'
import { faultsWhen } from './example.ts'
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
])('形式写错，用中文说该怎样写：%s', (_name, from, to, wanted) => {
  expect(faultsWhen(from, to)).toContain(`f.yaml:${wanted}`)
})

test('例子里金额的名字写错，列出能写的', () => {
  const source = readYaml(
    'scheme: a\ncases: [{ name: 一, bill: { amounts: { total: "1.00" } }, expect: { assistance: "0.00" } }]',
    'c',
  )
  if (!('value' in source)) throw new Error('not read')
  const parsed = checkShape(source, casesSchema)
  expect('faults' in parsed ? parsed.faults.map((one) => one.message) : []).toEqual([
    `不认识的键：total；这里可以写：${AMOUNTS.join('、')}`,
  ])
})
