import { z } from 'zod'
import { CARE_TYPES, CIRCUMSTANCES, INSURANCE_TYPES, OTHER_PAYERS, REFERRALS } from './claim.ts'
import { admdvs, day, key, text } from './schema.ts'

/** Who may stand behind a fund of the insurer, as an amount on the bill, or assistance itself. */
export const PAYERS = [...OTHER_PAYERS, 'assistance'] as const

const quoted = '代码须加引号，写作 "21"'
const code = z.string(quoted).regex(/^[0-9A-Za-z]{1,20}$/, '代码只用数字和字母，加引号，写作 "21"')
const codeOrStart = z
  .string(quoted)
  .regex(/^[0-9A-Za-z]{1,20}\*?$/, '代码只用数字和字母，加引号；* 只能放在最后，写作 "21*"')
const place = z
  .string(quoted)
  .regex(/^(\d{6}|\?{4}\d\d)$/, '六位数字，加引号，写作 "654099"；各市州通用的写作 "????99"')
const placeMeant = z.string(quoted).regex(/^(\d{6}|\?{4}\d\d)$/, '六位数字，加引号，写作 "654000" 或 "????00"')

const listed = { label: text, source: text.optional() }
const tableOf = <T extends z.ZodRawShape>(shape: T) => z.array(z.strictObject({ ...shape, ...listed })).min(1)
const sent = z.literal(true).optional()

const care = z.strictObject({
  care_type: z.enum(CARE_TYPES),
  referral: z.enum(REFERRALS).optional(),
  circumstances: z.array(z.enum(CIRCUMSTANCES)).min(1).optional(),
})

/** The tables whose codes mean something to a settlement; `to` is what. All others are lists to be shown. */
const meaningful = {
  med_type: tableOf({ value: codeOrStart, to: care.optional() }).optional(),
  insutype: tableOf({ value: codeOrStart, to: z.enum(INSURANCE_TYPES).optional() }).optional(),
  fund_pay_type: tableOf({ value: codeOrStart, to: z.enum(PAYERS).optional() }).optional(),
  psn_idet_type: tableOf({ value: code, to: key.optional(), sent }).optional(),
  hosp_lv: tableOf({ value: code, to: z.literal([1, 2, 3]).optional(), sent }).optional(),
  admdvs: tableOf({ value: place, to: placeMeant.optional() }).optional(),
}

/** The code tables of one area from a day on. */
export const codesSchema = z.strictObject({
  codes: z.string().regex(/^codes-[a-z0-9-]+$/, '以 codes- 开头，只用小写字母、数字和连字符，例如 codes-kaifeng'),
  area: admdvs,
  start: day,
  title: text,
  source: text,
  tables: z.object(meaningful).catchall(tableOf({ value: code })),
})

export type CodesDocument = z.infer<typeof codesSchema>
export type CareCode = z.infer<typeof care>
export type Payer = (typeof PAYERS)[number]
export type MeaningfulTables = Pick<CodesDocument['tables'], keyof typeof meaningful>

export const MEANINGFUL = Object.keys(meaningful) as readonly (keyof MeaningfulTables)[]
