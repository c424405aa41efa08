import { z } from 'zod'
import { addStaff, staffName } from '../access/add-staff.ts'
import { ROLES } from '../access/caller.ts'
import { revokeStaff } from '../access/revoke-staff.ts'
import type { Command } from './command.ts'
import { told, typedAs } from './say.ts'

const newStaff = z.strictObject({
  name: staffName,
  role: z.array(z.enum(ROLES, `角色：${ROLES.join('、')}`), '至少一个角色').min(1, '至少一个角色'),
})
const known = z.strictObject({ id: z.string('须填编号').min(1, '须填编号') })

export const staffCommands: readonly Command[] = [
  {
    name: 'staff add',
    usage: `--name … --role ${ROLES.join('|')} [--role …]`,
    does: '建立一个工作人员账号；令牌只显示这一次，独占最后一行 · prints the token, once, alone on the last line',
    options: { name: { type: 'string' }, role: { type: 'string', multiple: true } },
    words: [0, 0],
    needs: 'store',
    plan: (typed) => {
      const { name, role } = typedAs(newStaff, typed.options)
      return async ({ deps, caller }, io) =>
        told(io, await addStaff(deps, caller, { name, roles: role }), (s) => {
          io.out(`工作人员 staff ${s.id}：${role.join('、')}`)
          io.out(s.token)
          return 0
        })
    },
  },
  {
    name: 'staff revoke',
    usage: '--id S…',
    does: '停用一个账号的令牌，不可恢复 · revokes a token for good',
    options: { id: { type: 'string' } },
    words: [0, 0],
    needs: 'store',
    plan: (typed) => {
      const { id } = typedAs(known, typed.options)
      return async ({ deps, caller }, io) =>
        told(io, await revokeStaff(deps, caller, id), (s) => void io.out(`${s.id}：已停用 revoked`))
    },
  },
]
