import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { message, publishCodes, refusedFor } from '../../test/his-message.ts'
import { done, OPERATOR } from '../../test/people.ts'
import { ask, HOSPITAL, OTHER_HOSPITAL, openWorld, type Terminal, type World } from '../../test/world.ts'
import { createAuthenticate } from '../door/authenticate.ts'
import { createDoors, type Doors } from '../door/door.ts'
import { createExplain, guard } from '../door/guard.ts'
import { createMetrics } from '../door/metrics.ts'
import { createNonces } from '../door/nonces.ts'
import { createSignatureCheck } from '../door/signature.ts'
import { setHis } from '../hospitals/set-his.ts'
import { refuse } from '../kernel/refusal.ts'
import { OutcomeUnknown, Overloaded } from '../store/store.ts'
import { hisRoutes } from './routes.ts'
import type { HisCall, Said, Transaction } from './transaction.ts'

const NAME = '阿依古丽'

eachEngine((engine, open) => {
  let w: World
  let doors: Doors
  let heard: HisCall | null
  let unknown = 0
  let figures: () => Promise<string>

  /** One transaction for each thing that may come of one. */
  const transaction = (infno: string, run: () => Promise<Said>): Transaction => ({
    infno,
    name: infno,
    run(call) {
      heard = call
      return run()
    },
  })
  const thrown = (error: Error) => () => Promise.reject(error)
  const ALL = [
    transaction('1000', async () => ({ output: { a: 1 } })),
    transaction('1001', async () => ({ output: null })),
    transaction('1002', async () => ({ text: '{"infcode":0,"output":{"b":2}}' })),
    transaction('1003', async () => ({ bytes: Uint8Array.from([80, 75, 3, 4]), media: 'application/octet-stream' })),
    transaction('1004', async () => refuse('person_unknown', '登记册中没有此人')),
    transaction('1005', thrown(new Error(`no such column: ${NAME}`))),
    transaction('1006', thrown(new OutcomeUnknown('commit'))),
    transaction('1007', thrown(new Overloaded('full'))),
    transaction('1008', () => new Promise(() => undefined)),
  ]

  beforeAll(async () => {
    w = await openWorld(engine, open)
    await publishCodes(w)
    await done(setHis(w.service.deps, OPERATOR, { code: OTHER_HOSPITAL, mode: 'in_between' }))
    await w.service.deps.directory.now()
    const deps = { ...w.service.deps, onUnknownOutcome: () => void unknown++ }
    const firstUse = createNonces()
    const checkSignature = createSignatureCheck(deps.keys, deps.now, firstUse)
    const [explain, metrics] = [createExplain(deps), createMetrics()]
    doors = createDoors(createAuthenticate(deps.directory, checkSignature), metrics, deps.log, explain)
    const between = async ({ envelope: { infno } }: HisCall) => (infno === '1101' ? { output: { passed: 'on' } } : null)
    hisRoutes(doors, deps, { checkSignature, firstUse, transactions: ALL, otherwise: between })
    guard(doors, explain)
    figures = metrics.text
  })
  afterEach(() => vi.useRealTimers())

  const send = (infno: string, change: { as?: Terminal; path?: string; headers?: Record<string, string> } = {}) => {
    const { as = w.terminal, path = '/his', headers = {} } = change
    const body = message(infno, { data: { psn_name: NAME } }, { fixmedins_code: '' })
    return ask(doors.hono, 'POST', path, { body, headers: { apikey: as.key, ...headers } })
  }

  describe('交易说什么，门外就听到什么', () => {
    test('输出放进信封；没有输出的，是空对象', async () => {
      expect((await send('1000')).json).toMatchObject({ infcode: '0', err_msg: '', output: { a: 1 } })
      expect((await send('1001')).json).toMatchObject({ infcode: '0', output: {} })
    })

    test('整份答复原样出去', async () => {
      const answer = await send('1002')
      expect([answer.status, answer.text]).toEqual([200, '{"infcode":0,"output":{"b":2}}'])
    })

    test('文件是字节', async () => {
      const answer = await send('1003')
      expect([answer.status, answer.headers.get('content-type'), answer.text]).toEqual([
        200,
        'application/octet-stream',
        'PK\u0003\u0004',
      ])
    })

    test('拒绝写成收费员的话，代码在末尾', async () => {
      const { json } = await send('1004')
      expect(json.err_msg).toMatch(/^登记册中没有此人。.*\[person_unknown\]$/)
    })

    test('不在名单里的，先问别处；别处也不知道的，拒绝', async () => {
      expect((await send('1101')).json.output).toEqual({ passed: 'on' })
      expect(refusedFor(await send('1102'))).toBe('his_unknown_infno')
    })
  })

  describe('说不清结果的，一律“结果未知”', () => {
    test.each([
      ['1005', '程序出错'],
      ['1006', '提交时出错'],
    ])('%s：%s', async (infno) => {
      w.log.length = 0
      const answer = await send(infno)
      expect(answer.json.err_msg).toMatch(/^结果未知.*2601.*\[outcome_unknown\]$/)
      expect(answer.json.inf_refmsgid).toMatch(/^654002/)
      expect(answer.text + w.log.join('')).not.toContain(NAME)
    })

    test('提交时出错的，叫停服务', async () => {
      const before = unknown
      await send('1006')
      expect(unknown).toBe(before + 1)
    })

    test('数据库不可用：先结医保的，没有写入；居中的，平台可能已经办了', async () => {
      expect(refusedFor(await send('1007'))).toBe('overloaded')
      expect(refusedFor(await send('1007', { as: w.stranger }))).toBe('outcome_unknown')
    })

    test('超过 45 秒', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      heard = null
      const answer = send('1008')
      await vi.waitUntil(() => heard !== null)
      await vi.advanceTimersByTimeAsync(44_900)
      expect(await Promise.race([answer, Promise.resolve('waiting')])).toBe('waiting')
      await vi.advanceTimersByTimeAsync(200)
      expect((await answer).json.err_msg).toMatch(/^结果未知：超过 45 秒没有完成。.*\[outcome_unknown\]$/)
    })

    test('计数按含义，不按一律的 200', async () => {
      await send('1006')
      expect(await figures()).toMatch(/http_requests_total\{operation="his.1006",status="503"\} \d/)
    })
  })

  describe('交易听到什么', () => {
    test('终端、信封、代码表、原文', async () => {
      await send('1000')
      expect(heard).toMatchObject({
        terminal: { id: w.terminal.id, hospital: HOSPITAL },
        caller: { kind: 'terminal', id: w.terminal.id },
        envelope: { infno: '1000', fixmedins_code: null, input: { data: { psn_name: NAME } } },
        at: w.clock,
        path: '/his',
      })
      expect(JSON.parse(Buffer.from(heard?.raw ?? []).toString())).toEqual(heard?.envelope.parameters)
      expect(heard?.codes.levelCode(2)).toMatch(/^\d+$/)
      expect(heard?.stamp()).toMatchObject({ received: w.clock, answered: w.clock })
      expect(heard?.stamp().refmsgid).not.toBe(heard?.stamp().refmsgid)
    })

    test.each(['/his/1000', '/fsi/api/outpatientSettleService/anything'])('地址 %s 原样', async (path) => {
      await send('1000', { path })
      expect(heard?.path).toBe(path)
    })

    test('转给平台的请求头：平台自己的那几个；我们发的密钥不外传', async () => {
      const headers = { 'x-tif-paasid': 'p', 'x-tif-nonce': 'n', 'x-ca-key': 'k', cookie: 'c', 'x-other': 'o' }
      await send('1000', { headers })
      expect(heard?.forward).toEqual({ 'x-tif-paasid': 'p', 'x-tif-nonce': 'n', 'x-ca-key': 'k' })
    })
  })
})
