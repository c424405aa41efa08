import { connect, type Socket } from 'node:net'
import { BILL_NO, BILLS, ID_NUMBER, MESSAGES, NAME } from './bills.ts'
import { PERSONS, personAt, terminalAt } from './world.ts'

/** What the generator is asked to do: so many terminals, each with one request under way at a time. */
export interface LoadOrder {
  readonly port: number
  readonly terminals: number
  readonly seconds: number
  /** Time at the start that is not counted. */
  readonly warmSeconds: number
  /** What is spoken: the JSON interface, or the national one with or without the insurer's answer inside. */
  readonly wire?: Wire
  /** So many of the register's first persons are ill; without it: anybody. */
  readonly persons?: number
  /** Different for every run against a store, so that no bill comes twice. */
  readonly run: number
}
export type Wire = 'native' | 'his' | 'hisPlain'
export interface LoadResult {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly answers: number
  /** Answers of the whole run, those that were not counted among them. */
  readonly all: number
  readonly bytes: number
  /** Answers other than 201, by status. */
  readonly errors: Readonly<Record<string, number>>
}

const HEX = Buffer.from('0123456789abcdef')
const people = Array.from({ length: PERSONS }, (_, n) => {
  const { idNumber, name } = personAt(n)
  return { id: Buffer.from(idNumber), name: Buffer.from(name) }
})
const KEY = '0'.repeat(32)

/** One prepared request, and where its variable parts stand. */
interface Template {
  readonly bytes: Buffer
  readonly keys: readonly number[]
  readonly numbers: readonly number[]
  readonly ids: readonly number[]
  readonly names: readonly number[]
}

/** Every place where a text stands. */
function placesOf(bytes: Buffer, text: string): number[] {
  const places: number[] = []
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) places.push(at)
  return places
}

const BODIES: Readonly<Record<Wire, readonly string[]>> = { native: BILLS, ...MESSAGES }

function prepare(terminal: number, body: string, wire: Wire): Template {
  const { bearer } = terminalAt(terminal)
  const head = [
    `POST ${wire === 'native' ? '/v1/settlements' : '/his'} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...(wire === 'native' ? [`Authorization: Bearer ${bearer}`, `Idempotency-Key: ${KEY}`] : [`apikey: ${bearer}`]),
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    '',
  ].join('\r\n')
  const bytes = Buffer.from(head + body)
  return {
    bytes,
    keys: placesOf(bytes, KEY),
    numbers: placesOf(bytes, BILL_NO).map((at) => at + 3),
    ids: placesOf(bytes, ID_NUMBER),
    names: placesOf(bytes, NAME),
  }
}

function writeDigits(into: Buffer, at: number, digits: number, number: number): void {
  let rest = number
  for (let i = at + digits - 1; i >= at; i--) {
    into[i] = 48 + (rest % 10)
    rest = Math.floor(rest / 10)
  }
}

/** Fills in a new bill of a random person under a new key: 20 random characters, then the bill's number. */
function fill(t: Template, billNo: number, persons: number): Buffer {
  for (const key of t.keys) {
    for (let i = 0; i < 20; i++) t.bytes[key + i] = HEX[(Math.random() * 16) | 0] as number
    writeDigits(t.bytes, key + 20, 12, billNo)
  }
  for (const at of t.numbers) writeDigits(t.bytes, at, 12, billNo)
  const person = people[(Math.random() * persons) | 0] as (typeof people)[number]
  for (const at of t.ids) person.id.copy(t.bytes, at)
  for (const at of t.names) person.name.copy(t.bytes, at)
  return t.bytes
}

const BLANK_LINE = '\r\n\r\n'
const LENGTH = /content-length: *(\d+)/i

/** Reads one answer with a content-length, in however many pieces it comes; null while it is not complete. */
export function readAnswer(pieces: Buffer[]): { status: string; size: number } | null {
  const all = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)
  const end = all.indexOf(BLANK_LINE)
  if (end < 0) return null
  const length = LENGTH.exec(all.toString('latin1', 0, end))
  if (!length) throw new Error('an answer without content-length')
  const size = end + 4 + Number(length[1])
  if (all.length < size) return null
  if (all.length > size) throw new Error('more than one answer to one request')
  const status = all.toString('latin1', 9, 12)
  // The national interface says in the body whether it was done; platforms write a number, we a text.
  const infcode = /^\{"infcode": ?"?(-?\d+)/.exec(all.toString('latin1', end + 4, end + 40))?.[1]
  return { status: infcode === undefined ? status : infcode === '0' ? '201' : `infcode ${infcode}`, size }
}

const percentile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Runs one order; every answer is read to its end and its status looked at. */
async function run(order: LoadOrder): Promise<LoadResult> {
  const sockets = await Promise.all(Array.from({ length: order.terminals }, () => open(order.port)))
  const { wire = 'native', persons = PERSONS } = order
  let next = order.run * 100_000_000
  let times = new Float64Array(1 << 16)
  let answers = 0
  let bytes = 0
  const errors: Record<string, number> = {}
  const from = performance.now() + order.warmSeconds * 1000
  const until = from + order.seconds * 1000

  const note = (started: number, now: number, status: string, size: number) => {
    if (status !== '201') errors[status] = (errors[status] ?? 0) + 1
    if (now < from || now >= until || status !== '201') return
    if (answers === times.length) {
      const longer = new Float64Array(times.length * 2)
      longer.set(times)
      times = longer
    }
    times[answers++] = now - started
    bytes += size
  }

  const terminal = (socket: Socket, n: number) =>
    new Promise<void>((resolve, reject) => {
      const templates = BODIES[wire].map((body) => prepare(n, body, wire))
      let pieces: Buffer[] = []
      let started = 0
      const send = () => {
        const billNo = next++
        started = performance.now()
        socket.write(fill(templates[billNo % templates.length] as Template, billNo, persons))
      }
      socket.on('data', (piece) => {
        pieces.push(piece)
        const answer = readAnswer(pieces)
        if (!answer) return
        pieces = []
        const now = performance.now()
        note(started, now, answer.status, answer.size)
        if (now < until) return send()
        socket.end()
        resolve()
      })
      socket.once('error', reject)
      socket.once('close', () => reject(new Error('the server closed a connection')))
      send()
    })
  await Promise.all(sockets.map(terminal))
  const sorted = times.subarray(0, answers).sort()
  return {
    perSecond: answers / order.seconds,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    answers,
    all: next - order.run * 100_000_000,
    bytes,
    errors,
  }
}

process.on('message', (order: LoadOrder) => {
  run(order).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  )
})
