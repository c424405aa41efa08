import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Books, type Event, type Logged, openBooks } from './books.ts'
import { badSums, type Fault, faultOf, meet } from './faults.ts'
import { personOf } from './people.ts'
import { changed, proves } from './settings.ts'
import type { Desk, Said } from './settle.ts'
import { transact } from './transactions.ts'
import { answerText, type Call, isJson, isRefused, type Json, list, parsed, type Refused, readCall } from './wire.ts'

interface State {
  readonly books: Books
  readonly faults: Fault[]
  enter(events: readonly Event[], call: Logged | null): void
  calls: number
}
interface Answer {
  readonly body: string | Uint8Array
  readonly media: string
  readonly infcode: number
  readonly events: readonly Event[]
}
const JSON_MEDIA = 'application/json;charset=UTF-8'
const REFUSED = '医保平台：该业务暂不能办理'
const MINIMAL =
  '{"infcode":-1,"inf_refmsgid":"","refmsg_time":"","respond_time":"","enctype":"","signtype":"","err_msg":""}'

const nowOf = (state: State) => Date.now() + state.books.settings.clock

/** What is said to a message, as text; nothing is entered yet. */
function answer(state: State, call: Call | Refused, fault: Fault | null): Answer {
  const received = nowOf(state)
  const stamp = () => ({ admdvs: '654000', serial: ++state.calls, received, answered: nowOf(state) })
  const write = (said: Refused | { output: unknown }, code = -1) =>
    answerText(said, stamp(), state.books.settings.dialect, code)
  const failed = (said: Refused, code = -1): Answer => ({
    body: write(said, code),
    media: JSON_MEDIA,
    infcode: code,
    events: [],
  })
  if (isRefused(call)) return failed(call)
  if (fault?.kind === 'refuse') {
    if (fault.how === 'minimal') return { body: MINIMAL, media: JSON_MEDIA, infcode: -1, events: [] }
    return failed({ refuse: fault.text ?? REFUSED }, fault.infcode)
  }
  const desk: Desk = { books: state.books, now: received, assists: fault?.kind === 'maf' }
  const said: Said = transact(desk, call)
  if (isRefused(said)) return failed(said)
  if ('bytes' in said) return { body: said.bytes, media: 'application/octet-stream', infcode: 0, events: [] }
  const output = fault?.kind === 'bad_sums' ? badSums(said.output, fault.how) : said.output
  return { body: write({ output }), media: JSON_MEDIA, infcode: 0, events: said.events ?? [] }
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of req) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

const send = (res: ServerResponse, status: number, media: string, body: string | Uint8Array, ms = 0) => {
  const headers = { 'content-type': media, 'content-length': Buffer.byteLength(body), 'x-platform-ms': ms.toFixed(3) }
  res.writeHead(status, headers).end(body)
}

/** Answers as the fault has it: the work is done, what reaches the caller is not what was meant. */
function sendFaulty(res: ServerResponse, fault: Fault, said: Answer, ms: number): void {
  const body = Buffer.from(said.body)
  if (fault.kind === 'cut') {
    res.writeHead(200, { 'content-type': said.media, 'content-length': body.length })
    res.write(body.subarray(0, Math.floor(body.length / 2)), () => res.destroy())
  } else if (fault.kind === 'malformed') {
    send(res, 200, said.media, fault.text ?? body.subarray(0, Math.floor(body.length / 2)), ms)
  } else if (fault.kind === 'twice' && fault.how === 'response') {
    const { socket } = res
    const head = `HTTP/1.1 200 OK\r\ncontent-type: ${said.media}\r\ncontent-length: ${body.length}\r\n\r\n`
    res.once('finish', () => socket?.write(Buffer.concat([Buffer.from(head), body])))
    send(res, 200, said.media, body, ms)
  } else if (fault.kind === 'twice') send(res, 200, said.media, Buffer.concat([body, body]), ms)
  else if (fault.kind === 'http_500') send(res, 500, 'text/html', '<html><body>Internal Server Error</body></html>', ms)
  else send(res, 200, said.media, body, ms)
}

/** One message: its fault, its work, its line in the state file, its answer. */
async function receive(state: State, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const path = req.url ?? '/'
  const body = await bodyOf(req)
  if (!proves(state.books.settings.auth, req.headers)) {
    return send(res, 401, JSON_MEDIA, '{"code":401,"message":"接口鉴权失败"}')
  }
  const started = performance.now()
  const call = readCall(path, body)
  const fault = isRefused(call) ? null : meet(state.faults, call)
  const worked = performance.now() - started
  if (fault?.kind === 'late' && fault.before) await sleep(fault.ms)
  const resumed = performance.now()
  const idle = fault?.kind === 'cut_before' || ((fault?.kind === 'hang' || fault?.kind === 'http_500') && !fault.work)
  const said = idle ? null : answer(state, call, fault)
  const logged = (ms: number): Logged => ({
    infno: isRefused(call) ? '' : call.infno,
    msgid: isRefused(call) ? '' : call.msgid,
    path,
    headers: Object.keys(req.headers),
    at: nowOf(state),
    infcode: said?.infcode ?? null,
    fault: fault?.kind ?? null,
    ms,
  })
  state.enter(said?.events ?? [], logged(worked + performance.now() - resumed))
  const ms = worked + performance.now() - resumed
  if (fault?.kind === 'hang') return
  if (fault?.kind === 'cut_before') return void res.destroy()
  if (fault?.kind === 'late' && !fault.before) await sleep(fault.ms)
  if (state.books.settings.latency > 0) await sleep(state.books.settings.latency)
  if (!said) return send(res, 500, 'text/html', '<html><body>Internal Server Error</body></html>', ms)
  if (fault) sendFaulty(res, fault, said, ms)
  else send(res, 200, said.media, said.body, ms)
}

/** What a control call asks: a fault, settings, people; a text says what was wrong, and then nothing is changed. */
function control(state: State, asked: unknown): string | null {
  if (!isJson(asked)) return 'a control call is a JSON object'
  const fault = asked.kind === undefined ? null : faultOf(asked)
  if (typeof fault === 'string') return fault
  const settings = changed(state.books.settings, asked)
  if (typeof settings === 'string') return settings
  const people = list(asked.people).map(personOf)
  const wrong = people.find(isRefused)
  if (wrong) return wrong.refuse
  const events = people.flatMap((person): Event[] => (isRefused(person) ? [] : [{ did: 'person', person }]))
  if (settings !== state.books.settings) events.push({ did: 'settings', settings })
  state.enter(events, null)
  if (asked.clear === 'faults') state.faults.length = 0
  if (asked.clear === 'log') state.books.log.length = 0
  if (fault) state.faults.push(fault)
  return null
}

/** The books as a test looks at them. */
function shown({ documents, live, takenBack, visits, reversed, people, clearings }: Books): Json {
  const all = [...documents.values()].map((d) => ({ ...d, taken_back_by: takenBack.get(d.setl_id) ?? null }))
  const tombstones = [...reversed].filter(([, tombstone]) => tombstone).map(([key]) => key)
  const ids = new Set(live.values())
  return {
    live: all.filter((d) => ids.has(d.setl_id)),
    documents: all,
    visits: [...visits.values()],
    tombstones,
    people: [...people.values()],
    clearings: [...clearings.values()],
  }
}

/** The platform without its socket: a handler for `node:http`, its books beside it. */
export function createPlatform(stateFile: string | null = null) {
  const { books, enter, close } = openBooks(stateFile)
  const state: State = { books, faults: [], enter, calls: books.log.length }
  const own = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const say = (value: unknown, status = 200) => send(res, status, JSON_MEDIA, JSON.stringify(value))
    if (req.url === '/_books') return say(shown(books))
    if (req.url === '/_log') return say(books.log)
    if (req.url !== '/_control' || req.method !== 'POST') return say({ error: 'no such address' }, 404)
    const fault = control(state, parsed(await bodyOf(req)))
    return fault === null
      ? say({ ok: true, waiting: state.faults.filter((f) => f.times > 0) })
      : say({ error: fault }, 400)
  }
  const handler = (req: IncomingMessage, res: ServerResponse): void => {
    const done = req.url?.startsWith('/_') ? own(req, res) : receive(state, req, res)
    // Who has gone away while their message was read needs no answer.
    done.catch((error: unknown) => (res.destroyed ? undefined : send(res, 500, 'text/plain', String(error))))
  }
  return {
    handler,
    books: () => shown(books),
    log: () => books.log,
    control: (asked: Json) => control(state, asked),
    close,
  }
}
