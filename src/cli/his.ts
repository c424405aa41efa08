import { z } from 'zod'
import { type NewUpstream, upstreamOf } from '../hospitals/his.ts'
import { listHis, listUpstreams } from '../hospitals/list.ts'
import { setUpstream } from '../hospitals/set-his.ts'
import { isRefusal } from '../kernel/refusal.ts'
import type { Command, Typed } from './command.ts'
import { Misused, sayRefusal, told, typedAs } from './say.ts'
import { secretIn } from './secret-file.ts'

const text = { type: 'string' } as const
const typedUpstream = z.strictObject({
  ...upstreamOf.omit({ timeout_ms: true, credential: true }).shape,
  timeout: z.coerce.number('毫秒数').pipe(upstreamOf.shape.timeout_ms.unwrap()).optional(),
  paasid: z.string().optional(),
  'secret-file': z.string().optional(),
  'key-file': z.string().optional(),
})

/** What calls of our own are signed with: an api key, or a name with its secret, or nothing. */
function credentialTyped(typed: z.output<typeof typedUpstream>): object | undefined {
  const { paasid, 'secret-file': secretFile, 'key-file': keyFile } = typed
  if (keyFile !== undefined && (paasid !== undefined || secretFile !== undefined))
    throw new Misused('--key-file 与 --paasid、--secret-file 只能取其一 either an api key or a name with its secret')
  if (keyFile !== undefined) return { apikey: secretIn('key-file', keyFile) }
  if ((paasid === undefined) !== (secretFile === undefined))
    throw new Misused('--paasid 与 --secret-file 须同时给出 both or neither')
  return secretFile === undefined ? undefined : { paasid, secret: secretIn('secret-file', secretFile) }
}

function upstreamTyped({ options }: Typed): NewUpstream {
  const typed = typedAs(typedUpstream, options)
  const { admdvs, url, style, timeout } = typed
  const credential = credentialTyped(typed)
  const given = {
    admdvs,
    url,
    style,
    ...(timeout ? { timeout_ms: timeout } : {}),
    ...(credential ? { credential } : {}),
  }
  const upstream = upstreamOf.safeParse(given)
  if (!upstream.success) throw new Misused('密钥或 paasid 不合要求：不得为空、不得含空格 malformed credential')
  return upstream.data
}

export const hisCommands: readonly Command[] = [
  {
    name: 'his upstream',
    usage:
      '--admdvs 654000 --url http://… [--style one|infno|fsi] [--timeout 20000] [--paasid … --secret-file F | --key-file F]',
    does: '设定一个统筹区的医保平台 · sets the insurance platform of an area',
    options: {
      admdvs: text,
      url: text,
      style: text,
      timeout: text,
      paasid: text,
      'secret-file': text,
      'key-file': text,
    },
    words: [0, 0],
    needs: 'store',
    plan: (typed) => {
      const upstream = upstreamTyped(typed)
      return async ({ deps, caller }, io) =>
        told(io, await setUpstream(deps, caller, upstream), (u) => void io.out(`${u.admdvs}：${u.url}（${u.style}）`))
    },
  },
  {
    name: 'his list',
    usage: '',
    does: '列出医院接入方式和医保平台，不含密钥 · lists places in the chain and platforms, without credentials',
    options: {},
    words: [0, 0],
    needs: 'store',
    plan:
      () =>
      async ({ deps, caller }, io) => {
        const upstreams = await listUpstreams(deps, caller)
        if (isRefusal(upstreams)) return sayRefusal(io, upstreams)
        return told(io, await listHis(deps, caller), (hospitals) => {
          for (const h of hospitals) io.out(`${h.code}\t${h.mode}`)
          for (const u of upstreams)
            io.out(`${u.admdvs}\t${u.style}\t${u.timeout_ms} ms\t${u.credential ? '签名 signed' : '-'}\t${u.url}`)
          return 0
        })
      },
  },
]
