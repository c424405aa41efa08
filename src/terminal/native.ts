import type { Instant } from '../kernel/day.ts'
import { randomText } from '../kernel/ids.ts'
import type { Doorway, Request } from './counter.ts'
import type { Asked } from './journal.ts'
import type { Line, Message, Outcome, Write } from './line.ts'
import { type Signer, signMessage } from './sign.ts'
import { judge, type Verdict } from './verdict.ts'

/** The native API under one terminal key. */
export interface Native {
  send(message: Message, write?: Write): Promise<Outcome>
  ask(path: string, body: unknown, mark: string): Promise<Verdict>
  read(path: string, mark: string): Promise<Verdict>
}

const JSON_TYPE = { 'content-type': 'application/json' }

export function openNative(line: Line, key: string, signer: Signer | null, now: () => Instant): Native {
  const send: Native['send'] = (message, write) => {
    const { method, path, body } = message
    const headers = { ...(body === undefined ? {} : JSON_TYPE), ...message.headers }
    const url = new URL(`${line.url.pathname.replace(/\/$/, '')}${path}`, line.url).href
    const bytes = body === undefined ? null : Buffer.from(body)
    const signed = signer ? signMessage({ method, url, headers, body: bytes }, signer, now()) : {}
    return line.send({ ...message, headers: { ...headers, ...signed, authorization: `Bearer ${key}` } }, write)
  }
  return {
    send,
    ask: async (path, body, mark) => judge(await send({ method: 'POST', path, body: JSON.stringify(body) }), mark),
    read: async (path, mark) => judge(await send({ method: 'GET', path }), mark),
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** Settling and reversing: the idempotency key is what makes a repetition safe. */
export const nativeDoor = (native: Native): Doorway => ({
  send: ({ path, headers, body }: Asked) => native.send({ method: 'POST', path, headers, body }),
  judge: (outcome, lostBefore) => judge(outcome, 'settlement_no', lostBefore),
  lookUp: ({ id }) => native.read(`/v1/settlements?request_key=${id}`, 'settlement_no'),
  sumUp: (json) => ({ no: text(json.settlement_no), assistance: text(json.assistance_paid) }),
})

const request = (path: string, body: string, about: string, more: Record<string, string> = {}): Request => {
  const id = randomText(26)
  return { id, door: 'native', path, headers: { 'idempotency-key': id, ...more }, body, about, takes_back: null }
}

/** `previewId`: refuse when the decision is no longer the one the patient was told. */
export const settleRequest = (bill: Readonly<Record<string, unknown>>, previewId: string | null): Request =>
  request(
    '/v1/settlements',
    JSON.stringify(bill),
    `账单 ${bill.bill_no}`,
    previewId === null ? {} : { 'preview-id': previewId },
  )

export const reverseRequest = (no: string, reason: string): Request =>
  request(`/v1/settlements/${encodeURIComponent(no)}/reversal`, JSON.stringify({ reason }), `结算 ${no}`)
