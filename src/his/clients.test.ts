import { describe, expect, test } from 'vitest'
import { refuse } from '../kernel/refusal.ts'
import { CLIENTS, parseAnswer, personStumbles, settlementStumbles, takenForSuccess } from './clients.fixture.ts'
import { answerOf, refusalOf } from './envelope.ts'

const STAMP = { refmsgid: '654002202603121015300000000001', received: 0, answered: 0 }
const all = (success: boolean) => Object.fromEntries(CLIENTS.map((client) => [client.name, success]))

describe('各家系统怎样读答复', () => {
  test('成功：每一家都当作成功', () => expect(takenForSuccess(answerOf({}, STAMP))).toEqual(all(true)))
  test('拒绝：每一家都当作失败', () =>
    expect(takenForSuccess(refusalOf(refuse('person_unknown', 'x'), STAMP))).toEqual(all(false)))

  test.each<[string, string, string, boolean]>([
    ['数字 0', '{"infcode":0,"output":{}}', 'C', false],
    ['成功而有提示', '{"infcode":"0","err_msg":"提示","output":{}}', 'C', false],
    ['-2', '{"infcode":"-2"}', 'A', true],
    ['没有 infcode', '{"code":"1"}', 'I', true],
    ['成功而没有输出', '{"infcode":"0"}', 'J', false],
  ])('为什么这样写：%s', (_, answer, client, success) => {
    expect(CLIENTS.find((one) => one.name.startsWith(client))?.success(parseAnswer(answer))).toBe(success)
  })

  test('空的金额、不是列表的列表，都有人读不下去', () => {
    const output = { setlinfo: { maf_pay: null }, setldetail: null, expContent: {} }
    expect(() => settlementStumbles(JSON.stringify({ output }))).toThrow()
    const rows = { setlinfo: { maf_pay: '' }, setldetail: [{ fund_pay_type: 'A' }], expContent: {} }
    const said = settlementStumbles(JSON.stringify({ output: rows })).join('\n')
    for (const fault of [
      'setlinfo.maf_pay',
      'setldetail[0].fund_pay_type',
      'expContent',
      'medins_setl_id',
      'maf_pay ≠',
    ])
      expect(said).toContain(fault)
    expect(personStumbles('{"output":{"baseinfo":{},"idetinfo":null}}').join('\n')).toMatch(
      /age[\s\S]*insuinfo[\s\S]*idetinfo/,
    )
  })
})
