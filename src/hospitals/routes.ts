import { z } from 'zod'
import type { Deps } from '../access/act.ts'
import type { Door } from '../door/call.ts'
import { formatInstant } from '../kernel/day.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { addTerminal } from './add-terminal.ts'
import { designate } from './designate.ts'
import { admdvsCode, hospitalCode, hospitalLabel, hospitalLevel } from './hospital.ts'
import { listHospitals, listTerminals } from './list.ts'
import { revokeTerminal } from './revoke-terminal.ts'
import { resume, suspend } from './suspend.ts'

const designation = { code: hospitalCode, name: hospitalLabel, level: hospitalLevel, admdvs: admdvsCode }
const hospital = z.strictObject({ ...designation, suspended: z.boolean() }).meta({ id: 'Hospital' })
const terminal = z
  .strictObject({
    id: z.string(),
    label: z.string(),
    signed: z.boolean(),
    created_at: z.string(),
    revoked_at: z.string().nullable(),
  })
  .meta({ id: 'Terminal' })
const withKey = z
  .strictObject({ id: z.string(), key: z.string().describe('told here and never again') })
  .meta({ id: 'TerminalKey' })
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
      body: z.strictObject({ label: hospitalLabel, signed: z.boolean().default(false) }),
      answers: { 201: { description: 'the key of the terminal', schema: withKey } },
      refusals: ['record_not_found'],
    },
    async ({ caller, params, body }) => {
      const done = await addTerminal(deps, caller, { hospital: params.code, ...body })
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
