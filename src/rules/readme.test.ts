import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkFiles } from './check.ts'
import { codesFor } from './codes.ts'
import { MEANINGFUL, PAYERS } from './codes-schema.ts'
import { documentOf } from './example.ts'
import { readDirectory } from './files.ts'
import { parseVersion } from './parse.ts'
import { REASON_CODES, reasonText } from './reasons.ts'
import { AMOUNT_WORDS } from './words.ts'

const readme = readFileSync(new URL('../../rules/README.md', import.meta.url), 'utf8')
const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text)
const blockWith = (...words: readonly string[]): string => {
  const found = blocks.find((text) => words.every((word) => text.includes(word)))
  if (found === undefined) throw new Error(`no example with ${words.join(', ')}`)
  return found
}

test('说明里的原因代码表，与代码逐字相同', () => {
  const [, table = ''] = readme.split('\n### 原因代码\n')
  const rows = [...(table.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)` \| (.*) \|$/gm)]
  expect(rows.map(([, code, text]) => [code, text])).toEqual(REASON_CODES.map((code) => [code, reasonText(code)]))
})

test('说明里的码表例子，与全国的放在一起通过检查', () => {
  const national = readDirectory('rules').filter((one) => one.path.startsWith('codes-national/'))
  const example = { path: 'codes-kaifeng/2025-01-01.yaml', text: blockWith('codes: codes-kaifeng') }
  const checked = checkFiles([...national, example])
  expect(checked.faults).toEqual([])
  const codes = codesFor(checked.codes, '410200', '2025-01-01')
  expect([codes?.careOf('2102'), codes?.careOf('9901'), codes?.careOf('53'), codes?.levelCode(3)]).toEqual([
    { care_type: 'inpatient' },
    { care_type: 'outpatient_serious' },
    null,
    '11',
  ])
})

test('说明里列出每个有意思的码表和每种付款人', () => {
  const [, section = ''] = readme.split('\n## 接口的码表\n')
  for (const word of [...MEANINGFUL, ...PAYERS]) expect(section.split('\n## ')[0], word).toContain(`\`${word}\``)
})

test('说明里每个可以点名的数都有', () => {
  for (const word of AMOUNT_WORDS) expect(readme, word).toContain(`\`${word}\``)
})

test('说明里的完整例子和它的例子账单，通过检查', () => {
  const checked = checkFiles([
    { path: 'kaifeng/2024-01-01.yaml', text: blockWith('scheme: kaifeng', 'benefits:') },
    { path: 'kaifeng/cases.yaml', text: blockWith('scheme: kaifeng', 'cases:') },
  ])
  expect([checked.faults, checked.cases]).toEqual([[], 5])
})

const bodyOf = (pools: string, limits: string): string =>
  documentOf(`${pools}
diseases: { cancer: { law: 附, label: 癌, diagnoses: [C] } }
benefits:
  - { key: a, label: 甲, tier: 1, applies: { law: 五 }, base: { law: 六, of: total_cost }, ${limits} }`)

test('说明里限额池的例子都读得懂', () => {
  const grown = blockWith('全年自付过五万')
  const nested = blockWith('dialysis').split('\n# 用法')
  const limits = nested[1]?.split('\n').find((line) => line.startsWith('limits:'))
  expect(parseVersion(bodyOf(grown, 'limits: { law: 九, pools: [annual] }'), 'f')).not.toHaveProperty('faults')
  expect(parseVersion(bodyOf(nested[0] ?? '', limits ?? ''), 'f')).not.toHaveProperty('faults')
})

test('同一段用引用写两遍', () => {
  const rates = (rows: string) => `ratio: { law: 八, rows: ${rows} } }`
  const text = documentOf(`benefits:
  - { key: a, label: 甲, tier: 1, applies: { law: 五 }, base: { law: 六, of: total_cost }, ${rates('&rates [{ category: dibao, ratio: "0.5" }, { ratio: "1" }]')}
  - { key: b, label: 乙, tier: 1, applies: { law: 五 }, base: { law: 六, of: total_cost }, ${rates('*rates')}`)
  const parsed = parseVersion(text, 'f')
  expect('document' in parsed && 'benefits' in parsed.document && parsed.document.benefits[1]?.ratio?.rows).toEqual([
    { category: 'dibao', ratio: '0.5' },
    { ratio: '1' },
  ])
})
