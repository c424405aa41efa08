import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Instant } from '../../kernel/day.ts'
import { Misused, reasonOf } from '../exit.ts'
import { readText } from '../settings.ts'
import type { HisReached } from './his-stage.ts'
import type { Reached } from './stage.ts'

export const HELP = `用法：npm run certify -- --url http://… --key mak_… [选项]
  --practice 文件     npm run practice -- --write 文件 写下的地址和密钥，代替下面各项
  --url --key         练习服务的地址、原生接口终端的密钥
  --signed-key mak_… --signed-as T…   须签名的终端；不给则不做签名一项
  --his-key mak_… --his-hospital H… [--his-mode second_step|in_between] [--his-admdvs 654002]
  [--paasid … --secret-file 文件]     定点医药机构接口的终端：医院先与医保结算，或经本服务与医保结算
  --mode native|his|both   只做原生接口、只做定点医药机构接口、两者都做（默认：给了哪个做哪个）
  --only N5           只做编号以此开头的项目（E 网络环境，N 原生接口，H、B 定点医药机构接口）
  --out 文件.html|.json   写报告，可多次
  --timeout 15        等一个答复的秒数
  --replay 文件.jsonl [--reader C]   不做项目，把录下的报文（一行一个）发给服务，看各型客户端怎样读答复；
                      含真实患者信息的先脱敏；--reader 只看一型，读反即不通过

退出码：0 全部通过 · 1 有不通过 · 2 没有做（用法不对、连不上、不是练习环境）`

const text = { type: 'string' } as const
const OPTIONS = {
  practice: text,
  url: text,
  key: text,
  'signed-key': text,
  'signed-as': text,
  'his-key': text,
  'his-hospital': text,
  'his-mode': text,
  'his-admdvs': text,
  paasid: text,
  'secret-file': text,
  mode: text,
  only: text,
  out: { type: 'string', multiple: true },
  timeout: text,
  replay: text,
  reader: text,
  help: { type: 'boolean', short: 'h' },
} as const

const key = z.string('请给出密钥').regex(/^[\x21-\x7e]{8,200}$/, '不是密钥')
const hisMode = z.enum(['second_step', 'in_between'], 'second_step 或 in_between')
const written = z.object({
  mode: hisMode,
  key,
  hospital: z.string(),
  admdvs: z.string(),
  paasid: z.string(),
  secret: z.string(),
})
const schema = z.object({
  url: z.url({ protocol: /^https?$/, error: '应为 http:// 或 https:// 地址' }),
  key: key.optional(),
  'signed-key': z.string().optional(),
  'signed-as': z.string().optional(),
  'his-key': key.optional(),
  'his-hospital': z
    .string()
    .regex(/^[A-Z0-9]{12}$/, '12 位机构编号')
    .optional(),
  'his-mode': hisMode.default('second_step'),
  'his-admdvs': z
    .string()
    .regex(/^\d{6}$/, '6 位数字')
    .default('654002'),
  paasid: z.string().optional(),
  'secret-file': z.string().optional(),
  /** Terminals of the practice file. */
  his: z.array(written).default([]),
  mode: z.enum(['native', 'his', 'both'], 'native、his 或 both').default('both'),
  only: z.string().default(''),
  out: z.array(z.string().regex(/\.(html|json)$/, '须以 .html 或 .json 结尾')).default([]),
  timeout: z
    .string()
    .regex(/^\d{1,3}$/, '应为秒数')
    .default('15')
    .transform(Number),
  replay: z.string().optional(),
  reader: z.string().optional(),
})
type Read = z.output<typeof schema>

export interface Settings {
  readonly url: URL
  readonly native: Reached | null
  readonly his: readonly HisReached[]
  readonly only: string
  readonly out: readonly string[]
  readonly replay: string | null
  /** The kind of client whose reading counts; null: all. */
  readonly reader: string | null
}

function writtenBy(file: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new Misused(`--practice ${file}：${reasonOf(error)}`)
  }
}

function typedIn(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values
  } catch (error) {
    throw new Misused(reasonOf(error))
  }
}

function hisOf(s: Read, common: Pick<Reached, 'url' | 'timeoutMs' | 'now'>): HisReached[] {
  const given = s.his.map(({ paasid, secret, ...rest }) => ({ ...rest, ...common, tif: { paasid, secret } }))
  const [own, hospital] = [s['his-key'], s['his-hospital']]
  if (own === undefined) return given
  if (hospital === undefined) throw new Misused('--his-hospital：请给出定点医药机构编号')
  const [paasid, secretFile] = [s.paasid, s['secret-file']]
  const tif = paasid && secretFile ? { paasid, secret: readText(secretFile).trim() } : null
  return [{ ...common, key: own, hospital, admdvs: s['his-admdvs'], mode: s['his-mode'], tif }]
}

/** What was typed, completed by the practice file; null: help was asked for. */
export function readSettings(argv: readonly string[], now: () => Instant): Settings | null {
  const { help, practice, ...typed } = typedIn(argv)
  if (help) return null
  const result = schema.safeParse({ ...(practice === undefined ? {} : writtenBy(practice)), ...typed })
  if (!result.success)
    throw new Misused(result.error.issues.map((i) => `--${String(i.path[0])}: ${i.message}`).join('\n'))
  const s = result.data
  const common = { url: new URL(s.url), timeoutMs: s.timeout * 1000, now }
  const [signedKey, signedAs] = [s['signed-key'], s['signed-as']]
  const signer = signedKey !== undefined && signedAs !== undefined ? { key: signedKey, terminalId: signedAs } : null
  const native = s.mode === 'his' || s.key === undefined ? null : { ...common, key: s.key, signer }
  const his = s.mode === 'native' ? [] : hisOf(s, common)
  if (native === null && his.length === 0) throw new Misused('--key 或 --his-key：请给出终端的密钥')
  return { url: common.url, native, his, only: s.only, out: s.out, replay: s.replay ?? null, reader: s.reader ?? null }
}
