import { z } from 'zod'
import { readYuan } from '../kernel/money.ts'
import { daySchema } from '../register/change-list.ts'

/** Cancellations are listed with negative amounts. */
const signedYuan = z
  .string()
  .regex(/^-?(?:0|[1-9][0-9]{0,10})\.[0-9]{2}$/, '金额须为两位小数的文本，如 "1234.50"，冲销为负')
  .transform((text) => Number(readYuan(text)))
  .meta({ examples: ['1234.50', '-1234.50'], pattern: '^-?(?:0|[1-9][0-9]{0,10})\\.[0-9]{2}$' })

export const MAX_NATIVE_ROWS = 10_000
const sums = { total_cost: signedYuan, assistance_paid: signedYuan }
const no = z.string().regex(/^[\x21-\x7e]{1,40}$/, '结算单号：1–40 位字母、数字')
export const reconciliationBody = z
  .strictObject({
    from: daySchema.describe('first day of booking, Beijing time'),
    to: daySchema.optional().describe('last day; left out: the first'),
    totals: z.strictObject({ count: z.int().min(0).max(99_999_999), ...sums }).optional(),
    rows: z
      .array(z.strictObject({ settlement_no: no, ...sums }))
      .max(MAX_NATIVE_ROWS, `最多 ${MAX_NATIVE_ROWS} 行，请按天对账`)
      .optional(),
  })
  .refine((ask) => (ask.totals === undefined) !== (ask.rows === undefined), '请带 totals 或 rows 之一')
  .meta({ id: 'ReconciliationAsk' })
export type NativeAsk = z.output<typeof reconciliationBody>

const yuan = z.string().meta({ examples: ['11407.50'] })
const told = { total_cost: yuan, assistance_paid: yuan }
const totals = z.strictObject({ count: z.int(), ...told })
export const reconciliationAnswer = z
  .strictObject({
    reconciliation_no: z.string(),
    from: daySchema,
    to: daySchema,
    result: z
      .enum(['equal', 'centre_more', 'hospital_more', 'differs'])
      .describe('centre_more: we hold more documents; hospital_more: the hospital does; differs: amounts'),
    theirs: totals,
    ours: totals,
    differences: z
      .array(
        z.strictObject({
          kind: z.enum(['centre_only', 'hospital_only', 'differs', 'duplicate']),
          settlement_no: z.string(),
          theirs: z.strictObject(told).nullable(),
          ours: z.strictObject(told).nullable(),
        }),
      )
      .nullable()
      .describe('every row that is not equal; null where only totals were compared'),
  })
  .meta({ id: 'Reconciliation' })
export type NativeAnswer = z.output<typeof reconciliationAnswer>
