import { z } from 'zod'
import { type Day, isDay } from '../kernel/day.ts'
import { type Fault, type Refusal, refuse } from '../kernel/refusal.ts'
import type { CategoryNames } from './category.ts'
import { type Cell, periodFault, readAdmdvs, readIdNumber, readName } from './cells.ts'
import { placeName } from './place.ts'
import type { Period, Statement } from './statement.ts'

const text = (max: number) => z.string().min(1, '不能为空').max(max, `最多 ${max} 个字`)
export const daySchema = z
  .string()
  .refine(isDay, '日期须为 YYYY-MM-DD')
  .meta({ examples: ['2026-10-20'], format: 'date' })
const id_number = text(40).meta({ description: 'GB 11643 number, 18 characters' })
const name = text(100)
const whom = { id_number, name: name.optional().meta({ description: 'when given it must be the registered name' }) }
const home = {
  household_head: text(40)
    .nullable()
    .optional()
    .meta({ description: 'ID number of the head; null: a household of one' }),
}

const change = z.discriminatedUnion('change', [
  z.strictObject({ change: z.literal('add_person'), id_number, name, township: text(60), admdvs: text(6), ...home }),
  z.strictObject({
    change: z.literal('set_category'),
    ...whom,
    category: text(60),
    from: daySchema,
    to: daySchema.nullable().default(null).meta({ description: 'last day; null: open' }),
  }),
  z.strictObject({
    change: z.literal('end_category'),
    ...whom,
    category: text(60),
    from: daySchema.meta({ description: 'first day on which it is no longer held' }),
  }),
  z.strictObject({
    change: z.literal('death'),
    ...whom,
    died_on: daySchema.nullable().meta({ description: 'null takes back a death recorded in error' }),
  }),
  z.strictObject({
    change: z.literal('move'),
    ...whom,
    ...home,
    township: text(60).optional(),
    admdvs: text(6).optional(),
  }),
  z.strictObject({ change: z.literal('correct_name'), id_number, name }),
])
export type Change = z.output<typeof change>

export const changeListSchema = z.array(change).min(1, '至少一项变更').max(1000, '最多 1,000 项变更')

/** A list of changes as statements, or every fault of the list: what people write by hand is taken whole or not at all. */
export function readChanges(changes: readonly Change[], today: Day, categories: CategoryNames): Statement[] | Refusal {
  const faults: Fault[] = []
  const statements = changes.map((one, i) => {
    const say = (key: string, message: string) => {
      faults.push({ path: `changes.${i}.${key}`, message })
      return ''
    }
    const take = (key: string, cell: Cell<string>): string => (cell.fault ? say(key, cell.fault.reason) : cell.value)
    return statementOf(one, i + 1, today, categories, take, say)
  })
  if (faults.length === 0) return statements
  return refuse('invalid_request', `共 ${faults.length} 处有误：${faults[0]?.message}`, { errors: faults })
}

type Take = (key: string, cell: Cell<string>) => string
type Say = (key: string, message: string) => string

function statementOf(c: Change, row: number, today: Day, categories: CategoryNames, take: Take, say: Say): Statement {
  const id = take('id_number', readIdNumber(c.id_number, today))
  const base = {
    row,
    id_type: 'resident_id',
    id_number: id,
    mode: c.change === 'add_person' ? 'add' : 'update',
  } as const
  const named = c.name === undefined ? base : { ...base, name: take('name', readName(c.name)) }
  switch (c.change) {
    case 'add_person':
    case 'move':
      return {
        ...named,
        ...(c.township === undefined ? {} : { township: placeName(c.township) ?? say('township', '不是地名') }),
        ...(c.admdvs === undefined ? {} : { admdvs: take('admdvs', readAdmdvs(c.admdvs)) }),
        ...headOf(c.household_head, today, take),
      }
    case 'set_category':
    case 'end_category': {
      const category = categories.keyOf(c.category) ?? say('category', '没有这个救助类别')
      const to = c.change === 'set_category' ? c.to : null
      const wrong = id === '' ? null : periodFault(c.from, to, id)
      if (wrong) say('from', wrong)
      const period: Period =
        c.change === 'set_category'
          ? { held: 1, category, from: c.from, to, ends: to !== null }
          : { held: 0, category, from: c.from }
      return { ...named, period }
    }
    case 'death': {
      if (c.died_on !== null && c.died_on > today) say('died_on', '去世日期在将来')
      const wrong = c.died_on !== null && id !== '' ? periodFault(c.died_on, null, id) : null
      if (wrong) say('died_on', '去世日期早于出生日期')
      return { ...named, died_on: c.died_on }
    }
    case 'correct_name':
      return { ...named, renames: true }
  }
}

function headOf(head: string | null | undefined, today: Day, take: Take): { head?: string | null } {
  if (head === undefined) return {}
  return { head: head === null ? null : take('household_head', readIdNumber(head, today)) }
}
