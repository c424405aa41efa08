import { z } from 'zod'
import { addTerminal, type NewTerminal } from '../hospitals/add-terminal.ts'
import { foreignSecret, paasid, SM2_KEY } from '../hospitals/his.ts'
import { hospitalCode, hospitalLabel } from '../hospitals/hospital.ts'
import { listTerminals } from '../hospitals/list.ts'
import { revokeTerminal } from '../hospitals/revoke-terminal.ts'
import { formatInstant } from '../kernel/day.ts'
import { readSm2Key } from '../kernel/sm2.ts'
import type { Command, Typed, Work } from './command.ts'
import { Misused, told, typedAs } from './say.ts'
import { secretIn } from './secret-file.ts'

const ofHospital = z.strictObject({ hospital: hospitalCode })
const newTerminal = ofHospital.extend({
  label: hospitalLabel.default('终端'),
  signed: z.boolean().default(false),
  'key-file': foreignSecret.optional(),
  tif: z.boolean().default(false),
  paasid: paasid.optional(),
  'secret-file': foreignSecret.optional(),
  sm2: z.string().optional(),
})
const known = z.strictObject({ id: z.string('须填编号').min(1, '须填编号') })
const text = { type: 'string' } as const

function planTerminal(typed: Typed): Work {
  const given = { ...typed.options }
  for (const name of ['key-file', 'secret-file'])
    if (typeof given[name] === 'string') given[name] = secretIn(name, given[name])
  const { hospital, label, signed, paasid: name, sm2, ...rest } = typedAs(newTerminal, given)
  const secret = rest['secret-file']
  const tif = rest.tif || name !== undefined || secret !== undefined ? { paasid: name, secret } : undefined
  return async ({ deps, caller }, io) => {
    const publicKey = sm2 === undefined ? undefined : await readSm2Key(sm2)
    if (publicKey === null) throw new Misused(`--sm2: ${SM2_KEY}`)
    const terminal: NewTerminal = { hospital, label, signed, key: rest['key-file'], tif, sm2: publicKey }
    return told(io, await addTerminal(deps, caller, terminal), (t) => {
      io.out(`终端 terminal ${t.id}：${hospital}${signed ? '，须签名 must sign' : ''}`)
      if (t.tif) io.out(`x-tif-paasid：${t.tif.paasid}`)
      if (t.tif) io.out(`密钥 secret：${t.tif.secret}`)
      io.out(t.key)
      return 0
    })
  }
}

export const terminalCommands: readonly Command[] = [
  {
    name: 'terminal add',
    usage:
      '--hospital H65400200001 [--label …] [--signed] [--key-file F] [--tif] [--paasid … --secret-file F] [--sm2 PUBLIC_KEY]',
    does: '建立一台终端；密钥只显示这一次，独占最后一行 · prints the key, once, alone on the last line',
    options: {
      hospital: text,
      label: text,
      signed: { type: 'boolean' },
      'key-file': text,
      tif: { type: 'boolean' },
      paasid: text,
      'secret-file': text,
      sm2: text,
    },
    words: [0, 0],
    needs: 'store',
    plan: planTerminal,
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
      const { hospital } = typedAs(ofHospital, typed.options)
      return async ({ deps, caller }, io) =>
        told(io, await listTerminals(deps, caller, hospital), (all) => {
          for (const t of all) {
            const state = t.revoked_at === null ? '在用 active' : `停用 revoked ${formatInstant(t.revoked_at)}`
            const ways = [
              t.signed ? '签名 signed' : '',
              t.paasid === null ? '' : `tif ${t.paasid}`,
              t.sm2 === null ? '' : 'SM2',
            ]
            io.out(`${t.id}\t${ways.filter(Boolean).join(' ') || '-'}\t${state}\t${t.label}`)
          }
          return 0
        })
    },
  },
]
