import type { Instant } from '../../kernel/day.ts'
import { randomText } from '../../kernel/ids.ts'
import { isLost, type Line, type Outcome, objectOf, openLine, type Write } from '../line.ts'
import { type Native, openNative } from '../native.ts'
import type { Signer } from '../sign.ts'

/** An answer of the native API, read. */
export interface Said {
  readonly status: number
  readonly json: Readonly<Record<string, unknown>>
  readonly text: string
  readonly replayed: boolean
  readonly location: string | null
  readonly media: string
  readonly ms: number
}

export interface Settling {
  readonly key?: string
  readonly previewId?: string
  readonly write?: Write
}

/** Where the cases of the native API are played. */
export interface NativeStage {
  readonly line: Line
  readonly key: string
  readonly signer: Signer | null
  readonly now: () => Instant
  /** A number no bill of this or an earlier run has. */
  billNo(): string
  settle(bill: unknown, how?: Settling): Promise<Outcome>
  reverse(no: unknown, key?: string): Promise<Said>
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Said>
  get(path: string): Promise<Said>
  /** Under a key and signature of one's own choosing. */
  as(key: string, signer: Signer | null, now?: () => Instant): Native
  /** Takes back whatever the last case has settled, so that the next one finds every limit untouched. */
  restore(): Promise<readonly string[]>
}

export const newKey = (): string => randomText(26)

/** The answer, or an end of the case: without one there is nothing to compare. */
export function got(outcome: Outcome): Said {
  if (isLost(outcome)) throw new Error(`没有得到答复：${outcome.lost}`)
  return {
    status: outcome.status,
    json: objectOf(outcome.text) ?? {},
    text: outcome.text,
    replayed: outcome.headers['idempotent-replayed'] === 'true',
    location: outcome.headers.location ?? null,
    media: outcome.headers['content-type'] ?? '',
    ms: outcome.ms,
  }
}

export interface Reached {
  readonly url: URL
  readonly key: string
  readonly signer: Signer | null
  readonly timeoutMs: number
  readonly now: () => Instant
}

export function openStage({ url, key, signer, timeoutMs, now }: Reached): NativeStage {
  const line = openLine(url, timeoutMs)
  const run = randomText(6)
  let bills = 0
  let tried: string[] = []
  const as: NativeStage['as'] = (other, by, clock = now) => openNative(line, other, by, clock)
  const native = as(key, null)
  const post: NativeStage['post'] = async (path, body, headers = {}) =>
    got(
      await native.send({
        method: 'POST',
        path,
        headers,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    )
  const get: NativeStage['get'] = async (path) => got(await native.send({ method: 'GET', path }))
  const reverse: NativeStage['reverse'] = (no, own = newKey()) =>
    post(`/v1/settlements/${no}/reversal`, { reason: '验收：撤销试结' }, { 'idempotency-key': own })

  return {
    line,
    key,
    signer,
    now,
    billNo: () => `YS-${run}-${String(++bills).padStart(4, '0')}`,
    settle(bill, { key: own = newKey(), previewId, write } = {}) {
      tried.push(own)
      const headers = { 'idempotency-key': own, ...(previewId === undefined ? {} : { 'preview-id': previewId }) }
      return native.send({ method: 'POST', path: '/v1/settlements', headers, body: JSON.stringify(bill) }, write)
    },
    reverse,
    post,
    get,
    as,
    async restore() {
      const left: string[] = []
      for (const own of new Set(tried)) {
        const found = await get(`/v1/settlements?request_key=${own}`)
        if (found.status === 404) continue
        const { status, settlement_no } = found.json
        if (status === 'settled' && (await reverse(settlement_no)).status !== 201) left.push(String(settlement_no))
      }
      tried = []
      return left
    },
  }
}
