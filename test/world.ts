import { readFileSync } from 'node:fs'
import { pino } from 'pino'
import { addStaff } from '../src/access/add-staff.ts'
import { ROLES, type Role } from '../src/access/caller.ts'
import { readConfig } from '../src/config.ts'
import { addTerminal } from '../src/hospitals/add-terminal.ts'
import { designate } from '../src/hospitals/designate.ts'
import { assemble, type Service } from '../src/serve.ts'
import type { AnyStore } from '../src/store/open.ts'
import { type Engine, migratedPlace, type Open, type Place } from './engines.ts'
import { done, OPERATOR, type Person, publishRule, register, residentId } from './people.ts'

export const HOSPITAL = 'H65400200001'
export const OTHER_HOSPITAL = 'H65400200002'
export const RULE = readFileSync(new URL('../rules/ili-yining/2023-01-01.yaml', import.meta.url), 'utf8')

/** The patient of most bills: on the roster as dibao since 2020. */
export const SOMEBODY: Person = { id: residentId(1), name: '阿依古丽·买买提' }
/** Known to the register, in no category. */
export const UNCATEGORISED: Person = { id: residentId(2), name: '王建国', categories: [] }

export interface Terminal {
  readonly id: string
  readonly key: string
  readonly hospital: string
}

/** What came back, with the body read. */
export interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape, and name what they expect
  readonly json: any
}

export interface Asking {
  readonly body?: unknown
  /** Sent as it is instead of `body`. */
  readonly raw?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
  readonly key?: string
  readonly terminal?: Terminal
  readonly token?: string
  readonly headers?: Record<string, string>
}

export interface World {
  readonly engine: Engine
  readonly place: Place
  readonly store: AnyStore
  readonly service: Service
  readonly terminal: Terminal
  /** Of the same hospital as `terminal`. */
  readonly second: Terminal
  readonly stranger: Terminal
  readonly log: string[]
  /** What the service takes for now; a test may move it. */
  clock: number
  call(method: string, path: string, asking?: Asking): Promise<Answer>
  settle(bill: object, key?: string, terminal?: Terminal): Promise<Answer>
  reverse(no: string, key?: string, terminal?: Terminal): Promise<Answer>
  addTerminal(hospital: string, signed?: boolean): Promise<Terminal>
  addStaff(...roles: Role[]): Promise<{ id: string; token: string }>
  register(...people: Person[]): Promise<void>
  publish(text: string): Promise<void>
}

let made = 0
/** A fresh idempotency key. */
export const newKey = (): string => `test-key-${String(++made).padStart(12, '0')}`

/** Sends one request to an app and reads the answer. */
export async function ask(app: Service['app'], method: string, path: string, asking: Asking = {}): Promise<Answer> {
  const { body, raw, key, terminal, token, headers = {} } = asking
  const bearer = terminal?.key ?? token
  const content = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  const response = await app.request(path, {
    method,
    headers: {
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...headers,
    },
    ...(content === undefined ? {} : { body: content, duplex: 'half' }),
  })
  const text = await response.text()
  const isJson = /^application\/(?:problem\+)?json\b/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, text, headers: response.headers, json: isJson ? JSON.parse(text) : null }
}

/** A hospital bill of 20,700.00 whose assistance is base × 75% for SOMEBODY. */
export function bill(change: Record<string, unknown> = {}): Record<string, unknown> & { bill_no: string } {
  return {
    bill_no: `ZY${String(++made).padStart(8, '0')}`,
    visit_no: 'ZY0031',
    care_type: 'inpatient',
    patient: { id_type: 'resident_id', id_number: SOMEBODY.id, name: SOMEBODY.name },
    insurance: { type: 'resident', admdvs: '654002' },
    admitted_on: '2026-10-20',
    discharged_on: '2026-10-28',
    diagnoses: [{ code: 'I21.9', name: '急性心肌梗死' }],
    amounts: { total_cost: '4000.00', policy_scope_cost: '4000.00', basic_insurance_paid: '3000.00' },
    ...change,
  }
}

export const patientOf = (p: Person) => ({ id_type: 'resident_id', id_number: p.id, name: p.name })

/** A bill whose base, the part of the scope the patient is left with, is `base` yuan. */
export const billOf = (p: Person, base: string, change: Record<string, unknown> = {}) =>
  bill({ patient: patientOf(p), amounts: { total_cost: base, policy_scope_cost: base }, ...change })

export const TODAY = Date.parse('2026-11-01T10:00:00+08:00')

/** Assembles the service on a store that may be in use already. */
export function serviceOn(place: Place, store: AnyStore, log: string[], now: () => number): Service {
  const config = readConfig({
    DATA_DIR: place.dataDir,
    ...(place.databaseUrl ? { DATABASE_URL: place.databaseUrl } : {}),
  })
  const unknown = () => log.push('{"msg":"unknown outcome"}')
  return assemble(config, store, pino({ level: 'debug' }, { write: (line) => log.push(line) }), unknown, now)
}

/** A fresh store with two hospitals, three terminals, two people and one rule, and the service upon it. */
export async function openWorld(engine: Engine, open: Open): Promise<World> {
  const fresh = await migratedPlace(engine)
  const store = await open(fresh)
  // Without `remove`: whoever opens this place again must not take it away a second time.
  const place = { dataDir: fresh.dataDir, databaseUrl: fresh.databaseUrl }
  const log: string[] = []
  const service = serviceOn(place, store, log, () => world.clock)
  const { deps } = service
  const addOne = async (hospital: string, signed = false): Promise<Terminal> => ({
    ...(await done(addTerminal(deps, OPERATOR, { hospital, label: '1 号窗口', signed }))),
    hospital,
  })
  const settle: World['settle'] = (body, key = newKey(), terminal = world.terminal) =>
    ask(service.app, 'POST', '/v1/settlements', { body, key, terminal })
  const world: World = {
    engine,
    place,
    store,
    service,
    log,
    clock: TODAY,
    ...(await furnish()),
    call: (method, path, asking) => ask(service.app, method, path, asking),
    settle,
    reverse: (no, key = newKey(), terminal = world.terminal) =>
      ask(service.app, 'POST', `/v1/settlements/${no}/reversal`, { body: { reason: '录入有误' }, key, terminal }),
    addTerminal: addOne,
    addStaff: (...roles) => done(addStaff(deps, OPERATOR, { name: '测试员', roles })),
    register: (...people) => register(deps, people),
    publish: (text) => publishRule(deps, text),
  }
  async function furnish() {
    const then = { ...deps, now: () => TODAY }
    for (const code of [HOSPITAL, OTHER_HOSPITAL])
      await done(designate(then, OPERATOR, { code, name: `医院 ${code.slice(-1)}`, level: 2, admdvs: '654002' }))
    const add = async (hospital: string) => ({
      ...(await done(addTerminal(then, OPERATOR, { hospital, label: '窗口', signed: false }))),
      hospital,
    })
    await publishRule(then, RULE)
    await register(then, [SOMEBODY, UNCATEGORISED])
    return { terminal: await add(HOSPITAL), second: await add(HOSPITAL), stranger: await add(OTHER_HOSPITAL) }
  }
  return world
}

export { ROLES }
