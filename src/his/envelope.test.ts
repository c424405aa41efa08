import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isRefusal, REFUSALS, type RefusalCode, refuse } from '../kernel/refusal.ts'
import { answerOf, type Envelope, readEnvelope, refmsgidOf, refusalOf, type Stamp, stampTime } from './envelope.ts'
import { errMsgOf, hisAction } from './say-refusal.ts'

const AT = Date.parse('2026-03-12T10:15:30.007+08:00')
const STAMP: Stamp = { refmsgid: refmsgidOf('654002', AT, '0000000042'), received: AT, answered: AT + 1234 }
const message = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  infno: '2207',
  msgid: 'H65400200001202603121015300001',
  mdtrtarea_admvs: '654002',
  insuplc_admdvs: '654002',
  recer_sys_code: 'YBXT',
  dev_no: '',
  dev_safe_info: '',
  cainfo: '',
  signtype: '',
  infver: 'V1.0',
  opter_type: '1',
  opter: '1001',
  opter_name: '收费员',
  inf_time: '2026-03-12 10:15:30',
  fixmedins_code: 'H65400200001',
  fixmedins_name: '伊宁市人民医院',
  sign_no: '',
  input: { data: { psn_no: '1' } },
  ...change,
})
const read = (change: Record<string, unknown> = {}, path: string | null = null): Envelope => {
  const envelope = readEnvelope(message(change), path)
  if (isRefusal(envelope)) throw new Error(envelope.detail)
  return envelope
}
const fault = (change: Record<string, unknown>, path: string | null = null): string => {
  const envelope = readEnvelope(message(change), path)
  if (!isRefusal(envelope)) throw new Error('must be refused')
  expect(envelope.refusal).toBe('his_envelope_invalid')
  return envelope.detail
}

describe('公共参数宽松地读', () => {
  test.each<[string, Record<string, unknown>, Partial<Envelope>]>([
    ['规范写法', {}, { infno: '2207', fixmedins_code: 'H65400200001', input: { data: { psn_no: '1' } } }],
    ['输入是文本里的 JSON', { input: '{"data":{"psn_no":"1"}}' }, { input: { data: { psn_no: '1' } } }],
    ['报文ID没有流水', { msgid: 'H6540020000120260312101530' }, { msgid: 'H6540020000120260312101530' }],
    ['报文ID带横线', { msgid: '240704161004-H41130299901-0056' }, { msgid: '240704161004-H41130299901-0056' }],
    ['报文ID一个字', { msgid: '1' }, { msgid: '1' }],
    ['报文ID补了空格', { msgid: ' 1-2 '.padEnd(40) }, { msgid: '1-2' }],
    ['空的签到号、设备、签名', { sign_no: '', dev_no: null, cainfo: undefined }, { sign_no: '', cainfo: '' }],
    ['任何版本号', { infver: '1' }, { infno: '2207' }],
    ['没有机构编号', { fixmedins_code: undefined }, { fixmedins_code: null }],
    ['机构编号为空', { fixmedins_code: '' }, { fixmedins_code: null }],
    ['机构编号 30 位', { fixmedins_code: 'H'.repeat(30) }, { fixmedins_code: 'H'.repeat(30) }],
    ['多写的键', { serv_code: 'x', recer_admdvs: '654002' }, { infno: '2207' }],
    [
      '数字写成数字',
      { infno: 2207, opter: 1022, sign_no: 651918 },
      { infno: '2207', opter: '1022', sign_no: '651918' },
    ],
    ['带后缀的交易', { infno: '2203A' }, { infno: '2203A' }],
    ['参保地为空', { insuplc_admdvs: '' }, { insuplc_admdvs: '' }],
    ['省级代码和 99 结尾的代码', { insuplc_admdvs: '410000', mdtrtarea_admvs: '654099' }, { insuplc_admdvs: '410000' }],
    ['区划的另一种拼法', { mdtrtarea_admvs: undefined, mdtrtarea_admdvs: '654003' }, { mdtrtarea_admvs: '654003' }],
    ['交易时间相差一个月', { inf_time: '2024-06-05 23:11:59' }, { inf_time: '2024-06-05 23:11:59' }],
  ])('%s', (_, change, expected) => expect(read(change)).toMatchObject(expected))

  test('整个报文留给签名核对', () => expect(read({ serv_sign: 'x' }).parameters).toMatchObject({ serv_sign: 'x' }))

  test.each<[string, unknown, string | null, string]>([
    ['报文没写，用地址的', undefined, '2207', '2207'],
    ['报文为空，用地址的', '', '2203A', '2203A'],
    ['两者相同', '2207', '2207', '2207'],
    ['报文更细，用报文的', '2203A', '2203', '2203A'],
  ])('交易编号：%s', (_, infno, path, expected) => expect(read({ infno }, path).infno).toBe(expected))
})

describe('公共参数有误：说出是哪一项', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['没有报文ID', { msgid: undefined }, /发送方报文ID msgid：缺少/],
    ['报文ID全是空格', { msgid: '   ' }, /msgid：缺少/],
    ['报文ID 31 位', { msgid: 'x'.repeat(31) }, /msgid：须为 1–30 个/],
    ['报文ID是汉字', { msgid: '报文' }, /msgid：须为 1–30 个/],
    ['报文ID丢了位数', { msgid: 2.5e20 }, /msgid：须为文本/],
    ['没有交易编号', { infno: undefined }, /交易编号 infno：缺少/],
    ['交易编号三位', { infno: '220' }, /infno：须为 4 位数字/],
    ['没有输入', { input: undefined }, /交易输入 input：缺少/],
    ['输入是列表', { input: [] }, /input：须为对象/],
    ['输入不是 JSON', { input: '{' }, /input：文本不是合格的 JSON/],
    ['输入是文本里的数字', { input: '1' }, /input：文本中须为 JSON 对象/],
    ['输入嵌套过深', { input: `{"a":${'['.repeat(40)}${']'.repeat(40)}}` }, /input：嵌套超过 32 层/],
    ['机构编号 31 位', { fixmedins_code: 'H'.repeat(31) }, /fixmedins_code：最多 30 个字/],
    ['参保地五位', { insuplc_admdvs: '65400' }, /insuplc_admdvs：须为 6 位数字/],
    ['经办人是对象', { opter: {} }, /经办人 opter：须为文本/],
    ['签名过长', { cainfo: 'x'.repeat(4097) }, /cainfo：最多 4096 个字/],
  ])('%s', (_, change, expected) => expect(fault(change)).toMatch(expected))

  test('不是对象', () => expect(readEnvelope([], null)).toMatchObject({ refusal: 'his_envelope_invalid' }))
  test('与地址不符', () => expect(fault({}, '2304')).toMatch(/报文为 2207，接口地址为 2304/))
  test('几处一起说', () => {
    const detail = fault({ msgid: '', infno: 'x', input: 1, opter: [] })
    for (const name of ['msgid', 'infno', 'input', 'opter']) expect(detail).toContain(name)
  })
  test('说不完的只说有几处，不超过 200 字', () => {
    const long = Object.fromEntries(
      ['dev_no', 'opter', 'opter_name', 'infver', 'sign_no', 'signtype', 'cainfo'].map((k) => [k, {}]),
    )
    const detail = fault({ ...long, msgid: '', infno: '', input: null, inf_time: {}, fixmedins_name: {} })
    expect(detail).toMatch(/等共\d+处$/)
    expect(detail.length).toBeLessThanOrEqual(200)
  })
  test('任何东西都读得下去', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.constantFrom(null, '2207'), (body, path) => void readEnvelope(body, path)))
  })
})

describe('答复', () => {
  test('成功：infcode 是文本 "0"，err_msg 为空，输出是对象', () => {
    expect(JSON.parse(answerOf({ result: { mdtrt_id: '1' } }, STAMP))).toEqual({
      infcode: '0',
      inf_refmsgid: '654002202603121015300000000042',
      refmsg_time: '20260312101530007',
      respond_time: '20260312101531241',
      err_msg: '',
      enctype: '',
      signtype: '',
      cainfo: '',
      warn_msg: '',
      output: { result: { mdtrt_id: '1' } },
    })
    expect(JSON.parse(answerOf(null, STAMP)).output).toEqual({})
  })

  test('拒绝：infcode 是文本 "-1"，没有输出，err_msg 说明办法，代码在末尾', () => {
    const said = JSON.parse(refusalOf(refuse('person_unknown', '登记册中没有尾号 0008 的证件'), STAMP))
    expect(said).toMatchObject({ infcode: '-1', inf_refmsgid: STAMP.refmsgid })
    expect(said).not.toHaveProperty('output')
    expect(said.err_msg).toBe(
      '登记册中没有尾号 0008 的证件。请核对证件号；确有困难的，请患者向户籍地乡镇（街道）申请救助 [person_unknown]',
    )
  })

  test('原因里已经说了怎么办的，不再说一遍', () =>
    expect(errMsgOf(refuse('reversed_before_arrival', '该报文已被冲正，请换新的msgid重新办理'))).toBe(
      '该报文已被冲正，请换新的msgid重新办理。 [reversed_before_arrival]',
    ))

  test('接收方报文ID不超过 30 位', () => expect(refmsgidOf('654002', AT, '01234567890123')).toHaveLength(30))
  test('时间是北京时间，到毫秒', () =>
    expect(stampTime(Date.parse('2026-12-31T16:00:00.000Z'))).toBe('20270101000000000'))

  test.each(Object.keys(REFUSALS) as RefusalCode[])('%s：不超过 200 字，从不为空，不说 JSON 接口的行话', (code) => {
    for (const detail of ['', '原因', '很长'.repeat(300), '𠮷'.repeat(300), 'a\nb']) {
      const text = errMsgOf(refuse(code, detail))
      expect(text.length).toBeLessThanOrEqual(200)
      expect(text.isWellFormed()).toBe(true)
      expect(text).not.toMatch(/\n/)
      expect(text.endsWith(`${hisAction(code)} [${code}]`)).toBe(true)
      expect(text.length).toBeGreaterThan(hisAction(code).length + code.length + 4)
    }
    expect(hisAction(code)).not.toMatch(/幂等键|Location|Retry-After|errors/)
  })

  test('有几处错误的，能说几处说几处', () => {
    const errors = Array.from({ length: 30 }, (_, i) => ({ path: `p${i}`, message: `第${i}处有误须改正` }))
    const text = errMsgOf(refuse('his_input_invalid', 'x', { errors }))
    expect(text).toMatch(/^第0处有误须改正；第1处有误须改正；.*等共30处。请按提示改正后/)
    expect(text.length).toBeLessThanOrEqual(200)
  })
})
