import { z } from 'zod'

export const hospitalCode = z.string().regex(/^H\d{11}$/, '定点医疗机构编码：H 加 11 位数字')
export const admdvsCode = z.string().regex(/^\d{6}$/, '统筹区编码：6 位数字')
export const hospitalLevel = z.union([z.literal(1), z.literal(2), z.literal(3)])
/** A name, a label or a reason: one line of text. */
export const hospitalLabel = z
  .string()
  .trim()
  .min(1, '不能为空')
  .max(100, '最多 100 个字')
  // A refinement, for a pattern with a flag would stand in the document of the interface with the flag inside.
  .refine((text) => !/\p{Cc}/u.test(text), '不能含控制字符')

/** A designated hospital (定点医疗机构) as it stands now. */
export interface Hospital {
  readonly code: string
  readonly name: string
  readonly level: 1 | 2 | 3
  readonly admdvs: string
  readonly suspended: boolean
}

/** A billing terminal: it speaks for one hospital and nothing else. */
export interface Terminal {
  readonly id: string
  readonly hospital_code: string
  readonly key_hash: string
  /** Sealed key of a terminal that must sign every request; null where the bearer key is enough. */
  readonly signing_key: string | null
  readonly revoked: boolean
}
