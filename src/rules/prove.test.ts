import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { benefitBody, documentOf, ONLY_INPATIENT } from './example.ts'
import { keyOf, proveDraft, readDraft, type VersionText } from './prove.ts'

const SOUND = documentOf(benefitBody('    ratio: { law: 第八条, ratio: "0.75" }', ONLY_INPATIENT))
const CODES = 'codes: codes-a\narea: "410200"\nstart: "2024-01-01"\ntitle: 甲\nsource: 乙\ntables: {}\n'

const NATION = readFileSync(new URL('../../rules/codes-national/2021-01-01.yaml', import.meta.url), 'utf8')

/** The sound text with a number of replacements, each of which must be there to be replaced. */
const changed = (...pairs: readonly (readonly [string, string])[]): string =>
  pairs.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`no such text: ${from}`)
    return text.replace(from, to)
  }, SOUND)
const kept = (scheme: string, version: string, text: string): VersionText => ({ scheme, version, text })
const proved = (text: string, inForce: readonly VersionText[] = []): readonly string[] =>
  proveDraft(text, inForce).map((one) => `${one.file}:${one.line} ${one.path} ${one.message.split('；')[0]}`)

describe('一份文本单独读', () => {
  test('办法和码表各按自己的读，名下收在哪里', () => {
    const keys = [SOUND, CODES].map((text) => {
      const read = readDraft(text)
      return 'document' in read ? keyOf(read.document) : read.faults
    })
    expect(keys).toEqual(['example', 'codes-a'])
  })

  test.each([
    ['办法', SOUND.replace('choose:', 'chose:'), ['draft:1 choose 缺少这一项', 'draft:9 chose 不认识的键：chose']],
    ['码表', CODES.replace('source:', 'sauce:'), ['draft:1 source 缺少这一项', 'draft:5 sauce 不认识的键：sauce']],
  ])('%s写错的，指到行，别的不再查', (_kind, text, faults) => {
    expect(proved(text, [kept('other', '2020-01-01', changed(['scheme: example', 'scheme: other']))])).toEqual(faults)
  })
})

describe('办法放到现行各份中间', () => {
  test('没有毛病的，什么也不说', () => expect(proved(SOUND)).toEqual([]))

  test('自己的毛病：指到行，带上看得出毛病的账单', () => {
    const text = changed(['ratio: "0.75"', 'rows: [{ hospital_level: 1, ratio: "0.75" }]'])
    expect(proved(text)).toEqual([
      'example/2024-01-01.yaml:17 benefits[0].ratio.rows “住院救助”的救助比例 ratio 的 rows 里没有一行管这张账单（第八条）：医院级别 2',
    ])
    expect(proveDraft(text, [])[0]?.bill).toContain('特困人员')
    const before = kept('example', '2022-01-01', changed(['2024-01-01', '2022-01-01']))
    expect(proved(text, [before])).toEqual(proved(text))
  })

  test('参保地已由别的办法管：指到那一个参保地，说出是谁；自己原来管的不算', () => {
    const text = changed(['["410200"]', '["410100", "410200", "410300"]'])
    const other = kept(
      'other',
      '2020-01-01',
      changed(['scheme: example', 'scheme: other'], ['2024-01-01', '2020-01-01']),
    )
    expect(proved(text, [other])).toEqual(['example/2024-01-01.yaml:5 jurisdiction[1] 参保地 410200 已由 other 管辖'])
    expect(proved(text, [kept('example', '2020-01-01', changed(['2024-01-01', '2020-01-01']))])).toEqual([])
    expect(proved(changed(['["410200"]', '["410100"]']), [other])).toEqual([])
    expect(proved(SOUND, [kept('codes-a', '2024-01-01', CODES)])).toEqual([])
  })

  test('别的办法现在读不懂了，不碍这一份', () => {
    expect(proved(SOUND, [kept('other', '2020-01-01', 'scheme: other\n')])).toEqual([])
  })

  test('换版时两边都不管的账单：不论起草的是前一份还是后一份，都指到后一份的 dated_by', () => {
    const before = changed(['2024-01-01', '2022-01-01'], ['title:', 'dated_by: settlement_date\ntitle:'])
    const after = changed(['title:', 'dated_by: discharge_date\ntitle:'])
    const fault = {
      file: 'example/2024-01-01.yaml',
      line: 3,
      path: 'dated_by',
      message: '换版时有账单两边都不管：前后两份的 dated_by 对不上',
      bill: '入院 2023-12-31，出院 2023-12-31，结算 2024-01-01',
    }
    expect(proveDraft(after, [kept('example', '2022-01-01', before)])).toEqual([fault])
    expect(proveDraft(before, [kept('example', '2024-01-01', after)])).toEqual([fault])
    expect(proved(after, [kept('other', '2022-01-01', before.replace('scheme: example', 'scheme: other'))])).toEqual([
      'example/2024-01-01.yaml:6 jurisdiction[0] 参保地 410200 已由 other 管辖',
    ])
  })

  test('改正已公布的同一份：旧的那份不再看', () => {
    const leaky = changed(['ratio: "0.75"', 'rows: [{ hospital_level: 1, ratio: "0.75" }]'])
    expect(proved(SOUND, [kept('example', '2024-01-01', leaky)])).toEqual([])
    expect(proved(leaky, [kept('example', '2024-01-01', SOUND)])).toHaveLength(1)
  })
})

describe('码表放到现行各份中间', () => {
  const shelf = [kept('codes-national', '2021-01-01', NATION)]

  test('改正已公布的同一份：旧的那份不再看', () => {
    expect(proved(CODES, [...shelf, kept('codes-a', '2024-01-01', `${CODES}odd: 1\n`)])).toEqual([])
  })

  test('只说自己的毛病，不说别的办法的', () => {
    const leaky = changed(['ratio: "0.75"', 'rows: [{ hospital_level: 1, ratio: "0.75" }]'], ['choose:', 'chose:'])
    expect(proved(CODES, [...shelf, kept('example', '2024-01-01', leaky)])).toEqual([])
  })
})
