import { readFileSync } from 'node:fs'
import type { ParseArgsOptionsConfig } from 'node:util'
import { z } from 'zod'
import { Misused, reasonOf } from './exit.ts'
import type { Signer, Tif } from './sign.ts'

const text = { type: 'string' } as const

/** Options every command knows; each may also come from the environment, `TERMINAL_` and its name in capitals. */
export const COMMON_OPTIONS = {
  url: text,
  key: text,
  'key-file': text,
  journal: text,
  timeout: text,
  retry: text,
  'signed-as': text,
  his: { type: 'boolean' },
  hospital: text,
  'hospital-name': text,
  admdvs: text,
  opter: text,
  'opter-name': text,
  window: text,
  paasid: text,
  'secret-file': text,
} as const satisfies ParseArgsOptionsConfig

export const COMMON_USAGE = `  --url http://127.0.0.1:8080   服务地址
  --key mak_… | --key-file 文件  终端密钥（写在命令行上别人用 ps 看得到，平时用文件或环境变量 TERMINAL_KEY）
  --journal 文件                 日志，默认 ./data/terminal-journal.jsonl；含姓名和身份证号，权限 0600
  --timeout 15  --retry 2,5,10   等答复的秒数；结果未知时各次再问之前等的秒数
  --signed-as T…                 终端编号：按 RFC 9421 签名（须签名的终端）
  --his                          菜单里加上定点医药机构接口（HIS）
  --hospital H… --hospital-name … --admdvs 654002 --opter 1001 --opter-name … --window 01   报文头；
                                 一家医院的每个窗口用不同的 --window，否则同一秒的 msgid 会相撞
  --paasid … --secret-file 文件   x-tif-* 签名`

const seconds = z
  .string()
  .regex(/^\d{1,4}(\.\d{1,3})?$/, '应为秒数')
  .transform(Number)
const schema = z.object({
  url: z.url({ protocol: /^https?$/, error: '应为 http:// 或 https:// 地址' }).default('http://127.0.0.1:8080'),
  key: z.string().optional(),
  'key-file': z.string().optional(),
  journal: z.string().min(1).default('./data/terminal-journal.jsonl'),
  timeout: seconds.default(15),
  retry: z
    .string()
    .transform((t) => t.split(','))
    .pipe(z.array(seconds))
    .default([2, 5, 10]),
  'signed-as': z.string().min(1).optional(),
  his: z.boolean().default(false),
  hospital: z
    .string()
    .regex(/^[A-Z0-9]{12,30}$/, '定点医药机构编号，如 H65400200001')
    .optional(),
  'hospital-name': z.string().default(''),
  admdvs: z
    .string()
    .regex(/^\d{6}$/, '6 位数字')
    .default('654002'),
  opter: z.string().max(30).default('1001'),
  'opter-name': z.string().max(50).default('收费员'),
  window: z
    .string()
    .regex(/^\d{2}$/, '两位数字')
    .optional(),
  paasid: z.string().optional(),
  'secret-file': z.string().optional(),
})

export interface Settings {
  readonly url: URL
  readonly key: string
  readonly journal: string
  readonly timeoutMs: number
  /** Seconds before each repetition. */
  readonly retry: readonly number[]
  readonly signer: Signer | null
  readonly his: boolean
  readonly hospital: string | null
  readonly hospitalName: string
  readonly admdvs: string
  readonly opter: string
  readonly opterName: string
  readonly window: string | null
  readonly tif: Tif | null
}

export function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (error) {
    throw new Misused(`读不了 ${path === '-' ? '标准输入' : path}：${reasonOf(error)}`)
  }
}

export function readObject(path: string): Record<string, unknown> {
  const source = readText(path)
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(source))
  } catch {
    throw new Misused(`${path} 不是一个 JSON 对象`)
  }
}

export function readSettings(typed: Readonly<Record<string, unknown>>, env: NodeJS.ProcessEnv): Settings {
  const named = Object.keys(COMMON_OPTIONS).map((name) => {
    const fromEnv = env[`TERMINAL_${name.toUpperCase().replaceAll('-', '_')}`] || undefined
    return [name, typed[name] ?? (name === 'his' ? fromEnv !== undefined || undefined : fromEnv)]
  })
  const result = schema.safeParse(Object.fromEntries(named))
  if (!result.success)
    throw new Misused(result.error.issues.map((i) => `--${String(i.path[0])}: ${i.message}`).join('\n'))
  const s = result.data
  const key = (s.key ?? (s['key-file'] === undefined ? '' : readText(s['key-file']))).trim()
  if (!/^[\x21-\x7e]{8,200}$/.test(key)) throw new Misused('--key 或 --key-file：请给出终端密钥（mak_…）')
  const tif =
    s.paasid !== undefined && s['secret-file'] !== undefined
      ? { paasid: s.paasid, secret: readText(s['secret-file']).trim() }
      : null
  if (tif === null && (s.paasid ?? s['secret-file']) !== undefined)
    throw new Misused('--paasid 和 --secret-file 须一起给')
  return {
    url: new URL(s.url),
    key,
    journal: s.journal,
    timeoutMs: s.timeout * 1000,
    retry: s.retry,
    signer: s['signed-as'] === undefined ? null : { terminalId: s['signed-as'], key },
    his: s.his,
    hospital: s.hospital ?? null,
    hospitalName: s['hospital-name'],
    admdvs: s.admdvs,
    opter: s.opter,
    opterName: s['opter-name'],
    window: s.window ?? null,
    tif,
  }
}
