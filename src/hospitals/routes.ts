import { z } from 'zod'
import type { Deps } from '../access/act.ts'
import type { Door } from '../door/call.ts'
import { formatInstant } from '../kernel/day.ts'
import { isRefusal, refuse } from '../kernel/refusal.ts'
import { readSm2Key } from '../kernel/sm2.ts'
import { addTerminal } from './add-terminal.ts'
import { designate } from './designate.ts'
import { foreignSecret, hisMode, paasid, SM2_KEY, UPSTREAM_STYLES, upstreamOf } from './his.ts'
import { admdvsCode, hospitalCode, hospitalLabel, hospitalLevel } from './hospital.ts'
import { listHis, listHospitals, listTerminals, listUpstreams } from './list.ts'
import { revokeTerminal } from './revoke-terminal.ts'
import { setHis, setUpstream } from './set-his.ts'
import { resume, suspend } from './suspend.ts'

const designation = { code: hospitalCode, name: hospitalLabel, level: hospitalLevel, admdvs: admdvsCode }
const hospital = z.strictObject({ ...designation, suspended: z.boolean() }).meta({ id: 'Hospital' })
const terminal = z
  .strictObject({
    id: z.string(),
    label: z.string(),
    signed: z.boolean(),
    paasid: z.string().nullable().describe('name for `x-tif-*` headers; null: not needed'),
    sm2: z.string().nullable().describe('SM2 public key; null: envelopes need no signature'),
    created_at: z.string(),
    revoked_at: z.string().nullable(),
  })
  .meta({ id: 'Terminal' })
const withKey = z
  .strictObject({
    id: z.string(),
    key: z.string().describe('told here and never again'),
    tif: z.strictObject({ paasid: z.string(), secret: z.string() }).nullable().describe('told here and never again'),
  })
  .meta({ id: 'TerminalKey' })
const newTerminal = z.strictObject({
  label: hospitalLabel,
  signed: z.boolean().default(false),
  key: foreignSecret.optional().describe('a key the hospital uses already; left out, one is made'),
  tif: z
    .strictObject({ paasid: paasid.optional(), secret: foreignSecret.optional() })
    .optional()
    .describe('it must sign `x-tif-*` headers; what is left out is made'),
  sm2: z.string().max(400).optional().describe('SM2 public key in hex, base 64 or PEM: it must sign its envelopes'),
})
const standing = z.strictObject({ code: hospitalCode, mode: hisMode }).meta({ id: 'HospitalHis' })
const upstream = z
  .strictObject({
    admdvs: admdvsCode,
    url: z.string(),
    style: z.enum(UPSTREAM_STYLES),
    timeout_ms: z.int(),
    credential: z.boolean().describe('whether calls of our own are signed'),
    at: z.string(),
  })
  .meta({ id: 'Upstream' })
const ofHospital = z.strictObject({ code: hospitalCode })

/** Designated hospitals and their terminals, for administrators. */
export function hospitalRoutes(doors: Door, deps: Deps): void {
  doors.open(
    {
      method: 'get',
      path: '/v1/hospitals',
      permission: 'hospitals.read',
      id: 'listHospitals',
      tag: 'hospitals',
      summary: 'Designated hospitals as they stand',
      answers: { 200: { description: 'by code', schema: z.strictObject({ hospitals: z.array(hospital) }) } },
    },
    async ({ caller }) => {
      const found = await listHospitals(deps, caller)
      return isRefusal(found) ? found : { status: 200, json: { hospitals: found } }
    },
  )
  doors.open(
    {
      method: 'post',
      path: '/v1/hospitals',
      permission: 'hospitals.write',
      id: 'designateHospital',
      tag: 'hospitals',
      summary: 'Designate a hospital',
      body: z.strictObject(designation),
      answers: { 201: { description: 'its terminals may settle', schema: hospital } },
      refusals: ['already_done'],
    },
    async ({ caller, body }) => {
      const done = await designate(deps, caller, body)
      return isRefusal(done) ? done : { status: 201, json: done }
    },
  )
  doors.open(
    {
      method: 'post',
      path: '/v1/hospitals/{code}/status',
      permission: 'hospitals.write',
      id: 'setHospitalStatus',
      tag: 'hospitals',
      summary: 'Suspend or resume a hospital',
      params: ofHospital,
      body: z.strictObject({ suspended: z.boolean(), reason: hospitalLabel }),
      answers: { 200: { description: 'the hospital as it stands now', schema: hospital } },
      refusals: ['record_not_found', 'already_done'],
    },
    async ({ caller, params, body }) => {
      const change = { code: params.code, reason: body.reason }
      const done = await (body.suspended ? suspend : resume)(deps, caller, change)
      return isRefusal(done) ? done : { status: 200, json: done }
    },
  )
  terminalRoutes(doors, deps)
  chainRoutes(doors, deps)
}

function terminalRoutes(doors: Door, deps: Deps): void {
  doors.open(
    {
      method: 'get',
      path: '/v1/hospitals/{code}/terminals',
      permission: 'hospitals.read',
      id: 'listTerminals',
      tag: 'hospitals',
      summary: 'Terminals of a hospital, without their keys',
      params: ofHospital,
      answers: { 200: { description: 'the oldest first', schema: z.strictObject({ terminals: z.array(terminal) }) } },
    },
    async ({ caller, params }) => {
      const found = await listTerminals(deps, caller, params.code)
      if (isRefusal(found)) return found
      const terminals = found.map((t) => ({
        ...t,
        created_at: formatInstant(t.created_at),
        revoked_at: t.revoked_at === null ? null : formatInstant(t.revoked_at),
      }))
      return { status: 200, json: { terminals } }
    },
  )
  doors.open(
    {
      method: 'post',
      path: '/v1/hospitals/{code}/terminals',
      permission: 'hospitals.write',
      id: 'addTerminal',
      tag: 'hospitals',
      summary: 'Add a terminal; its key is told once',
      params: ofHospital,
      body: newTerminal,
      answers: { 201: { description: 'the key of the terminal', schema: withKey } },
      refusals: ['record_not_found', 'already_done'],
    },
    async ({ caller, params, body }) => {
      const { sm2, ...rest } = body
      const key = sm2 === undefined ? undefined : await readSm2Key(sm2)
      if (key === null) return refuse('invalid_request', `sm2：${SM2_KEY}`)
      const done = await addTerminal(deps, caller, { hospital: params.code, ...rest, sm2: key })
      return isRefusal(done) ? done : { status: 201, json: done }
    },
  )
  doors.open(
    {
      method: 'post',
      path: '/v1/terminals/{id}/revocation',
      permission: 'hospitals.write',
      id: 'revokeTerminal',
      tag: 'hospitals',
      summary: 'Revoke the key of a terminal, for good',
      params: z.strictObject({ id: z.string().regex(/^[0-9A-Za-z-]{1,40}$/, '终端编号') }),
      body: z.strictObject({}),
      answers: { 200: { description: 'the key counts no more', schema: z.strictObject({ id: z.string() }) } },
      refusals: ['record_not_found', 'already_done'],
    },
    async ({ caller, params }) => {
      const done = await revokeTerminal(deps, caller, params.id)
      return isRefusal(done) ? done : { status: 200, json: done }
    },
  )
}

/** How hospitals stand in the chain of the national interface, and the insurance platforms of the areas. */
function chainRoutes(doors: Door, deps: Deps): void {
  doors.open(
    {
      method: 'get',
      path: '/v1/his',
      permission: 'hospitals.read',
      id: 'listHis',
      tag: 'hospitals',
      summary: 'How each hospital stands in the chain of the national interface',
      answers: { 200: { description: 'by code', schema: z.strictObject({ hospitals: z.array(standing) }) } },
    },
    async ({ caller }) => {
      const found = await listHis(deps, caller)
      return isRefusal(found) ? found : { status: 200, json: { hospitals: found } }
    },
  )
  doors.open(
    {
      method: 'post',
      path: '/v1/hospitals/{code}/his',
      permission: 'hospitals.write',
      id: 'setHospitalHis',
      tag: 'hospitals',
      summary: 'Set how a hospital stands in the chain of the national interface',
      params: ofHospital,
      body: z.strictObject({ mode: hisMode }),
      answers: { 200: { description: 'as it stands from now on', schema: standing } },
      refusals: ['record_not_found', 'already_done'],
    },
    async ({ caller, params, body }) => {
      const done = await setHis(deps, caller, { code: params.code, mode: body.mode })
      return isRefusal(done) ? done : { status: 200, json: done }
    },
  )
  doors.open(
    {
      method: 'get',
      path: '/v1/upstreams',
      permission: 'hospitals.read',
      id: 'listUpstreams',
      tag: 'hospitals',
      summary: 'Insurance platforms as they stand, without their credentials',
      answers: { 200: { description: 'by area', schema: z.strictObject({ upstreams: z.array(upstream) }) } },
    },
    async ({ caller }) => {
      const found = await listUpstreams(deps, caller)
      if (isRefusal(found)) return found
      return { status: 200, json: { upstreams: found.map((u) => ({ ...u, at: formatInstant(u.at) })) } }
    },
  )
  doors.open(
    {
      method: 'post',
      path: '/v1/upstreams',
      permission: 'hospitals.write',
      id: 'setUpstream',
      tag: 'hospitals',
      summary: 'Set the insurance platform of an area',
      body: upstreamOf,
      answers: { 200: { description: 'from now on', schema: upstream } },
    },
    async ({ caller, body }) => {
      const done = await setUpstream(deps, caller, body)
      return isRefusal(done) ? done : { status: 200, json: { ...done, at: formatInstant(done.at) } }
    },
  )
}
