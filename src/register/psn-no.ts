import { z } from 'zod'
import { residentId } from './patient.ts'

/** What a person number of the insurer is known by in the store, through its blind index. */
export const psnBlindKey = (psn_no: string): string => `psn|${psn_no}`

/** Whom a person number means: somebody's ID number, and whether the office says so or only a hospital. */
export interface Meaning {
  readonly person_blind: string
  readonly stated: boolean
}

/** The office's word on whom a person number of the insurer means. */
export const psnNoStatement = z.strictObject({
  psn_no: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{1,30}$/, '人员编号：1–30 个字母、数字或符号，无空格')
    .meta({ description: 'the person number of the insurer' }),
  id_number: residentId.meta({ description: 'whose it really is: GB 11643 number, 18 characters' }),
  reason: z
    .string()
    .trim()
    .min(1, '不能为空')
    .max(200, '最多 200 个字')
    .meta({ description: 'the document that says so; kept sealed' }),
})
export type PsnNoStatement = z.output<typeof psnNoStatement>

/** Under this the reason is bound to its number, so that no row can lend it to another. */
export const placeOfReason = (psnBlind: string): string => `register_psn_no.sealed_reason:${psnBlind}`
