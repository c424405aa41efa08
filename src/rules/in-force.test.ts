import { expect, test } from 'vitest'
import { isRefusal } from '../kernel/refusal.ts'
import { compileText } from './compile.ts'
import { documentOf } from './example.ts'
import { dayBy, gatherSchemes, inForce, schemeFor, versionOn } from './in-force.ts'
import { placeOf, trimPlace } from './scene.ts'

const BENEFITS = 'benefits: [{ key: a, label: 甲, tier: 1, applies: { law: 五 }, base: { law: 六, of: total_cost } }]'
const version = (scheme: string, start: string, more = '', codes = '["410200"]') =>
  compileText(
    documentOf(`${more}\n${BENEFITS}`)
      .replace('scheme: example', `scheme: ${scheme}`)
      .replace('2024-01-01', start)
      .replace('["410200"]', codes),
    `${scheme}/${start}.yaml`,
  )
const repeal = compileText(
  'scheme: a\nstart: "2025-01-01"\ntitle: 废止\nrepealed: true\ndocument: { number: 一, source: 二 }\njurisdiction: ["410200"]',
  'a/2025-01-01.yaml',
)

const days = (admitted_on: string, discharged_on = admitted_on, settled_on = discharged_on) => ({
  admitted_on,
  discharged_on,
  settled_on,
})
const chosen = (versions: Parameters<typeof gatherSchemes>[0], stay: ReturnType<typeof days>, place = '410200') => {
  const found = inForce(gatherSchemes(versions), place, stay)
  return isRefusal(found)
    ? `${found.refusal}：${found.detail}`
    : `${found.scheme.key} ${found.version.version} ${found.business_day} ${found.year}`
}

test('版本按开始日：前一份到后一份的前一天为止', () => {
  const versions = [version('a', '2024-03-01'), version('a', '2023-01-01'), repeal]
  expect(gatherSchemes(versions)[0]?.versions.map((one) => one.version)).toEqual([
    '2023-01-01',
    '2024-03-01',
    '2025-01-01',
  ])
  expect(chosen(versions, days('2022-12-31'))).toBe('no_rule_in_force：a 在 2022-12-31 没有生效的救助办法')
  expect(chosen(versions, days('2023-01-01'))).toBe('a 2023-01-01 2023-01-01 2023')
  expect(chosen(versions, days('2024-02-29'))).toBe('a 2023-01-01 2024-02-29 2024')
  expect(chosen(versions, days('2024-03-01'))).toBe('a 2024-03-01 2024-03-01 2024')
  expect(chosen(versions, days('2024-12-31'))).toBe('a 2024-03-01 2024-12-31 2024')
  expect(chosen(versions, days('2025-01-01'))).toBe('no_rule_in_force：a 在 2025-01-01 没有生效的救助办法')
})

test('跨年跨版的住院按出院日、入院日或结算日', () => {
  const stay = days('2023-12-30', '2024-01-02', '2024-01-05')
  expect(chosen([version('a', '2023-01-01'), version('a', '2024-01-01')], stay)).toBe('a 2024-01-01 2024-01-02 2024')
  expect(chosen([version('a', '2023-01-01'), version('a', '2024-01-01', 'dated_by: admission_date')], stay)).toBe(
    'no_rule_in_force：a 在 2024-01-02 没有生效的救助办法',
  )
  expect(
    chosen(
      [version('a', '2023-01-01', 'dated_by: admission_date'), version('a', '2024-01-01', 'dated_by: admission_date')],
      stay,
    ),
  ).toBe('a 2023-01-01 2023-12-30 2024')
  expect(chosen([version('a', '2023-01-01', 'dated_by: settlement_date\nyear_by: admission_date')], stay)).toBe(
    'a 2023-01-01 2024-01-05 2023',
  )
  const straddling = [version('a', '2023-01-01'), version('a', '2024-01-03', 'dated_by: settlement_date')]
  expect(chosen(straddling, stay)).toBe('a 2024-01-03 2024-01-05 2024')
})

test('业务日', () => {
  const stay = days('2024-01-01', '2024-01-02', '2024-01-03')
  expect([dayBy('admission_date', stay), dayBy('discharge_date', stay), dayBy('settlement_date', stay)]).toEqual([
    '2024-01-01',
    '2024-01-02',
    '2024-01-03',
  ])
})

test('参保地：最具体的办法优先', () => {
  const schemes = gatherSchemes([
    version('region', '2023-01-01', '', '["650000"]'),
    version('county', '2023-01-01', '', '["654002"]'),
    version('prefecture', '2023-01-01', '', '["654000"]'),
  ])
  const found = (place: string) => schemeFor(schemes, place)?.key
  expect([found('654002'), found('654021'), found('654000'), found('653101'), found('410200')]).toEqual([
    'county',
    'prefecture',
    'prefecture',
    'region',
    undefined,
  ])
  expect(inForce(schemes, '410200', days('2024-01-01'))).toMatchObject({
    refusal: 'no_scheme',
    detail: '参保地 410200 没有救助办法',
  })
  expect(versionOn(schemes[0] as (typeof schemes)[number], '2022-12-31')).toBeUndefined()
})

test('代码去掉空的一对一对', () => {
  expect(['654002', '654000', '650000', '654010', '650100'].map(trimPlace)).toEqual([
    '654002',
    '6540',
    '65',
    '654010',
    '6501',
  ])
})

test('医院在哪里', () => {
  expect(placeOf('654002', '654002')).toBe('in_county')
  expect(placeOf('654000', '654021')).toBe('in_county')
  expect(placeOf('654002', '654021')).toBe('in_prefecture')
  expect(placeOf('654002', '654000')).toBe('in_prefecture')
  expect(placeOf('654002', '650102')).toBe('in_province')
  expect(placeOf('654002', '110101')).toBe('out_of_province')
  expect(placeOf('650000', '653101')).toBe('in_county')
})
