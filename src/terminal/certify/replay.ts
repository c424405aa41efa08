import { z } from 'zod'
import { Misused } from '../exit.ts'
import { openHis } from '../his.ts'
import { isLost, objectOf, openLine } from '../line.ts'
import { readText } from '../settings.ts'
import { codeIn } from '../verdict.ts'
import type { Finding } from './case.ts'
import type { HisReached } from './his-stage.ts'
import { READERS, type Reader, stumbles } from './readers.ts'

type Node = Readonly<Record<string, unknown>>

/** One line of the file: a message by itself, or with the address it was sent to; `raw` keeps its very bytes. */
const wrapped = z.object({ path: z.string().startsWith('/').default('/his'), body: z.record(z.string(), z.unknown()) })
const bytes = z.object({ path: z.string().startsWith('/').default('/his'), raw: z.string() })
const bare = z.looseObject({ infno: z.string() })

interface Recorded {
  readonly path: string
  readonly text: string
  readonly infno: string
  readonly msgid: string
  readonly rewritten: boolean
}

/** Recorded at another hospital it would only be told that it is another's: the practice hospital's code is put in. */
function ownCode(body: Node, hospital: string): { readonly body: Node; readonly rewritten: boolean } {
  const stated = body.fixmedins_code
  const foreign = typeof stated === 'string' && stated !== '' && stated !== hospital
  return foreign ? { body: { ...body, fixmedins_code: hospital }, rewritten: true } : { body, rewritten: false }
}

function recordedIn(line: string, nth: number, hospital: string): Recorded {
  const json = objectOf(line)
  const raw = bytes.safeParse(json)
  const name = (body: Node | null) => ({ infno: String(body?.infno ?? ''), msgid: String(body?.msgid ?? '') })
  if (raw.success) return { path: raw.data.path, text: raw.data.raw, rewritten: false, ...name(objectOf(raw.data.raw)) }
  const whole = wrapped.safeParse(json)
  const alone = bare.safeParse(json)
  const found = whole.success ? whole.data : alone.success ? { path: '/his', body: alone.data as Node } : null
  if (!found) throw new Misused(`第 ${nth} 行看不懂：应为一个报文，或 {"path","body"}，或 {"path","raw"}`)
  const { body, rewritten } = ownCode(found.body, hospital)
  return { path: found.path, text: JSON.stringify(body), rewritten, ...name(body) }
}

/** Clients that take the answer for the opposite of what it says. */
function misreaders(json: Node, readers: readonly Reader[]): string[] {
  const done = String(json.infcode) === '0'
  return readers
    .filter((reader) => reader.success(json) !== done)
    .map((reader) => `${reader.id} 型会读反（${reader.how}）`)
}

/** Sends what a hospital system was recorded sending, and tells how each kind of client would read the answers. */
export async function replay(file: string, reached: HisReached, only: string | null): Promise<Finding[]> {
  const readers = READERS.filter((reader) => only === null || reader.id === only)
  if (readers.length === 0) throw new Misused(`--reader：${READERS.map((r) => r.id).join('、')}`)
  const { url, key, tif, timeoutMs, now, hospital } = reached
  const send = openHis(openLine(url, timeoutMs), { key, tif, signer: null }, now)
  const lines = readText(file)
    .split('\n')
    .filter((line) => line.trim() !== '')
  const findings: Finding[] = []
  for (const [i, line] of lines.entries()) {
    const recorded = recordedIn(line, i + 1, hospital)
    const outcome = await send(recorded.path, recorded.text)
    findings.push(findingOf(i + 1, recorded, outcome, readers, only !== null))
  }
  return findings
}

function findingOf(
  nth: number,
  { path, infno, msgid, rewritten }: Recorded,
  outcome: Awaited<ReturnType<ReturnType<typeof openHis>>>,
  readers: readonly Reader[],
  strict: boolean,
): Finding {
  const common = { id: `R${nth}`, part: '录下的报文', working: null, title: `${infno} ${msgid}` }
  const how = rewritten ? [`fixmedins_code 已换成本机构的编号，发往 ${path}`] : [`发往 ${path}`]
  const lost = '没有答复按“结果未知”处理：原样再发，不要换 msgid。'
  if (isLost(outcome))
    return { ...common, duty: lost, result: 'fail', why: [`没有答复：${outcome.lost}`], seen: how, ms: 0 }
  const json = objectOf(outcome.text)
  const ms = Math.round(outcome.ms)
  if (outcome.status !== 200 || !json)
    return { ...common, duty: lost, result: 'fail', why: [`HTTP ${outcome.status}，不是接口的报文`], seen: how, ms }
  const misread = [...misreaders(json, readers), ...stumbles(json)]
  const errMsg = String(json.err_msg ?? '')
  const said = String(json.infcode) === '0' ? '成功' : `拒绝 ${codeIn(errMsg) ?? ''}：${errMsg}`
  const read = readers.map((reader) => `${reader.id} ${reader.success(json) ? '成功' : '失败'}`).join('，')
  const seen = [...how, `答复：${said}`, `各型读作：${read}`]
  const result = misread.length === 0 ? 'pass' : strict ? 'fail' : 'warn'
  const duty = '成功判断写成：infcode 转为文本后等于 "0"；其余一律按失败显示 err_msg。'
  return { ...common, duty, result, why: misread, seen, ms }
}
