import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Overloaded } from '../store/store.ts'
import { handOnAdding } from './merging.ts'
import type { Node } from './read-node.ts'
import type { HisCall, Said } from './transaction.ts'

const STAMP = { refmsgid: '654002202611011000000000000001', received: 0, answered: 0 }
let platform: Server
let call: HisCall
let said: string
beforeAll(async () => {
  platform = createServer((_, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(said)
  })
  await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve))
  const { port } = platform.address() as AddressInfo
  const upstream = { admdvs: '654002', url: `http://127.0.0.1:${port}`, style: 'one', timeout_ms: 1000 }
  call = {
    terminal: { id: 'T1', hospital: 'H1' },
    envelope: { infno: '1101' },
    forward: {},
    path: '/his',
    raw: Buffer.from('{}'),
    directory: { hospitals: new Map([['H1', { admdvs: '654002' }]]), upstreams: new Map([['654002', upstream]]) },
    stamp: () => STAMP,
  } as unknown as HisCall
})
afterAll(() => void platform.close())

const answer = (change: object = {}) =>
  JSON.stringify({
    infcode: 0,
    inf_refmsgid: 'P1',
    refmsg_time: '20261101100000000',
    respond_time: '20261101100000001',
    signtype: 'SM2',
    cainfo: 'signed',
    err_msg: null,
    warn_msg: '提示',
    output: { a: 1 },
    ...change,
  })
beforeEach(() => {
  said = answer()
})
const added = async (output: Node): Promise<Node> => ({ ...output, b: 2 })
const textOf = (heard: Said): string => ('text' in heard ? heard.text : JSON.stringify(heard))

test('加了东西的答复：号码、时间、提示照旧，结果码是文本，没有错误信息，不带已不符的签名', async () => {
  expect(JSON.parse(textOf(await handOnAdding(call, added)))).toEqual({
    infcode: '0',
    inf_refmsgid: 'P1',
    refmsg_time: '20261101100000000',
    respond_time: '20261101100000001',
    err_msg: '',
    enctype: '',
    signtype: '',
    cainfo: '',
    warn_msg: '提示',
    output: { a: 1, b: 2 },
  })
})

test('平台没有写号码的，用我们的；输出是文本的，读出来再加', async () => {
  said = JSON.stringify({ infcode: '0', inf_refmsgid: null, output: '{"a":1}' })
  const heard = JSON.parse(textOf(await handOnAdding(call, added)))
  expect([heard.inf_refmsgid, heard.output]).toEqual([STAMP.refmsgid, { a: 1, b: 2 }])
})

test('不加什么的、平台拒绝的、我们自己的账一时读不了的：一字不改', async () => {
  expect(textOf(await handOnAdding(call, async () => null))).toBe(said)
  const overloaded = () => Promise.reject(new Overloaded('full'))
  expect(textOf(await handOnAdding(call, overloaded))).toBe(said)
  said = answer({ infcode: -1, err_msg: '不行', output: undefined })
  expect(textOf(await handOnAdding(call, added))).toBe(said)
})

test('程序出错不算读不了', async () => {
  await expect(handOnAdding(call, () => Promise.reject(new Error('bug')))).rejects.toThrow('bug')
})
