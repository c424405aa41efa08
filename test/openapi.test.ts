import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createApp } from '../src/app.ts'
import { eachEngine } from './engines.ts'
import { message, publishCodes, signIn } from './his-message.ts'
import { residentId } from './people.ts'
import { ROOT } from './sources.ts'
import {
  type Answer,
  type Asking,
  bill,
  billOf,
  HOSPITAL,
  newKey,
  openWorld,
  patientOf,
  RULE,
  SOMEBODY,
  type World,
} from './world.ts'

interface Described {
  readonly content?: Record<string, { schema?: object }>
}
interface Document {
  readonly paths: Record<string, Record<string, { operationId: string; responses: Record<string, Described> }>>
  readonly components: { schemas: Record<string, object> }
}

/** The document's schemas, so that references of one to another are found. */
type JsonSchema = Parameters<typeof z.fromJSONSchema>[0] & object
const inPlace = (schema: object): JsonSchema =>
  JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/'))

/** The operation an address belongs to: the one that fits literally, else the one that fits with parameters. */
function operationOf(document: Document, method: string, path: string) {
  const parts = path.replace(/\?.*$/, '').split('/')
  const fits = (template: string, literally: boolean) => {
    const wanted = template.split('/')
    return wanted.length === parts.length && wanted.every((w, i) => w === parts[i] || (!literally && w.startsWith('{')))
  }
  const templates = Object.keys(document.paths)
  const template = templates.find((t) => fits(t, true)) ?? templates.find((t) => fits(t, false)) ?? ''
  return document.paths[template]?.[method.toLowerCase()]
}

/** What is wrong with an answer, going by the document. */
function faultsOf(document: Document, method: string, path: string, answer: Answer): string[] {
  const operation = operationOf(document, method, path)
  if (!operation) return [`${method} ${path} is not in the document`]
  const where = `${operation.operationId} ${answer.status}`
  const described = operation.responses[String(answer.status)]
  if (!described) return [`${where} is not described`]
  const media = answer.headers.get('content-type')?.split(';')[0] ?? ''
  const content = described.content?.[media]
  if (!content?.schema) return [`${where} is not described as ${media}`]
  if (!media.endsWith('json')) return []
  const $defs = inPlace(document.components.schemas)
  const parsed = z
    .fromJSONSchema({ ...inPlace(content.schema), $defs: $defs as Record<string, JsonSchema> })
    .safeParse(answer.json)
  return parsed.success ? [] : [`${where}: ${z.prettifyError(parsed.error)}`]
}

eachEngine((engine, open) => {
  let w: World
  let document: Document
  const used = new Set<string>()
  const staff = {} as Record<'administrator' | 'auditor' | 'register_clerk' | 'approver' | 'rule_editor', string>

  beforeAll(async () => {
    w = await openWorld(engine, open)
    document = (await w.call('GET', '/openapi.json')).json
    for (const role of ['administrator', 'auditor', 'register_clerk', 'approver', 'rule_editor'] as const)
      staff[role] = (await w.addStaff(role)).token
  })

  const check = async (method: string, path: string, asking: Asking = {}) => {
    const answer = await w.call(method, path, asking)
    used.add(operationOf(document, method, path)?.operationId ?? '')
    expect(faultsOf(document, method, path, answer)).toEqual([])
    return answer
  }

  test('every answer at the counter is one the document describes', async () => {
    const { terminal } = w
    const body = bill()
    const post = (path: string, asking: Asking) => check('POST', path, { terminal, key: newKey(), ...asking })
    await post('/v1/settlements/preview', { body })
    const { json } = await post('/v1/settlements', { body })
    await post('/v1/settlements', { body: billOf({ id: residentId(2), name: '王建国' }, '10.00') })
    for (const query of [`/${json.settlement_no}`, `?bill_no=${body.bill_no}`, '?bill_no=none', '?x=1', '/0000000000'])
      await check('GET', `/v1/settlements${query}`, { terminal })
    await check('GET', `/v1/settlements/${json.settlement_no}/statement`, { terminal })
    const { json: reversal } = await post(`/v1/settlements/${json.settlement_no}/reversal`, { body: { reason: '试' } })
    await check('GET', `/v1/settlements/${json.settlement_no}`, { terminal })
    await check('GET', `/v1/settlements/${reversal.settlement_no}`, { terminal })
    await post('/v1/eligibility', { body: { patient: patientOf(SOMEBODY) } })
    await post('/v1/eligibility', { body: { patient: patientOf({ id: residentId(3), name: '无' }) } })
    const amounts = { total_cost: '1.00', assistance_paid: '-1.00' }
    for (const asked of [{ totals: { count: 1, ...amounts } }, { rows: [{ settlement_no: 'x', ...amounts }] }, {}])
      await post('/v1/reconciliations', { body: { from: '2026-11-01', ...asked } })
  })

  test('every refusal at the counter is one the document describes', async () => {
    const { terminal } = w
    const path = '/v1/settlements'
    const body = bill()
    await w.settle(body)
    const seen: string[] = []
    for (const asking of [
      { body },
      { body: { ...body, bill_no: '' } },
      { body: { ...bill(), amounts: { total_cost: '1.00' } } },
      { body: billOf({ id: residentId(4), name: '无' }, '1.00') },
      { body: billOf({ ...SOMEBODY, name: '无' }, '1.00') },
      { body: bill({ insurance: { type: 'none', admdvs: '110000' } }) },
      { body: bill({ admitted_on: '2020-01-01', discharged_on: '2020-01-01' }) },
      { raw: '{' },
      { raw: `"${'a'.repeat(1_100_000)}"` },
      { raw: 'x', headers: { 'content-type': 'text/plain' } },
      { body, terminal: { ...terminal, key: 'x' } },
      { body, terminal: undefined, token: staff.auditor },
      { body, key: 'short' },
    ] as Asking[]) {
      seen.push((await check('POST', path, { terminal, key: newKey(), ...asking })).json.code)
    }
    expect(new Set(seen).size).toBe(13)
  })

  test('every answer to the office is one the document describes', async () => {
    const by = (role: keyof typeof staff, more: Asking = {}) => ({ token: staff[role], ...more })
    for (const path of ['/v1/hospitals', `/v1/hospitals/${HOSPITAL}/terminals`])
      await check('GET', path, by('administrator'))
    const hospital = { code: 'H65400200009', name: '新医院', level: 3, admdvs: '654002' }
    for (let twice = 0; twice < 2; twice++)
      await check('POST', '/v1/hospitals', by('administrator', { body: hospital }))
    const status = { suspended: true, status: 'suspended', reason: '试' }
    await check('POST', '/v1/hospitals/H65400200009/status', by('administrator', { body: status }))
    const upstream = { admdvs: '654000', url: 'http://10.0.0.1', credential: { apikey: 'f3b1c0a98e7d46d2a1ce' } }
    for (const body of [upstream, { ...upstream, url: 'ftp://x' }])
      await check('POST', '/v1/upstreams', by('administrator', { body }))
    for (let twice = 0; twice < 2; twice++)
      await check('POST', `/v1/hospitals/${HOSPITAL}/his`, by('administrator', { body: { mode: 'in_between' } }))
    for (const path of ['/v1/his', '/v1/upstreams']) await check('GET', path, by('auditor'))
    const tif = { label: '3 号窗口', tif: { paasid: 'p1' }, sm2: 'none' }
    for (const body of [tif, { ...tif, sm2: undefined }, { ...tif, sm2: undefined }])
      await check('POST', `/v1/hospitals/${HOSPITAL}/terminals`, by('administrator', { body }))
    const window = { label: '2 号窗口', signed: true }
    const { json: added } = await check(
      'POST',
      `/v1/hospitals/${HOSPITAL}/terminals`,
      by('administrator', { body: window }),
    )
    await check('POST', `/v1/terminals/${added.id}/revocation`, by('administrator', { body: {} }))
    const { json: person } = await check(
      'POST',
      '/v1/staff',
      by('administrator', { body: { name: '乙', roles: ['auditor'] } }),
    )
    await check('POST', `/v1/staff/${person.id}/revocation`, by('administrator', { body: {} }))
    await check('POST', '/v1/register/persons/search', by('register_clerk', { body: { id_number: SOMEBODY.id } }))
    await check('GET', '/v1/tasks', by('approver'))
    for (const path of ['/v1/rules', '/v1/rules/drafts/none', '/v1/rules/diff?from=a&to=b'])
      await check('GET', path, by('auditor'))
    await check('POST', '/v1/rules/check', by('rule_editor', { body: { text: RULE } }))
    for (const path of [
      '/v1/audit/records?lane=ledger',
      '/v1/audit/checkpoint',
      '/v1/reports/settlements.jsonl',
      '/v1/reports/settlements.csv',
    ])
      await check('GET', path, by('auditor'))
    await check('POST', '/v1/audit/verification', by('auditor', { body: {} }))
  })

  test('every answer at the national interface is one the document describes', async () => {
    await publishCodes(w)
    for (const path of ['/his', '/his/9001', '/fsi/api/signInSignOutService/signIn'])
      for (const asking of [{ body: signIn() }, { raw: '{' }, { body: message('9999', {}) }, { body: {} }])
        await check('POST', path, { terminal: w.terminal, ...asking })
  })

  test('every answer of the service itself is one the document describes', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics', '/problems/forbidden', '/problems/none'])
      await check('GET', path)
  })

  test('nearly every operation was tried above', () => {
    const all = Object.values(document.paths).flatMap((p) => Object.values(p).map((o) => o.operationId))
    expect(all.filter((id) => !used.has(id)).length).toBeLessThan(7)
  })
})

async function documentText(): Promise<string> {
  // Only the list of addresses is asked of this app: it needs nothing it could reach.
  const app = createApp(
    new Proxy({}, { get: (_, name) => (name === 'allowedHosts' ? null : () => undefined) }) as never,
  )
  return (await app.request('/openapi.json')).text()
}

describe('the document', () => {
  test('holds patterns that a reader without our flags can use', async () => {
    const patterns = [...(await documentText()).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map((m) =>
      JSON.parse(m[1] ?? ''),
    )
    expect(patterns.length).toBeGreaterThan(10)
    expect(patterns.filter((p: string) => !/^\^.*\$$/.test(p) || /\\p/.test(p))).toEqual([])
  })

  test('is valid by the recommended rules of redocly, without an error or a warning', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assistance-openapi-'))
    writeFileSync(join(folder, 'openapi.json'), await documentText())
    const redocly = join(ROOT, 'node_modules', '.bin', 'redocly')
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
    const options = ['lint', join(folder, 'openapi.json'), '--extends', 'recommended', '--format', 'json']
    const run = spawnSync(redocly, options, { cwd: folder, env, encoding: 'utf8' })
    rmSync(folder, { recursive: true, force: true })
    const { totals, problems } = JSON.parse(run.stdout.slice(run.stdout.indexOf('{')))
    expect([totals, problems.map((p: { message: string }) => p.message)]).toEqual([
      { errors: 0, warnings: 0, ignored: 0 },
      [],
    ])
  })
})
