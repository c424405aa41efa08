import { z } from 'zod'
import { designate } from '../hospitals/designate.ts'
import { hisMode } from '../hospitals/his.ts'
import { admdvsCode, hospitalCode, hospitalLabel, hospitalLevel } from '../hospitals/hospital.ts'
import { listHospitals } from '../hospitals/list.ts'
import { setHis } from '../hospitals/set-his.ts'
import { resume, type StatusChange, suspend } from '../hospitals/suspend.ts'
import type { Command, Typed, Work } from './command.ts'
import { told, typedAs } from './say.ts'

const designation = z.strictObject({
  code: hospitalCode,
  name: hospitalLabel,
  level: z.enum(['1', '2', '3'], '医院级别：1、2 或 3').transform(Number).pipe(hospitalLevel),
  admdvs: admdvsCode,
})
const statusChange = z.strictObject({ code: hospitalCode, reason: hospitalLabel.default('运维办理') })
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
    name: 'hospital his',
    usage: '--code H65400200001 --mode second_step|in_between',
    does: '医院在国家接口链中的位置：先结医保再报本系统，或由本系统转医保平台 · its place in the chain',
    options: { code: text, mode: text },
    words: [0, 0],
    needs: 'store',
    plan: (typed) => {
      const standing = typedAs(z.strictObject({ code: hospitalCode, mode: hisMode }), typed.options)
      return async ({ deps, caller }, io) =>
        told(io, await setHis(deps, caller, standing), (h) => void io.out(`${h.code}：${h.mode}`))
    },
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
