import { expect, test } from 'vitest'
import { infnoAt, plainInfno, SERVICE_OF } from './services.ts'

test.each<[string, string | null, string]>([
  ['outpatientDocInfoService/outpatientRregistration', '2201', '规范里的错字'],
  ['outpatientDocInfoService/outpatientRegistration', '2201', '改正了的'],
  ['outpatientDocInfoService/outpatientMdtrtinfoUpA', '2203A', '新版'],
  ['outpatientSettleService/preSettletment', '2206', '规范里的错字'],
  ['outpatientSettleService/saveSettletmentV2', '2207', '新版'],
  ['outpatientSettleService/saveSettletment', '2207', '旧版'],
  ['outpatientSettleService/cancleSettletment', '2208', '规范里的错字'],
  ['outpatientSettleService/cancelSettlement', '2208', '改正了的'],
  ['HOSPSETTSERVICE/settv2', '2304', '大小写不论'],
  ['reverseService/revsMethod', '2601', ''],
  ['catalogqueryservice/queryDataDic', '1901', ''],
  ['outpatientSettleService/none', null, '没有的'],
  ['toString', null, '不是自己的'],
])('%s 是 %s %s', (service, infno) => {
  expect(infnoAt(service)).toBe(infno)
})

test.each([
  ['2207', '/his', 'outpatientSettleService/saveSettletmentV2', '自己没有写，用新版'],
  ['2207', '/his/2207', 'outpatientSettleService/saveSettletmentV2', '自己没有写，用新版'],
  [
    '2207',
    '/fsi/api/outpatientSettleService/saveSettletment',
    'outpatientSettleService/saveSettletment',
    '照它自己写的',
  ],
  ['2203A', '/his', 'outpatientDocInfoService/outpatientMdtrtinfoUpA', '新版有自己的地址'],
  ['2304A', '/his', 'hospSettService/settV2', '没有自己的地址，用四位数字的'],
  ['9999', '/his', '', '不知道的'],
])('%s 从 %s 来，转到 %s：%s', (infno, path, service) => {
  expect(SERVICE_OF(infno, path)).toBe(service)
})

test('字母不算在交易编号的四位数字里', () => {
  expect([plainInfno('2203A'), plainInfno('2207')]).toEqual(['2203', '2207'])
})
