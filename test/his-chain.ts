import type { HisMessage, Json } from '../fixtures/his/message.ts'
import { addTerminal, type TerminalWithKey } from '../src/hospitals/add-terminal.ts'
import { designate } from '../src/hospitals/designate.ts'
import type { HisMode } from '../src/hospitals/his.ts'
import { setHis, setUpstream } from '../src/hospitals/set-his.ts'
import { readResidentId } from '../src/kernel/resident-id.ts'
import type { Engine, Open } from './engines.ts'
import { caHeaders, publishCodes, refusedFor, tifHeaders } from './his-message.ts'
import { done, OPERATOR, type Person, publishRule, residentId } from './people.ts'
import { startPlatform } from './platform/start.ts'
import { type Answer, HOSPITAL, openWorld, RULE, type World } from './world.ts'

const SECRET = 'g7Qx2mVt9Lc4Rz81Wd5K'
const STYLES = ['fsi', 'infno', 'one'] as const

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
/** The input, which one dialect writes as text. */
export const inputOf = ({ body }: HisMessage): Json =>
  typeof body.input === 'string' ? (JSON.parse(body.input) as Json) : (body.input as Json)

/** Every node of a message that says whose it is. */
const nodesOf = (message: HisMessage): Json[] =>
  Object.values(inputOf(message))
    .flatMap((node) => (Array.isArray(node) ? node : [node]))
    .filter((node) => isObject(node) && (node.psn_no !== undefined || node.mdtrt_cert_no !== undefined))

interface Insured extends Person {
  readonly psn_no?: string
  readonly certno: string
  readonly insutype?: string
}

/** Everybody the messages are about: by the ID number they show, else by one that is made up for their number. */
function insuredIn(messages: readonly HisMessage[]): Insured[] {
  const nodes = messages.flatMap(nodesOf)
  const numbers = new Set(nodes.flatMap((node) => (node.psn_no ? [String(node.psn_no)] : [])))
  const insured: Insured[] = [...numbers].map((psn_no, n) => {
    const about = nodes.filter((node) => node.psn_no === psn_no)
    const shown = about.map((node) => String(node.mdtrt_cert_no ?? '')).find((no) => readResidentId(no) !== null)
    const certno = shown ?? residentId(12_000 + n)
    const insutype = about.map((node) => node.insutype).find(Boolean)
    return {
      psn_no,
      certno,
      id: readResidentId(certno) ?? '',
      name: `病人${n + 1}`,
      insutype: String(insutype ?? '390'),
    }
  })
  for (const node of nodes) {
    const id = readResidentId(String(node.mdtrt_cert_no ?? ''))
    const known = insured.find((one) => one.id === id)
    const name = String(node.psn_name ?? '')
    if (id !== null && !known) insured.push({ certno: id, id, name: name || '病人' })
    else if (known && name) insured.splice(insured.indexOf(known), 1, { ...known, name })
  }
  return insured
}

/** Our illustrative rule, in force where the messages come from too. */
const ruleFor = (places: readonly string[]): string =>
  RULE.replace(/^scheme: .*$/m, 'scheme: elsewhere').replace(
    /^jurisdiction: .*$/m,
    `jurisdiction: ${JSON.stringify(places)}`,
  )

/** A hospital's line, in one of the two places of the chain, to a service of its own with the platform behind it. */
export interface Chain {
  readonly position: HisMode
  readonly w: World
  /** The message as it is, over the line its client uses. */
  send(message: HisMessage): Promise<Answer>
  /** The same where a file comes back. */
  download(message: HisMessage): Promise<Uint8Array>
  /** The same message with what the insurer has answered to it beside the request. */
  withInsurer(message: HisMessage): Promise<HisMessage>
  /** What the platform itself answers. */
  askPlatform(message: HisMessage): Promise<Json>
  /** The numbers of a visit's settlements that stand at the platform. */
  live(mdtrt_id: string): Promise<string[]>
  /** Tells the platform to break; see `test/platform/README.md`. */
  control(asked: Json): Promise<void>
  stop(): Promise<void>
}

/** What the hospital says to its insurer says nothing of what it leaves out or misspells towards us. */
function spokenRightly(message: HisMessage): HisMessage {
  const { infno, body } = message
  const input = JSON.parse(JSON.stringify(inputOf(message)).replace('med_fee_sumamt', 'medfee_sumamt')) as Json
  return { ...message, body: { ...body, infno, fixmedins_code: body.fixmedins_code ?? HOSPITAL, input } }
}

type Gates = ReadonlyMap<string, { readonly key: string; readonly gate: TerminalWithKey }>
let nonces = 0

function lineTo(
  w: World,
  gates: Gates,
): (message: HisMessage) => readonly [string, { raw: string; headers: Record<string, string> }] {
  return (message) => {
    const { http = {}, body, indented } = message
    const raw = JSON.stringify(body, null, indented ? 2 : 0)
    const at = gates.get(String(body.fixmedins_code ?? HOSPITAL)) ?? gates.get(HOSPITAL)
    if (!at) throw new Error(`no terminal for ${message.name}`)
    const tif = at.gate.tif ?? { paasid: '', secret: '' }
    const seconds = Math.floor(w.clock / 1000)
    const headers =
      http.headers && 'x-tif-paasid' in http.headers
        ? tifHeaders(tif.paasid, tif.secret, seconds, `nonce-${++nonces}`)
        : http.headers && 'x-ca-key' in http.headers
          ? caHeaders(tif.paasid, tif.secret, seconds, raw)
          : { apikey: at.key }
    // A signature of this scheme is good once and covers nothing that differs: the next one is of the next second.
    if ('x-ca-key' in headers) w.clock += 1000
    return [http.path?.replace(/^<base>/, '/his') ?? '/his', { raw, headers }]
  }
}

async function openGates(w: World, messages: readonly HisMessage[], position: HisMode): Promise<Gates> {
  const { deps } = w.service
  const places = new Map(messages.map(({ body }) => [String(body.fixmedins_code), String(body.mdtrtarea_admvs)]))
  const gates = new Map<string, { key: string; gate: TerminalWithKey }>()
  for (const [code, admdvs] of [[HOSPITAL, '654002'], ...places] as const) {
    if (gates.has(code) || !/^H\d{11}$/.test(code) || code === 'H65400200002') continue
    if (code !== HOSPITAL) await done(designate(deps, OPERATOR, { code, name: `医院 ${code}`, level: 2, admdvs }))
    if (position === 'in_between') await done(setHis(deps, OPERATOR, { code, mode: position }))
    const add = (tif?: object) =>
      done(addTerminal(deps, OPERATOR, { hospital: code, label: '窗口', signed: false, tif }))
    gates.set(code, { key: (await add()).key, gate: await add({ paasid: `fsi_${code}`, secret: SECRET }) })
  }
  return gates
}

/** Opens a place of the chain in which every hospital and every patient of the messages is known. */
export async function openChain(
  [engine, open]: readonly [Engine, Open],
  position: HisMode,
  messages: readonly HisMessage[],
): Promise<Chain> {
  const platform = await startPlatform()
  const w = await openWorld(engine, open)
  const { deps } = w.service
  await publishCodes(w)
  const places = [...new Set(messages.flatMap(({ body }) => [body.mdtrtarea_admvs, body.insuplc_admdvs].map(String)))]
  await publishRule(deps, ruleFor(places.filter((place) => !place.startsWith('6540'))))
  const gates = await openGates(w, messages, position)
  for (const [n, admdvs] of [...new Set(messages.map(({ body }) => String(body.mdtrtarea_admvs)))].entries())
    await done(
      setUpstream(deps, OPERATOR, { admdvs, url: platform.url, style: STYLES[n % 3] ?? 'one', timeout_ms: 5000 }),
    )
  const insured = insuredIn(messages)
  await w.register(...insured)
  await platform.control({
    people: insured.map(({ id: _, name, ...one }) => ({ ...one, psn_name: name, balance: 0 })),
    now: new Date(w.clock).toISOString(),
  })
  await deps.directory.now()
  const line = lineTo(w, gates)
  const askPlatform: Chain['askPlatform'] = async ({ body }) => {
    const answer = await fetch(platform.url, { method: 'POST', body: JSON.stringify(body) })
    return (await answer.json()) as Json
  }
  return {
    position,
    w,
    send(message) {
      const [path, asking] = line(message)
      return w.call('POST', path, asking)
    },
    async download(message) {
      const [path, { raw, headers }] = line(message)
      const init = { method: 'POST', body: raw, headers: { 'content-type': 'application/json', ...headers } }
      return new Uint8Array(await (await w.service.app.request(path, init)).arrayBuffer())
    },
    askPlatform,
    async withInsurer(message) {
      const { output } = await askPlatform(spokenRightly(message))
      if (!isObject(output)) throw new Error(`the platform has settled nothing for ${message.name}`)
      const input = { ...inputOf(message), setlinfo: output.setlinfo, setldetail: output.setldetail }
      const written = typeof message.body.input === 'string' ? JSON.stringify(input) : input
      return { ...message, body: { ...message.body, input: written } }
    },
    async live(mdtrt_id) {
      const { live } = await platform.books()
      return live.filter((document) => document.mdtrt_id === mdtrt_id).map(({ setl_id }) => setl_id)
    },
    control: platform.control,
    stop: () => platform.stop(),
  }
}

type Rows = readonly Record<string, unknown>[]
const row = (rows: Rows, column: string, value: string) => rows.find((one) => one[column] === value)
/** What of a list is about assistance. */
const FOUND: Readonly<Record<string, (rows: Rows) => string>> = {
  idetinfo: (rows) => `身份 ${rows.map((one) => one.psn_idet_type)}`,
  trtinfo: (rows) => `待遇 ${row(rows, 'fund_pay_type', '610100')?.trt_enjymnt_flag}`,
  cuminfo: (rows) => `本年救助 ${row(rows, 'cum_type_code', 'D610101')?.cum}`,
  list: (rows) => `代码 ${rows.length} 行`,
}

/**
 * How it came out, in a few words: the code of our refusal; of a success what was paid, found or counted. An answer of
 * the platform that went through as it came is told apart from ours, which has its `infcode` as text.
 */
export function outcomeOf(answer: Answer): string {
  const { infcode, err_msg, output } = answer.json
  if (typeof infcode === 'number') return infcode === 0 ? '医保原样' : `医保拒绝：${err_msg}`
  const refused = refusedFor(answer)
  if (refused !== null) return refused
  if (output.setlinfo) return `救助 ${output.setlinfo.maf_pay}`
  if (output.stmtinfo) return `对账 ${output.stmtinfo.stmt_rslt}`
  for (const [list, say] of Object.entries(FOUND)) if (Array.isArray(output[list])) return say(output[list])
  return '成功'
}
