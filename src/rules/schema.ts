import { z } from 'zod'
import { isDay } from '../kernel/day.ts'
import { isFactor, isRatio, isYuan } from '../kernel/money.ts'
import { CARE_TYPES, CIRCUMSTANCES, INSURANCE_TYPES, REFERRALS } from './claim.ts'
import { REASON_CODES } from './reasons.ts'
import { AMOUNT_WORDS, EARLIER_STATES, PERIODS, PLACES } from './words.ts'

export const text = z.string().trim().min(1)
export const key = z.string().regex(/^[a-z][a-z0-9_]*$/, '只用小写字母、数字和下划线，以字母开头')
export const day = z.string().refine(isDay, '日期写作 "YYYY-MM-DD"，且须真实存在')
const yuan = z.string('金额须加引号，写作 "1234.50"').refine(isYuan, '金额写作 "1234.50"：元，两位小数，加引号')
const ratio = z.string('比例须加引号，写作 "0.75"').refine(isRatio, '比例写作 "0.75"：在 0 和 1 之间，加引号')
const factor = z.string('倍数须加引号，写作 "0.2"').refine(isFactor, '倍数写作 "0.2" 或 "1.1"，加引号')
export const admdvs = z.string('行政区划代码须加引号').regex(/^\d{6}$/, '行政区划代码为六位数字，加引号')
const diagnosis = z
  .string()
  .regex(/^[A-Z]\d{0,2}(\.\w+)?$|^[A-Z]\d\d-[A-Z]\d\d$/, 'ICD 编码的开头或一段，大写字母在前，例如 N18、N18.5、C00-C97')
const someOf = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).min(1)])

const roundUnit = z.enum(['fen', 'jiao', 'yuan'])
const roundMode = z.enum(['half_up', 'half_even', 'down'])

/** An amount as printed, or a published parameter times a share of it. */
const money = z.union([
  yuan,
  z.strictObject({ parameter: key, times: factor.optional(), to: roundUnit.optional(), mode: roundMode.optional() }),
])

/** Edges say themselves whether they are open: above >, from >=, below <, up_to <=. */
const amountEdges = {
  above: money.optional(),
  from: money.optional(),
  below: money.optional(),
  up_to: money.optional(),
}
const whole = z.int().min(0)
const numberEdges = {
  above: whole.optional(),
  from: whole.optional(),
  below: whole.optional(),
  up_to: whole.optional(),
}
const measure = z.strictObject({ amount: z.enum(AMOUNT_WORDS), ...amountEdges })

/** Conditions, the same everywhere: all those written must hold; a list means any one of it. */
const conditions = {
  category: someOf(key).optional(),
  care_type: someOf(z.enum(CARE_TYPES)).optional(),
  insurance: someOf(z.enum(INSURANCE_TYPES)).optional(),
  hospital_level: someOf(z.literal([1, 2, 3])).optional(),
  place: someOf(z.enum(PLACES)).optional(),
  referral: someOf(z.enum(REFERRALS)).optional(),
  disease: someOf(key).optional(),
  not_disease: someOf(key).optional(),
  age: z.strictObject(numberEdges).optional(),
  channel: z.enum(['counter', 'application']).optional(),
  circumstance: someOf(z.enum(CIRCUMSTANCES)).optional(),
  recognised: z.strictObject({ from: day.optional(), before: day.optional() }).optional(),
  bill: someOf(measure).optional(),
  year: someOf(measure).optional(),
  earlier: z.strictObject({ benefit: someOf(key), is: z.enum(EARLIER_STATES) }).optional(),
  nth_this_year: z.strictObject(numberEdges).optional(),
}

const cited = { law: text, label: text.optional() }
const onlyFor = { only_for: z.strictObject(conditions).optional() }
const noneOr = <T extends z.ZodType>(one: T) => z.union([z.literal('none'), one])

const offset = z.strictObject({
  amount: z.enum(AMOUNT_WORDS),
  times: factor.optional(),
  label: text.optional(),
  ...conditions,
})

const base = z.strictObject({
  ...cited,
  of: someOf(z.enum(AMOUNT_WORDS)),
  benefits: z.array(key).min(1).optional(),
  without_capped_part: z.boolean().optional(),
  less: z.array(z.union([z.enum(AMOUNT_WORDS), offset])).optional(),
  times: z.union([factor, z.array(z.strictObject({ value: factor, ...conditions })).min(1)]).optional(),
  at_most: money.optional(),
})

const gate = z.strictObject({
  ...cited,
  ...onlyFor,
  any: z
    .array(
      z.strictObject({
        amount: z.enum(AMOUNT_WORDS),
        over: z.enum(['bill', 'year', 'household_year']),
        ...amountEdges,
      }),
    )
    .min(1),
})

const deductible = z.strictObject({
  ...cited,
  ...onlyFor,
  per: z.enum(['bill', 'year']),
  shared_as: key.optional(),
  amount: noneOr(money).optional(),
  rows: z
    .array(z.strictObject({ amount: noneOr(money), ...conditions }))
    .min(1)
    .optional(),
})

const band = z.strictObject({ ...amountEdges, ratio: ratio.optional(), lump: money.optional() })
const topUp = z.strictObject({
  to: money,
  counting: z.array(z.enum(AMOUNT_WORDS)).min(1),
  per: z.enum(['bill', 'year']),
})
const yields = {
  ratio: ratio.optional(),
  bands: z.array(band).min(2).optional(),
  lump: money.optional(),
  top_up: topUp.optional(),
}

const ratioStage = z.strictObject({
  ...cited,
  bands_are: z.enum(['marginal', 'whole']).optional(),
  edges_from: z.enum(['zero', 'deductible']).optional(),
  ...yields,
  rows: z
    .array(z.strictObject({ ...yields, ...conditions }))
    .min(1)
    .optional(),
})

const adjustment = z.strictObject({
  ...cited,
  points_more: ratio.optional(),
  points_less: ratio.optional(),
  times: factor.optional(),
  nothing_below: money.optional(),
  at_least: money.optional(),
  ...conditions,
})

const target = z.strictObject({
  ...cited,
  ...onlyFor,
  patient_pays: z.enum(['at_most', 'exactly']),
  counting: z.enum(AMOUNT_WORDS).optional(),
  rows: z
    .array(
      z.strictObject({
        share: ratio.optional(),
        of: z.enum(AMOUNT_WORDS).optional(),
        a_bill: money.optional(),
        a_year: money.optional(),
        ...conditions,
      }),
    )
    .min(1),
})

const limits = z.strictObject({
  ...cited,
  pools: z.array(z.union([key, z.strictObject({ pool: key, ...conditions })])).min(1),
})

const accumulate = z.strictObject({
  ...cited,
  ...onlyFor,
  per: z.literal('year'),
  less: z.enum(['computed', 'paid']).optional(),
  shared_as: key.optional(),
})

const round = z.strictObject({
  ...cited,
  to: roundUnit,
  mode: roundMode,
  patient: z.strictObject({ to: roundUnit, mode: roundMode }).optional(),
})

const benefit = z.strictObject({
  key,
  label: text,
  tier: z.int().min(1).max(9),
  applies: z.strictObject({ ...cited, ...conditions }),
  base,
  gate: gate.optional(),
  deductible: deductible.optional(),
  ratio: ratioStage.optional(),
  adjust: z.array(adjustment).min(1).optional(),
  target: target.optional(),
  limits: limits.optional(),
  accumulate: accumulate.optional(),
  round: round.optional(),
})

const pool = z.strictObject({
  law: text,
  label: text,
  per: z.enum(PERIODS),
  inside: key.optional(),
  amount: noneOr(money).optional(),
  times: z.int().min(1).optional(),
  rows: z
    .array(z.strictObject({ amount: noneOr(money).optional(), times: z.int().min(1).optional(), ...conditions }))
    .min(1)
    .optional(),
})

const head = {
  scheme: z
    .string()
    .regex(/^(?!codes-)[a-z][a-z0-9-]*$/, '只用小写字母、数字和连字符，以字母开头（不以 codes- 开头），例如 kaifeng'),
  start: day,
  title: text,
  illustrative: z.boolean().optional(),
  document: z.strictObject({ number: text, published_on: day.optional(), source: text, note: text.optional() }),
}

const inForce = z.strictObject({
  ...head,
  repealed: z.literal(false).optional(),
  jurisdiction: z.array(admdvs).min(1),
  dated_by: z.enum(['discharge_date', 'settlement_date', 'admission_date']).default('discharge_date'),
  year_by: z.enum(['discharge_date', 'settlement_date', 'admission_date']).default('discharge_date'),
  categories: z.array(z.strictObject({ key, label: text, rank: z.int().min(1), law: text })).min(1),
  choose: z.strictObject({ by: z.enum(['rank', 'best']), law: text }),
  parameters: z.record(key, z.strictObject({ label: text, value: yuan, source: text })).default({}),
  diseases: z
    .record(
      key,
      z.strictObject({
        law: text,
        label: text,
        diagnoses: z.array(diagnosis).optional(),
        disease_codes: z.array(text).optional(),
        principal_only: z.boolean().optional(),
      }),
    )
    .default({}),
  pools: z.record(key, pool).default({}),
  benefits: z.array(benefit).min(1),
  none: z
    .array(z.strictObject({ law: text, label: text, category: someOf(key), care_type: someOf(z.enum(CARE_TYPES)) }))
    .default([]),
  exclusions: z
    .array(z.strictObject({ law: text, label: text, reason: z.enum(REASON_CODES), ...conditions }))
    .default([]),
  cliff: z.strictObject({ ...cited, amount: yuan }).optional(),
})

const repeal = z.strictObject({ ...head, repealed: z.literal(true), jurisdiction: z.array(admdvs).min(1) })

/** A version file: the image of one legal document, or the notice that ends a scheme for good. */
export const inForceSchema = inForce
export const repealSchema = repeal

export type VersionDocument = z.infer<typeof inForce>
export type RepealDocument = z.infer<typeof repeal>
export type ConditionsDocument = z.infer<z.ZodObject<typeof conditions>>
export type MoneyDocument = z.infer<typeof money>
export type MeasureDocument = z.infer<typeof measure>
export type BenefitDocument = z.infer<typeof benefit>
export type PoolDocument = z.infer<typeof pool>
export type BandDocument = z.infer<typeof band>
export type BaseDocument = z.infer<typeof base>
export type GateDocument = z.infer<typeof gate>
export type DeductibleDocument = z.infer<typeof deductible>
export type RatioDocument = z.infer<typeof ratioStage>
export type AdjustmentDocument = z.infer<typeof adjustment>
export type TargetDocument = z.infer<typeof target>
export type LimitsDocument = z.infer<typeof limits>
export type AccumulateDocument = z.infer<typeof accumulate>
export type RoundDocument = z.infer<typeof round>

/** The condition keys, so that a compiler can tell them from a row's own keys. */
export const CONDITION_KEYS = Object.keys(conditions) as readonly (keyof ConditionsDocument)[]
