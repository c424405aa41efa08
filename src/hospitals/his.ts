import { z } from 'zod'
import { sha256 } from '../kernel/canonical.ts'
import { type Keys, seal, unseal } from '../kernel/seal.ts'
import { admdvsCode } from './hospital.ts'

export const HIS_MODES = ['second_step', 'in_between'] as const
/**
 * How a hospital stands in the chain: `second_step`, its system settles with the insurer first and then tells us;
 * `in_between`, it tells us, and we ask the insurer's platform.
 */
export type HisMode = (typeof HIS_MODES)[number]
export const hisMode = z.enum(HIS_MODES, `方式：${HIS_MODES.join('、')}`)

export const UPSTREAM_STYLES = ['one', 'infno', 'fsi'] as const
export type UpstreamStyle = (typeof UPSTREAM_STYLES)[number]

/** Not guessable by looking: long, of many characters, and no shorter text said again. */
const isStrong = (text: string): boolean => new Set(text).size >= 10 && !/^(.+?)\1+.{0,3}$/.test(text)

/** A key or secret that somebody else has made, and that opens our door. */
export const foreignSecret = z
  .string()
  .regex(/^[!-~]{20,200}$/, '密钥须为 20–200 个可见的 ASCII 字符，不含空格')
  .refine(isStrong, '密钥过于简单：至少 10 种字符，且不得重复')
export const paasid = z.string().regex(/^[0-9A-Za-z_.-]{1,60}$/, 'paasid 须为 1–60 位字母、数字、_、. 或 -')

/** What a text must be that `readSm2Key` could not read. */
export const SM2_KEY = '须为 SM2 公钥（04 开头的十六进制、Base64 或 PEM）'

export const upstreamUrl = z
  .string()
  .max(300, '最多 300 个字符')
  .refine(isPlainUrl, '须为 http(s) 地址，不含用户名、密码、参数和锚点')
export const upstreamTimeout = z
  .int('毫秒数')
  .min(1000, '超时须为 1000–45000 毫秒')
  .max(45_000, '超时须为 1000–45000 毫秒')

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, search, hash } = new URL(text)
  return /^https?:$/.test(protocol) && username === '' && password === '' && search === '' && hash === ''
}

/** However weak, it is the platform that has chosen it and must live with it. */
const givenSecret = z.string().regex(/^[!-~]{1,200}$/, '密钥须为 1–200 个可见的 ASCII 字符，不含空格')
/** What calls of our own to a platform are signed with. */
export const credential = z.union([
  z.strictObject({ apikey: givenSecret }),
  z.strictObject({ paasid, secret: givenSecret }),
])
export type Credential = z.output<typeof credential>

export const upstreamOf = z.strictObject({
  admdvs: admdvsCode,
  url: upstreamUrl,
  style: z.enum(UPSTREAM_STYLES, `地址样式：${UPSTREAM_STYLES.join('、')}`).default('one'),
  timeout_ms: upstreamTimeout.default(20_000),
  credential: credential.optional(),
})
export type NewUpstream = z.output<typeof upstreamOf>

/** The insurance platform of an area, as it stands. */
export interface Upstream {
  readonly admdvs: string
  readonly url: string
  readonly style: UpstreamStyle
  readonly timeout_ms: number
  readonly sealed_credential: string | null
}

/** The name and secret a terminal signs its `x-tif-*` or `x-ca-*` headers with. */
export interface Tif {
  readonly terminal_id: string
  readonly paasid: string
  readonly sealed_secret: string
}

const placeOfCredential = (admdvs: string): string => `his_upstream.sealed_credential:${admdvs}`
const placeOfSecret = (terminal: string): string => `terminal_tif.sealed_secret:${terminal}`

export const sealCredential = (keys: Keys, admdvs: string, given: Credential): string =>
  seal(keys, placeOfCredential(admdvs), JSON.stringify(given))

/** The credential of a platform in the clear; null where it asks for none. */
export const credentialOf = (keys: Keys, { admdvs, sealed_credential: sealed }: Upstream): Credential | null =>
  sealed === null ? null : (JSON.parse(unseal(keys, placeOfCredential(admdvs), sealed)) as Credential)

export const sealSecret = (keys: Keys, terminal: string, secret: string): string =>
  seal(keys, placeOfSecret(terminal), secret)

export const secretOf = (keys: Keys, tif: Tif): string =>
  unseal(keys, placeOfSecret(tif.terminal_id), tif.sealed_secret)

/** `x-tif-signature`: the body is not covered by it. `timestamp` is in Unix seconds. */
export const tifSignature = (secret: string, timestamp: string, nonce: string): string =>
  sha256(`${timestamp}${secret}${nonce}${timestamp}`)

/** The platform for a place: its own, else that of its prefecture, else that of its province. */
export const upstreamFor = (upstreams: ReadonlyMap<string, Upstream>, admdvs: string): Upstream | null =>
  upstreams.get(admdvs) ??
  upstreams.get(`${admdvs.slice(0, 4)}99`) ??
  upstreams.get(`${admdvs.slice(0, 4)}00`) ??
  upstreams.get(`${admdvs.slice(0, 2)}0000`) ??
  null
