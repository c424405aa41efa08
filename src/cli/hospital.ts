import { z } from 'zod'
import { addTerminal } from '../hospitals/add-terminal.ts'
import { designate } from '../hospitals/designate.ts'
import { admdvsCode, hospitalCode, hospitalLabel, hospitalLevel } from '../hospitals/hospital.ts'
import { listHospitals, listTerminals } from '../hospitals/list.ts'
import { revokeTerminal } from '../hospitals/revoke-terminal.ts'
import { resume, type StatusChange, suspend } from '../hospitals/suspend.ts'
import { formatInstant } from '../kernel/day.ts'
import type { Command, Typed, Work } from './command.ts'
import { told, typedAs } from './say.ts'

const designation = z.strictObject({
  code: hospitalCode,
  name: hospitalLabel,
  level: z.enum(['1', '2', '3'], '医院级别：1、2 或 3').transform(Number).pipe(hospitalLevel),
  admdvs: admdvsCode,
})
const statusChange = z.strictObject({ code: hospitalCode, reason: hospitalLabel.default('运维办理') })
const newTerminal = z.strictObject({
  hospital: hospitalCode,
  label: hospitalLabel.default('终端'),
  signed: z.boolean().default(false),
})
const known = z.strictObject({ id: z.string('须填编号').min(1, '须填编号') })
const text = { type: 'string' } as const

function setStatus(verb: typeof suspend, done: string, typed: Typed): Work {
  const change: StatusChange = typedAs(statusChange, typed.options)
  return async ({ deps, caller }, io) =>
    told(io, await verb(deps, caller, change), (h) => void io.out(`${h.code} ${h.name}：${done}`))
}

export const hospitalCommands: readonly Command[] = [
  {
    name: 'hospital add',
    usage: '--code H65400200001 --name … --level 1|2|3 --admdvs 654002',
    does: '定点一家医院 · designates a hospital',
    options: { code: text, name: text, level: text, admdvs: text },
    words: [0, 0],
    needs: 'store',
    plan: (typed) => {
      const hospital = typedAs(designation, typed.options)
      return async ({ deps, caller }, io) =>
        told(io, await designate(deps, caller, hospital), (h) => void io.out(`${h.code} ${h.name}：已定点 designated`))
    },
  },
  {
    name: 'hospital suspend',
    usage: '--code H65400200001 [--reason …]',
    does: '暂停一家医院的结算资格 · its terminals are refused from now on',
    options: { code: text, reason: text },
    words: [0, 0],
    needs: 'store',
    plan: (typed) => setStatus(suspend, '已暂停 suspended', typed),
  },
  {
    name: 'hospital resume',
    usage: '--code H65400200001 [--reason …]',
    does: '恢复一家医院的结算资格 · its terminals may settle again',
    options: { code: text, reason: text },
    words: [0, 0],
    needs: 'store',
    plan: (typed) => setStatus(resume, '已恢复 resumed', typed),
  },
  {
    name: 'hospital list',
    usage: '',
    does: '列出定点医疗机构 · lists designated hospitals',
    options: {},
    words: [0, 0],
    needs: 'store',
    plan:
      () =>
      async ({ deps, caller }, io) =>
        told(io, await listHospitals(deps, caller), (all) => {
          for (const h of all)
            io.out(
              `${h.code}\t${h.level}\t${h.admdvs}\t${h.suspended ? '暂停 suspended' : '定点 designated'}\t${h.name}`,
            )
          return 0
        }),
  },
]

export const terminalCommands: readonly Command[] = [
  {
    name: 'terminal add',
    usage: '--hospital H65400200001 [--label …] [--signed]',
    does: '建立一台终端；密钥只显示这一次，独占最后一行 · prints the key, once, alone on the last line',
    options: { hospital: text, label: text, signed: { type: 'boolean' } },
    words: [0, 0],
    needs: 'store',
    plan: (typed) => {
      const terminal = typedAs(newTerminal, typed.options)
      return async ({ deps, caller }, io) =>
        told(io, await addTerminal(deps, caller, terminal), (t) => {
          io.out(`终端 terminal ${t.id}：${terminal.hospital}${terminal.signed ? '，须签名 must sign' : ''}`)
          io.out(t.key)
          return 0
        })
    },
  },
  {
    name: 'terminal revoke',
    usage: '--id T…',
    does: '停用一台终端的密钥，不可恢复 · revokes a key for good',
    options: { id: text },
    words: [0, 0],
    needs: 'store',
    plan: (typed) => {
      const { id } = typedAs(known, typed.options)
      return async ({ deps, caller }, io) =>
        told(io, await revokeTerminal(deps, caller, id), (t) => void io.out(`${t.id}：已停用 revoked`))
    },
  },
  {
    name: 'terminal list',
    usage: '--hospital H65400200001',
    does: '列出一家医院的终端，不含密钥 · lists the terminals of a hospital, without keys',
    options: { hospital: text },
    words: [0, 0],
    needs: 'store',
    plan: (typed) => {
      const { hospital } = typedAs(newTerminal.pick({ hospital: true }), typed.options)
      return async ({ deps, caller }, io) =>
        told(io, await listTerminals(deps, caller, hospital), (all) => {
          for (const t of all) {
            const state = t.revoked_at === null ? '在用 active' : `停用 revoked ${formatInstant(t.revoked_at)}`
            io.out(`${t.id}\t${t.signed ? '签名 signed' : '-'}\t${state}\t${t.label}`)
          }
          return 0
        })
    },
  },
]
