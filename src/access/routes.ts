import { z } from 'zod'
import type { Door } from '../door/call.ts'
import { isRefusal } from '../kernel/refusal.ts'
import type { Deps } from './act.ts'
import { addStaff, staffName } from './add-staff.ts'
import { ROLES } from './caller.ts'
import { revokeStaff } from './revoke-staff.ts'

const withToken = z
  .strictObject({ id: z.string(), token: z.string().describe('told here and never again') })
  .meta({ id: 'StaffToken' })

/** Staff accounts, for administrators. */
export function staffRoutes(doors: Door, deps: Deps): void {
  doors.open(
    {
      method: 'post',
      path: '/v1/staff',
      permission: 'staff.write',
      id: 'addStaff',
      tag: 'staff',
      summary: 'Add a staff account; its token is told once',
      body: z.strictObject({ name: staffName, roles: z.array(z.enum(ROLES)).min(1, '至少一个角色').max(ROLES.length) }),
      answers: { 201: { description: 'the token of the account', schema: withToken } },
    },
    async ({ caller, body }) => {
      const done = await addStaff(deps, caller, body)
      return isRefusal(done) ? done : { status: 201, json: done }
    },
  )
  doors.open(
    {
      method: 'post',
      path: '/v1/staff/{id}/revocation',
      permission: 'staff.write',
      id: 'revokeStaff',
      tag: 'staff',
      summary: 'Revoke the token of an account, for good',
      params: z.strictObject({ id: z.string().regex(/^[0-9A-Za-z-]{1,40}$/, '工作人员编号') }),
      body: z.strictObject({}),
      answers: { 200: { description: 'the token counts no more', schema: z.strictObject({ id: z.string() }) } },
      refusals: ['record_not_found', 'already_done'],
    },
    async ({ caller, params }) => {
      const done = await revokeStaff(deps, caller, params.id)
      return isRefusal(done) ? done : { status: 200, json: done }
    },
  )
}
