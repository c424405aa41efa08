import { connect as connectTls } from 'node:tls'
import { billOf } from './bill.ts'
import { slowly } from './cables.ts'
import { type Case, Skipped } from './case.ts'
import { got, type NativeStage, newKey } from './stage.ts'

const PART = '网络环境'
const SLOW_MS = 2000
const AT_ONCE = 16
const DAY_MS = 86_400_000
const AMOUNTS = { total_cost: '2500.00', policy_scope_cost: '2500.00', basic_insurance_paid: '1500.00' }
const isLocal = (host: string): boolean => /^(localhost|127\.|\[::1\])/.test(host)

interface Certificate {
  readonly until: number
  readonly protocol: string
  readonly fault: string | null
}

function certificateOf(url: URL): Promise<Certificate> {
  return new Promise((resolve, reject) => {
    const port = Number(url.port || 443)
    // A certificate that is not trusted is looked at all the same: what is wrong with it is the finding.
    const socket = connectTls({ host: url.hostname, port, servername: url.hostname, rejectUnauthorized: false }, () => {
      const { valid_to } = socket.getPeerCertificate()
      const fault = socket.authorized ? null : String(socket.authorizationError)
      resolve({ until: Date.parse(valid_to), protocol: socket.getProtocol() ?? '?', fault })
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

const CASES: readonly Omit<Case<NativeStage>, 'part'>[] = [
  {
    id: 'E01',
    title: '连通和时延',
    duty: '窗口到服务的往返应在 2 秒以内；超过时查防火墙、代理和 DNS。',
    async run(stage, check) {
      const times: number[] = []
      for (let n = 0; n < 20; n++) {
        const answer = await stage.get('/healthz')
        check.same('探活', answer.status, 200)
        times.push(answer.ms)
      }
      times.sort((a, b) => a - b)
      const [middle = 0, worst = 0] = [times[10], times[19]]
      check.note(`20 次往返：中位 ${Math.round(middle)} 毫秒，最慢 ${Math.round(worst)} 毫秒`)
      check.holds('最慢的一次', worst <= SLOW_MS, `${Math.round(worst)} 毫秒，超过 ${SLOW_MS} 毫秒`)
    },
  },
  {
    id: 'E02',
    title: '时钟',
    duty: '终端与网络时间（NTP）同步；签名的终端相差超过 60 秒即被拒。',
    async run(stage, check) {
      const before = stage.now()
      const answer = await stage.line.send({ method: 'GET', path: '/healthz' })
      if ('lost' in answer) throw new Error(`没有得到答复：${answer.lost}`)
      const told = Date.parse(answer.headers.date ?? '')
      if (Number.isNaN(told)) throw new Skipped('答复里没有 Date 头')
      // The header counts whole seconds: half a second is the best guess, and no difference below one is real.
      const offset = Math.round((told + 500 - (before + answer.ms / 2)) / 1000)
      check.note(offset === 0 ? '与服务一致' : `本机比服务${offset > 0 ? '慢' : '快'} ${Math.abs(offset)} 秒`)
      check.holds('相差', Math.abs(offset) <= 60, `${offset} 秒，超过 60 秒`)
      if (Math.abs(offset) > 5) check.warn(`相差 ${offset} 秒，请校时`)
    },
  },
  {
    id: 'E03',
    title: 'TLS 证书',
    duty: '姓名和身份证号只走 https；证书受信任，且在到期前 30 天更换。',
    async run({ line: { url }, now }, check) {
      if (url.protocol === 'http:') {
        if (isLocal(url.hostname)) throw new Skipped('本机的明文地址，没有 TLS')
        return check.warn('明文 http：姓名和身份证号在网络上可被看到；正式环境须用 https')
      }
      const { until, protocol, fault } = await certificateOf(url)
      const days = Math.floor((until - now()) / DAY_MS)
      check.note(`${protocol}，证书还有 ${days} 天`)
      check.holds('证书', fault === null, String(fault))
      check.holds('协议', /^TLSv1\.[23]$/.test(protocol), protocol)
      check.holds('有效期', days >= 0, '已过期')
      if (days < 30) check.warn(`证书 ${days} 天后到期`)
    },
  },
  {
    id: 'E04',
    title: '代理不改请求：文字、请求头原样到达，POST 只到一次',
    duty: '代理（nginx、WAF、网闸）须原样转发请求头和 UTF-8 报文，不得自动重试 POST。',
    async run(stage, check) {
      const settled = got(await stage.settle(billOf({ who: 'dibao_40', amounts: AMOUNTS }, stage.billNo())))
      check.same('结算', settled.status, 201)
      check.holds('POST 只到一次', !settled.replayed, '首次发送就得到重放：路上有人重试了 POST')
      const reason = '录入有误 · قايتۇرۇش · 𠮷'
      const path = `/v1/settlements/${settled.json.settlement_no}/reversal`
      const reversal = await stage.post(path, { reason }, { 'idempotency-key': newKey() })
      check.same('文字原样到达', reversal.json.reason, reason)
    },
  },
  {
    id: 'E05',
    title: '代理不缓存：刚冲销的结算马上查得到新状态',
    duty: '代理不得缓存本服务的答复（答复带 Cache-Control: no-store）。',
    async run(stage, check) {
      const settled = got(await stage.settle(billOf({ who: 'dibao_40', amounts: AMOUNTS }, stage.billNo())))
      const path = `/v1/settlements/${settled.json.settlement_no}`
      check.same('冲销前', (await stage.get(path)).json.status, 'settled')
      await stage.reverse(settled.json.settlement_no)
      check.same('冲销后', (await stage.get(path)).json.status, 'reversed')
    },
  },
  {
    id: 'E06',
    title: '大报文：1,900 条明细的账单过得去',
    duty: '代理的请求体上限至少 1 MiB（nginx：client_max_body_size 2m）。',
    async run(stage, check) {
      const item = {
        code: 'XA10',
        name: '注射用药（长名称用来占位，一百字以内）',
        cost: '1.00',
        policy_scope_cost: '1.00',
      }
      const items = Array(1900).fill(item)
      const amounts = { total_cost: '1900.00', policy_scope_cost: '1900.00' }
      const answer = await stage.post(
        '/v1/settlements/preview',
        billOf({ who: 'dibao_40', amounts, more: { items } }, 'YS-L'),
      )
      check.same('HTTP 状态', answer.status, 200)
      // 第十一条 1900.00 × 75%
      check.same('救助金额', answer.json.assistance_paid, '1425.00')
    },
  },
  {
    id: 'E07',
    title: '慢线路：报文分四段、历时一秒多送完',
    duty: '防火墙不得把慢的请求当作攻击切断；切断后按“结果未知”处理。',
    async run(stage, check) {
      const bill = billOf({ who: 'dibao_40', amounts: AMOUNTS }, stage.billNo())
      const settled = got(await stage.settle(bill, { write: slowly }))
      check.same('HTTP 状态', settled.status, 201)
      check.same('救助金额', settled.json.assistance_paid, '750.00')
    },
  },
  {
    id: 'E08',
    title: `${AT_ONCE} 个窗口同时结算，各得各的答复`,
    duty: '每个请求自己的连接、自己的幂等键；代理的并发上限不低于窗口数。',
    async run(stage, check) {
      const bills = Array.from({ length: AT_ONCE }, (_, i) =>
        // 第十一条 the extremely poor, in full: each amount is another one, so a mixed-up answer shows.
        billOf({ who: 'extremely_poor_1', amounts: whole(100 + i) }, stage.billNo()),
      )
      const answers = (await Promise.all(bills.map((bill) => stage.settle(bill)))).map(got)
      for (const [i, answer] of answers.entries()) {
        check.same(`第 ${i + 1} 个的账单号`, answer.json.bill_no, bills[i]?.bill_no)
        check.same(`第 ${i + 1} 个的金额`, answer.json.assistance_paid, `${100 + i}.00`)
      }
    },
  },
]

const whole = (yuan: number) => ({ total_cost: `${yuan}.00`, policy_scope_cost: `${yuan}.00` })

export const ENVIRONMENT_CASES: readonly Case<NativeStage>[] = CASES.map((one) => ({ ...one, part: PART }))
