import { setTimeout as wait } from 'node:timers/promises'
import { signMessage } from '../sign.ts'
import { billOf, type Sketch } from './bill.ts'
import { cutAfterSending, cutWhileSending } from './cables.ts'
import { type Case, type Check, Skipped } from './case.ts'
import type { Who } from './people.ts'
import { got, type NativeStage, newKey, type Said } from './stage.ts'

/** 第十一条 4000.00 × 75%. */
const PAYS = '3000.00'
const AMOUNTS = { total_cost: '10000.00', policy_scope_cost: '10000.00', basic_insurance_paid: '6000.00' }
const plain = (stage: NativeStage, who: Who = 'dibao_40', more: Partial<Sketch> = {}) =>
  billOf({ who, amounts: AMOUNTS, ...more }, stage.billNo())
const lookUp = (stage: NativeStage, key: string): Promise<Said> => stage.get(`/v1/settlements?request_key=${key}`)

const settledOnce = (check: Check, said: Said): void => {
  check.same('HTTP 状态', said.status, 201)
  check.same('救助金额', said.json.assistance_paid, PAYS)
}
const refused = (check: Check, said: Said, status: number, code: string): void => {
  check.same('HTTP 状态', said.status, status)
  check.same('拒绝代码', said.json.code, code)
  check.holds('拒绝有下一步', String(said.json.action ?? '') !== '', '没有 action')
}

const PART = '原生接口 · 断线与重复'
const KEEP_KEY = '发送之前先生成幂等键并写入本地日志；没有得到答复就用同一个键、同一份内容重发，绝不换键。'

const CASES: readonly Omit<Case<NativeStage>, 'part'>[] = [
  {
    id: 'N501',
    title: '发送后断线：按幂等键查到，同一键重发得到唯一结果',
    duty: KEEP_KEY,
    async run(stage, check) {
      const [bill, key] = [plain(stage), newKey()]
      await stage.settle(bill, { key, write: cutAfterSending })
      let found = await lookUp(stage, key)
      for (let n = 0; n < 40 && found.status === 404; n++) {
        await wait(50)
        found = await lookUp(stage, key)
      }
      const again = got(await stage.settle(bill, { key }))
      settledOnce(check, again)
      check.holds('断线前已送达', found.status === 200, '请求没有到达服务：代理可能等收完答复才转发')
      if (found.status === 200) {
        check.same('查到的和重发得到的是同一笔', found.json.settlement_no, again.json.settlement_no)
        check.holds('重发是原答复', again.replayed, '答复头没有 Idempotent-Replayed: true')
      }
    },
  },
  {
    id: 'N502',
    title: '发送途中断线：没有入账，同一键重发结一次',
    duty: KEEP_KEY,
    async run(stage, check) {
      const [bill, key] = [plain(stage), newKey()]
      await stage.settle(bill, { key, write: cutWhileSending })
      await wait(200)
      check.same('断线后查询', (await lookUp(stage, key)).status, 404)
      const again = got(await stage.settle(bill, { key }))
      settledOnce(check, again)
      check.holds('这是第一次结算', !again.replayed, '半份请求竟已入账')
    },
  },
  {
    id: 'N503',
    title: '同一键重发三次：逐字节相同的答复',
    duty: '收到重放的答复按原结果处理，不再打印第二张结算单、不再收第二次钱。',
    async run(stage, check) {
      const [bill, key] = [plain(stage), newKey()]
      const first = got(await stage.settle(bill, { key }))
      settledOnce(check, first)
      for (let n = 0; n < 3; n++) {
        const again = got(await stage.settle(bill, { key }))
        check.holds(`第 ${n + 1} 次重发`, again.replayed && again.text === first.text, '答复和第一次不同')
      }
    },
  },
  {
    id: 'N504',
    title: '同一键同时提交八次：只结一笔',
    duty: '收费员连点按钮时，同一张账单沿用同一个幂等键。',
    async run(stage, check) {
      const [bill, key] = [plain(stage), newKey()]
      const all = (await Promise.all(Array.from({ length: 8 }, () => stage.settle(bill, { key })))).map(got)
      check.same('八个答复说的是同一笔', new Set(all.map((a) => a.text)).size, 1)
      check.same('首次一个，重放七个', all.filter((a) => a.replayed).length, 7)
      for (const one of all.slice(0, 1)) settledOnce(check, one)
    },
  },
  {
    id: 'N505',
    title: '两个窗口用不同的键同时结同一张账单：一个办成，一个被告知已结',
    duty: '收到 bill_already_settled 时按 Location 取原结算，不要退款重结。',
    async run(stage, check) {
      const bill = plain(stage)
      const both = (await Promise.all([stage.settle(bill), stage.settle(bill)])).map(got)
      check.same('两个状态', both.map((b) => b.status).sort(), [201, 409])
      const [done, no] = [both.find((b) => b.status === 201), both.find((b) => b.status === 409)]
      check.same('拒绝代码', no?.json.code, 'bill_already_settled')
      check.same('Location 指向原结算', no?.location, `/v1/settlements/${done?.json.settlement_no}`)
    },
  },
  {
    id: 'N506',
    title: '结过的账单换键再结：拒绝，并指出原结算',
    duty: '要改已结的账单，先整笔冲销，再用新的键结算。',
    async run(stage, check) {
      const bill = plain(stage)
      const first = got(await stage.settle(bill))
      const again = got(await stage.settle(bill))
      refused(check, again, 409, 'bill_already_settled')
      check.same('Location', again.location, `/v1/settlements/${first.json.settlement_no}`)
    },
  },
  {
    id: 'N507',
    title: '旧键换内容、旧键给另一位患者：都拒绝',
    duty: '内容变了就换新的幂等键；键不能取时间戳到秒一类会重复的东西。',
    async run(stage, check) {
      const [bill, key] = [plain(stage), newKey()]
      got(await stage.settle(bill, { key }))
      const changed = { ...bill, amounts: { ...AMOUNTS, donation_paid: '0.01' } }
      refused(check, got(await stage.settle(changed, { key })), 422, 'idempotency_key_reused')
      refused(check, got(await stage.settle(plain(stage, 'dibao_10'), { key })), 422, 'idempotency_key_reused')
    },
  },
  {
    id: 'N508',
    title: '冲销：同一键重发同一答复，换键再冲被拒；冲销后可重结，金额相同',
    duty: '冲销同样要幂等键和日志；收到 already_reversed 不要再次退款。',
    async run(stage, check) {
      const bill = plain(stage)
      const first = got(await stage.settle(bill))
      const [no, key] = [first.json.settlement_no, newKey()]
      const reversal = await stage.reverse(no, key)
      check.same('冲销状态', reversal.status, 201)
      check.same('冲销金额', reversal.json.assistance_paid, `-${PAYS}`)
      const repeated = await stage.reverse(no, key)
      check.holds('同键重发', repeated.replayed && repeated.text === reversal.text, '答复和第一次不同')
      refused(check, await stage.reverse(no), 409, 'already_reversed')
      refused(check, await stage.reverse(reversal.json.settlement_no), 422, 'reversal_not_reversible')
      const again = got(await stage.settle(bill))
      settledOnce(check, again)
      check.same('限额退回原处', again.json.limits, first.json.limits)
    },
  },
  {
    id: 'N509',
    title: '试算后情况变了：按试算结算被拒，不会结出患者没听过的金额',
    duty: '结算带上 Preview-Id；收到 preview_outdated 就重新试算，与患者重新确认，换新的键。',
    async run(stage, check) {
      const small = { care: 'outpatient', amounts: { total_cost: '500.00', policy_scope_cost: '500.00' } } as const
      const [a, b] = [plain(stage, 'dibao_10', small), plain(stage, 'dibao_10', small)]
      const told = await stage.post('/v1/settlements/preview', a)
      check.same('试算', told.json.assistance_paid, '250.00')
      got(await stage.settle(b))
      const previewId = String(told.json.preview_id)
      refused(check, got(await stage.settle(a, { previewId })), 422, 'preview_outdated')
      const fresh = await stage.post('/v1/settlements/preview', a)
      check.same('重新试算（限额只余 50.00）', fresh.json.assistance_paid, '50.00')
      const settled = got(await stage.settle(a, { previewId: String(fresh.json.preview_id) }))
      check.same('按新的试算结算', settled.json.assistance_paid, '50.00')
    },
  },
  {
    id: 'N510',
    title: '签名过期、nonce 重用、不签名：都拒绝，且没有入账',
    duty: '终端与网络时间同步（相差不超过 60 秒）；每次发送（包括重发）换新的 nonce，幂等键不变。',
    async run(stage, check) {
      const { signer } = stage
      if (!signer) throw new Skipped('没有给出须签名的终端（--signed-key、--signed-as）')
      const message = { method: 'POST', path: '/v1/settlements/preview', body: JSON.stringify(plain(stage)) } as const
      const send = async (shift: number) =>
        got(await stage.as(signer.key, signer, () => stage.now() + shift).send(message))
      check.same('按时签名', (await send(0)).status, 200)
      refused(check, await send(-120_000), 401, 'clock_skew')
      refused(check, await send(120_000), 401, 'clock_skew')
      refused(check, got(await stage.as(signer.key, null).send(message)), 401, 'signature_required')
      const url = new URL(`${stage.line.url.pathname.replace(/\/$/, '')}${message.path}`, stage.line.url).href
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${signer.key}` }
      const signed = signMessage({ ...message, url, headers, body: Buffer.from(message.body) }, signer, stage.now())
      const twice = async () => got(await stage.line.send({ ...message, headers: { ...headers, ...signed } }))
      check.same('第一次用这个 nonce', (await twice()).status, 200)
      refused(check, await twice(), 401, 'signature_replayed')
    },
  },
]

export const FAULT_CASES: readonly Case<NativeStage>[] = CASES.map((one) => ({ ...one, part: PART }))
