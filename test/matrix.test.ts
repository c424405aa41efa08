import { beforeAll, describe, expect, test } from 'vitest'
import { revokeStaff } from '../src/access/revoke-staff.ts'
import { REFUSALS, type RefusalCode } from '../src/kernel/refusal.ts'
import { eachEngine } from './engines.ts'
import { done, OPERATOR } from './people.ts'
import { type Answer, type Asking, bill, HOSPITAL, newKey, OTHER_HOSPITAL, openWorld, type World } from './world.ts'

/**
 * S3: who may call what, written down a second time and by hand: a slip in the table of permissions, or a route that
 * nobody has thought about, does not pass here.
 */
const CALLERS = [
  'anonymous',
  'revoked',
  'terminal',
  'stranger',
  'rule_editor',
  'approver',
  'register_clerk',
  'auditor',
  'administrator',
] as const
type CallerName = (typeof CALLERS)[number]
const TERMINALS = ['terminal', 'stranger'] as const
const ALL = CALLERS
const MATRIX: Readonly<Record<string, readonly CallerName[]>> = {
  'POST /v1/eligibility': TERMINALS,
  'POST /v1/settlements/preview': TERMINALS,
  'POST /v1/settlements': TERMINALS,
  'GET /v1/settlements': TERMINALS,
  'GET /v1/settlements/:no': TERMINALS,
  'POST /v1/settlements/:no/reversal': TERMINALS,
  'GET /v1/settlements/:no/statement': TERMINALS,
  'POST /v1/reconciliations': TERMINALS,
  'POST /v1/register/drafts': ['register_clerk'],
  'GET /v1/register/drafts/:id': ['register_clerk', 'approver'],
  'POST /v1/register/drafts/:id/approval': ['approver'],
  'POST /v1/register/persons/search': ['register_clerk', 'approver'],
  'GET /v1/tasks': ['register_clerk', 'approver'],
  'GET /v1/missed-assistance': ['register_clerk', 'approver'],
  'GET /v1/hospitals': ['auditor', 'administrator'],
  'POST /v1/hospitals': ['administrator'],
  'POST /v1/hospitals/:code/status': ['administrator'],
  'GET /v1/hospitals/:code/terminals': ['auditor', 'administrator'],
  'POST /v1/hospitals/:code/terminals': ['administrator'],
  'POST /v1/terminals/:id/revocation': ['administrator'],
  'GET /v1/his': ['auditor', 'administrator'],
  'POST /v1/hospitals/:code/his': ['administrator'],
  'GET /v1/upstreams': ['auditor', 'administrator'],
  'POST /v1/upstreams': ['administrator'],
  'POST /v1/staff': ['administrator'],
  'POST /v1/staff/:id/revocation': ['administrator'],
  'GET /v1/rules': ['rule_editor', 'approver', 'auditor'],
  'GET /v1/rules/drafts/:id': ['rule_editor', 'approver', 'auditor'],
  'GET /v1/rules/diff': ['rule_editor', 'approver', 'auditor'],
  'POST /v1/rules/check': ['rule_editor', 'approver'],
  'POST /v1/rules/drafts': ['rule_editor'],
  'POST /v1/rules/drafts/:id/approval': ['approver'],
  'GET /v1/reports/settlements.csv': ['auditor'],
  'GET /v1/reports/settlements.jsonl': ['auditor'],
  'GET /v1/audit/records': ['auditor'],
  'GET /v1/audit/checkpoint': ['auditor'],
  'POST /v1/audit/verification': ['auditor'],
  'POST /his': TERMINALS,
  'POST /his/:infno': TERMINALS,
  'POST /fsi/api/:service/:method': TERMINALS,
  'GET /healthz': ALL,
  'GET /readyz': ALL,
  'GET /metrics': ALL,
  'GET /problems/:code': ALL,
  'GET /openapi.json': ALL,
  'GET /docs': ALL,
  'GET /docs/start.js': ALL,
  'GET /docs/swagger-ui.css': ALL,
  'GET /docs/swagger-ui-bundle.js': ALL,
}

eachEngine((engine, open) => {
  let w: World
  let settled: Answer
  const as = {} as Record<CallerName, Asking>
  beforeAll(async () => {
    w = await openWorld(engine, open)
    const staff = async (role: Parameters<World['addStaff']>[0]) => ({ token: (await w.addStaff(role)).token })
    const gone = await w.addStaff('administrator', 'auditor', 'approver', 'register_clerk', 'rule_editor')
    await done(revokeStaff(w.service.deps, OPERATOR, gone.id))
    Object.assign(as, {
      anonymous: {},
      revoked: { token: gone.token },
      terminal: { terminal: w.terminal },
      stranger: { terminal: w.stranger },
      rule_editor: await staff('rule_editor'),
      approver: await staff('approver'),
      register_clerk: await staff('register_clerk'),
      auditor: await staff('auditor'),
      administrator: await staff('administrator'),
    })
    settled = await w.settle(bill())
  })

  const addressed = (path: string) =>
    path
      .replace(':no', settled.json.settlement_no)
      .replace(':code', path.startsWith('/problems') ? 'forbidden' : HOSPITAL)
      .replace(':id', 'none')
      .replace(':infno', '9001')
      .replace(':service/:method', 'signInSignOutService/signIn')
  const call = (route: string, caller: CallerName) => {
    const [method = '', path = ''] = route.split(' ')
    return w.call(method, addressed(path), { ...as[caller], ...(method === 'POST' ? { body: {} } : {}) })
  }

  test('every route of the service has its row here, and every row its route', () => {
    const routes = w.service.app.routes.filter((r) => r.method !== 'ALL').map((r) => `${r.method} ${r.path}`)
    expect([...new Set(routes)].sort()).toEqual(Object.keys(MATRIX).sort())
  })

  describe.each(Object.keys(MATRIX))('%s', (route) => {
    const allowed = MATRIX[route] ?? []
    // The national interface says every no with 200, and which one at the end of its words.
    const isHis = /^POST \/(his|fsi)\b/.test(route)
    const said = async (caller: CallerName) => {
      const { status, json } = await call(route, caller)
      if (!isHis) return [status, json?.code]
      expect(status).toBe(200)
      const code = /\[(\w+)\]$/.exec(json.err_msg)?.[1] as RefusalCode | undefined
      return code ? [REFUSALS[code].status, code] : [200, undefined]
    }
    test.each(CALLERS.filter((c) => !allowed.includes(c)))('not for %s', async (caller) => {
      const stranger = caller === 'anonymous' || caller === 'revoked'
      expect(await said(caller)).toEqual(stranger ? [401, 'unauthenticated'] : [403, 'forbidden'])
    })
    test.each(allowed)('for %s', async (caller) => {
      expect([401, 403, 405, 500, 503]).not.toContain((await said(caller))[0])
    })
  })

  describe('what belongs to one hospital', () => {
    const no = () => settled.json.settlement_no
    test.each([
      ['read', (asking: Asking) => w.call('GET', `/v1/settlements/${no()}`, asking)],
      [
        'found by its bill',
        (asking: Asking) => w.call('GET', `/v1/settlements?bill_no=${settled.json.bill_no}`, asking),
      ],
      ['printed', (asking: Asking) => w.call('GET', `/v1/settlements/${no()}/statement`, asking)],
      [
        'reversed',
        (asking: Asking) =>
          w.call('POST', `/v1/settlements/${no()}/reversal`, { ...asking, key: newKey(), body: { reason: '试' } }),
      ],
    ])('is %s by its own terminals and by no other', async (_, ask) => {
      const theirs = await ask({ terminal: w.stranger })
      expect([theirs.status, theirs.json.code]).toEqual([404, 'settlement_not_found'])
      expect([200, 201]).toContain((await ask({ terminal: w.second })).status)
    })
  })

  test('an account of several roles may what each of them may, and nothing else', async () => {
    const token = (await w.addStaff('auditor', 'register_clerk')).token
    await new Promise((resolve) => setTimeout(resolve, 1100))
    const status = async (path: string) => (await w.call('GET', path, { token })).status
    expect([
      await status('/v1/audit/records'),
      await status('/v1/tasks'),
      await status('/v1/settlements?bill_no=x'),
    ]).toEqual([200, 200, 403])
    expect((await w.call('POST', `/v1/hospitals/${OTHER_HOSPITAL}/status`, { token, body: {} })).status).toBe(403)
  })
})
