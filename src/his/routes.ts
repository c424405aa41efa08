import { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import type { Asked, Call, Dialect, Door, Operation, Reply } from '../door/call.ts'
import { createHisIdentity, HIS_CREDENTIALS } from '../door/his-identity.ts'
import type { FirstUse } from '../door/nonces.ts'
import type { SignatureCheck } from '../door/signature.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { createDispatch, type Message, type Otherwise, stamper } from './dispatch.ts'
import { refusalOf } from './envelope.ts'
import type { KeptRefusal } from './kept.ts'
import { missedAnswer, missedAssistance } from './missed.ts'
import type { HisDeps, Transaction } from './transaction.ts'

/** The most patient client hangs up after 50 seconds: an answer later than this is heard by nobody. */
const DEADLINE_MS = 45_000
/** In front of an answer to nobody we know. */
const NOWHERE = '000000'

const anything = z.unknown().optional()
const request = z
  .looseObject(
    {
      infno: anything.describe(
        '交易编号, text: four digits, a letter may follow; may be left out where the address names it',
      ),
      msgid: anything.describe('发送方报文ID, text of 1–30 characters: the same message sent again must have the same'),
      mdtrtarea_admvs: anything.describe('就医地医保区划, 6 digits'),
      insuplc_admdvs: anything.describe('参保地医保区划, 6 digits'),
      fixmedins_code: anything.describe('定点医药机构编号: the hospital the key belongs to, or left out'),
      opter: anything.describe('经办人'),
      opter_name: anything.describe('经办人姓名'),
      inf_time: anything.describe('交易时间; never compared with a clock'),
      sign_no: anything.describe('签到流水号 of 9001; not asked for'),
      signtype: anything.describe('`SM2` where the terminal must sign its messages'),
      cainfo: anything.describe('SM2 signature, hex or base 64, bare or DER'),
      input: anything.describe('交易输入: the object of the transaction, or the same as JSON in a text'),
    },
    '报文须为 JSON 对象',
  )
  .meta({ id: 'HisRequest', description: 'Message of the national interface; further keys are let in and ignored' })

const answer = z
  .looseObject({
    infcode: z.enum(['0', '-1']).describe('`0` done; `-1` refused, whatever the reason'),
    inf_refmsgid: z.string().describe('接收方报文ID: place, time and ten characters'),
    refmsg_time: z.string().describe('yyyyMMddHHmmssSSS'),
    respond_time: z.string().describe('yyyyMMddHHmmssSSS'),
    err_msg: z
      .string()
      .describe('empty on success; else what to do, with the code of the refusal in brackets at its end'),
    output: z.looseObject({}).optional().describe('absent when refused'),
  })
  .meta({ id: 'HisAnswer', description: 'Answer of the national interface, always with HTTP 200' })

const gateway = z.looseObject({
  apikey: z.string().optional().describe('terminal key'),
  'x-tif-paasid': z.string().optional(),
  'x-tif-timestamp': z.string().optional().describe('Unix seconds'),
  'x-tif-nonce': z.string().optional().describe('good once'),
  'x-tif-signature': z.string().optional().describe('SHA-256 hex of timestamp + secret + nonce + timestamp'),
  'x-ca-key': z.string().optional(),
  'x-ca-timestamp': z.string().optional(),
  'x-ca-signature': z.string().optional().describe('SM3 hex of secret + timestamp + body'),
})

/** What was thrown may have been done: the counter must not act on a guess. */
function worded(refusal: Refusal): Refusal {
  if (refusal.refusal === 'internal_error')
    return refuse('outcome_unknown', `结果未知：${refusal.detail.replace(/^.*。/, '')}`)
  const unknown = refusal.refusal === 'outcome_unknown' && !refusal.detail.includes('结果未知')
  return unknown ? { ...refusal, detail: `结果未知：${refusal.detail}` } : refusal
}

function hisDialect(deps: HisDeps, checkSignature: SignatureCheck, firstUse: FirstUse): Dialect {
  const { directory, now } = deps
  async function placeOf(caller: Caller | null): Promise<string> {
    if (caller?.kind !== 'terminal') return NOWHERE
    // Where the store cannot be read a refusal must go out all the same.
    const known = await directory.recent().catch(() => null)
    return known?.hospitals.get(caller.hospital)?.admdvs ?? NOWHERE
  }
  return {
    under: ['/his', '/fsi/api'],
    authenticate: createHisIdentity({ ...deps, checkSignature, firstUse }),
    deadlineMs: DEADLINE_MS,
    credentials: HIS_CREDENTIALS,
    async say(refusal, asked: Asked) {
      const received = now() - Math.round(performance.now() - asked.start)
      const stamp =
        'stamp' in refusal ? (refusal as KeptRefusal).stamp : stamper(await placeOf(asked.caller), received, now)()
      return { status: 200, text: refusalOf(worded(refusal), stamp) }
    },
  }
}

interface Hearing {
  readonly checkSignature: SignatureCheck
  readonly firstUse: FirstUse
  readonly transactions: readonly Transaction[]
  readonly otherwise: Otherwise
}

/** The national HIS interface: three kinds of address, one way to hear what comes to them. */
export function hisRoutes(doors: Door, deps: HisDeps, hearing: Hearing): void {
  const dispatch = createDispatch(deps, hearing.transactions, hearing.otherwise)
  const dialect = hisDialect(deps, hearing.checkSignature, hearing.firstUse)
  const common = {
    method: 'post',
    permission: 'his.send',
    tag: 'his',
    dialect,
    headers: gateway,
    body: request,
    answers: { 200: { description: 'done or refused', schema: answer, file: 'application/octet-stream' } },
  } as const satisfies Partial<Operation>

  type Posted = Pick<Call<typeof common & Operation>, 'caller' | 'body' | 'raw' | 'headers' | 'asked'>
  const hear = async (call: Posted, path: string, address: Message['address']): Promise<Reply | Refusal> => {
    const { caller, body, raw, headers, asked } = call
    const heard = await dispatch(
      { caller: caller as Caller, path, address, body, raw, headers: headers as Message['headers'] },
      (infno) => {
        asked.operation = `his.${infno ?? 'unknown'}`
      },
    )
    if (isRefusal(heard)) return heard
    return 'text' in heard ? { status: 200, text: heard.text } : { status: 200, text: heard.bytes, media: heard.media }
  }
  doors.open(
    { ...common, path: '/his', id: 'his', summary: 'Any transaction; its number stands in the message' },
    (call) => hear(call, '/his', null),
  )
  doors.open(
    {
      ...common,
      path: '/his/{infno}',
      id: 'hisByNumber',
      summary: 'The transaction of this number',
      params: z.object({ infno: z.string() }),
    },
    (call) => hear(call, `/his/${call.params.infno}`, call.params),
  )
  doors.open(
    {
      ...common,
      path: '/fsi/api/{service}/{method}',
      id: 'hisByService',
      summary: 'The transaction of this address, in any of the spellings that are met',
      params: z.object({ service: z.string(), method: z.string() }),
    },
    (call) => {
      const service = `${call.params.service}/${call.params.method}`
      return hear(call, `/fsi/api/${service}`, { service })
    },
  )
}

/** What the office looks after: bills that went through while assistance could not be decided. */
export function missedRoutes(doors: Door, deps: HisDeps): void {
  doors.open(
    {
      method: 'get',
      path: '/v1/missed-assistance',
      permission: 'tasks.read',
      id: 'missedAssistance',
      tag: 'his',
      summary: 'Bills that an insurer settled while assistance could not be decided, the oldest first (待补救助)',
      answers: { 200: { description: 'at most 500; no names', schema: missedAnswer } },
    },
    async ({ caller }) => {
      const missed = await missedAssistance(deps, caller)
      return isRefusal(missed) ? missed : { status: 200, json: missed }
    },
  )
}
