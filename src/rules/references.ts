import type { Path } from './parse.ts'
import { CONDITION_KEYS, type VersionDocument } from './schema.ts'
import type { AmountWord } from './words.ts'

export interface ReferenceFault {
  readonly path: Path
  readonly message: string
}

type Values = Readonly<Record<string, unknown>>

const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Calls `visit` with every object of the document, from the top down. */
export function walk(value: unknown, path: Path, visit: (object: Values, path: Path) => void): void {
  if (Array.isArray(value)) for (const [index, one] of value.entries()) walk(one, [...path, index], visit)
  if (!isValues(value)) return
  visit(value, path)
  for (const [key, one] of Object.entries(value)) walk(one, [...path, key], visit)
}

const namesIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : typeof value === 'string' ? [value] : []

const OWN_WORDS: ReadonlySet<AmountWord> = new Set(['assistance_so_far', 'left_by_benefits'])

/** Every name that is used but not defined, defined twice, or used where it means nothing. */
export function findReferences(document: VersionDocument): readonly ReferenceFault[] {
  const faults: ReferenceFault[] = []
  const known = {
    categories: new Set(document.categories.map((one) => one.key)),
    diseases: new Set(Object.keys(document.diseases)),
    benefits: new Set(document.benefits.map((one) => one.key)),
    parameters: new Set(Object.keys(document.parameters)),
    pools: new Set(Object.keys(document.pools)),
  }
  const need = (kind: keyof typeof known, value: unknown, path: Path, what: string): void => {
    for (const name of namesIn(value))
      if (!known[kind].has(name)) faults.push({ path, message: `没有定义的${what}：${name}` })
  }
  walk(document, [], (object, path) => {
    if (path[0] !== 'categories') need('categories', object.category, [...path, 'category'], '身份')
    need('diseases', object.disease, [...path, 'disease'], '病种组')
    need('diseases', object.not_disease, [...path, 'not_disease'], '病种组')
    if (typeof object.parameter === 'string') need('parameters', object.parameter, [...path, 'parameter'], '参数')
    if (path.at(-1) === 'limits') need('pools', object.pools, [...path, 'pools'], '限额池')
    if (typeof object.pool === 'string') need('pools', object.pool, [...path, 'pool'], '限额池')
    if (typeof object.inside === 'string') need('pools', object.inside, [...path, 'inside'], '限额池')
    if (path.at(-1) === 'base') need('benefits', object.benefits, [...path, 'benefits'], '救助项目')
    if (path.at(-1) === 'earlier') need('benefits', object.benefit, [...path, 'benefit'], '救助项目')
  })
  return [...faults, ...twice(document), ...backwards(document), ...circles(document), ...combinations(document)]
}

function twice(document: VersionDocument): readonly ReferenceFault[] {
  const faults: ReferenceFault[] = []
  const unique = (list: readonly { readonly key: string }[], name: string): void => {
    list.forEach((one, index) => {
      if (list.findIndex((other) => other.key === one.key) < index)
        faults.push({ path: [name, index, 'key'], message: `${one.key} 写了两次` })
    })
  }
  unique(document.categories, 'categories')
  unique(document.benefits, 'benefits')
  document.categories.forEach((one, index) => {
    if (document.categories.findIndex((other) => other.rank === one.rank) < index) {
      faults.push({ path: ['categories', index, 'rank'], message: `次序 ${one.rank} 写了两次，无法决定先后` })
    }
  })
  return faults
}

/** A benefit may look back, never forward. */
function backwards(document: VersionDocument): readonly ReferenceFault[] {
  const order = document.benefits.map((one) => one.key)
  return document.benefits.flatMap((benefit, index) => {
    const faults: ReferenceFault[] = []
    walk(benefit, ['benefits', index], (object, path) => {
      const names = path.at(-1) === 'base' ? object.benefits : path.at(-1) === 'earlier' ? object.benefit : undefined
      for (const name of namesIn(names)) {
        if (order.indexOf(name) >= index) faults.push({ path, message: `${name} 不在本项之前，看不到它的结果` })
      }
    })
    return faults
  })
}

function circles(document: VersionDocument): readonly ReferenceFault[] {
  return Object.keys(document.pools).flatMap((start) => {
    const seen = new Set<string>()
    let at: string | undefined = start
    while (at !== undefined && !seen.has(at)) {
      seen.add(at)
      at = document.pools[at]?.inside
    }
    return at === start ? [{ path: ['pools', start, 'inside'], message: '限额池互相套成了圈' }] : []
  })
}

const hasConditions = (row: object): boolean => CONDITION_KEYS.some((key) => key in row)

/** Keys that only make sense together, or not together. */
function combinations(document: VersionDocument): readonly ReferenceFault[] {
  const faults: ReferenceFault[] = []
  const fault = (path: Path, message: string): void => void faults.push({ path, message })
  const exactlyOne = (row: object, keys: readonly string[], path: Path): void => {
    const count = keys.filter((key) => (row as Values)[key] !== undefined).length
    if (count !== 1) fault(path, `${keys.join('、')} 要写且只写一个`)
  }
  document.benefits.forEach((one, index) => {
    const at: Path = ['benefits', index]
    if (one.deductible) exactlyOne(one.deductible, ['amount', 'rows'], [...at, 'deductible'])
    if (one.deductible?.per === 'bill' && one.deductible.shared_as)
      fault([...at, 'deductible', 'shared_as'], '只有 per: year 才能合用')
    if (one.accumulate && one.deductible?.per === 'bill')
      fault([...at, 'deductible', 'per'], '全年累计时起付线须写 per: year')
    if (one.accumulate && one.accumulate.less === undefined && one.gate?.any.some((door) => door.over !== 'bill')) {
      fault([...at, 'accumulate'], '全年的门槛与全年累计同用时要写 less：paid 补足门槛以下的，computed 不补')
    }
    if (one.ratio) {
      exactlyOne(one.ratio, ['ratio', 'bands', 'lump', 'top_up', 'rows'], [...at, 'ratio'])
      one.ratio.rows?.forEach((row, i) => {
        exactlyOne(row, ['ratio', 'bands', 'lump', 'top_up'], [...at, 'ratio', 'rows', i])
      })
      const banded = one.ratio.bands !== undefined || one.ratio.rows?.some((row) => row.bands !== undefined)
      if (banded && (one.ratio.bands_are === undefined || one.ratio.edges_from === undefined)) {
        fault([...at, 'ratio'], '分段时须写明 bands_are 和 edges_from')
      }
    }
    one.adjust?.forEach((row, i) => {
      exactlyOne(row, ['points_more', 'points_less', 'times', 'nothing_below', 'at_least'], [...at, 'adjust', i])
    })
    one.target?.rows.forEach((row, i) => {
      exactlyOne(row, ['share', 'a_bill', 'a_year'], [...at, 'target', 'rows', i])
      if ((row.share === undefined) !== (row.of === undefined))
        fault([...at, 'target', 'rows', i], 'share 和 of 要一起写')
    })
    if (Array.isArray(one.base.times))
      one.base.times.forEach((row, i) => {
        if (!hasConditions(row) && i + 1 < (one.base.times?.length ?? 0))
          fault([...at, 'base', 'times', i + 1], '上一行没有条件，这一行永远用不到')
      })
  })
  Object.entries(document.pools).forEach(([key, pool]) => {
    exactlyOne(pool, ['amount', 'times', 'rows'], ['pools', key])
    pool.rows?.forEach((row, i) => {
      exactlyOne(row, ['amount', 'times'], ['pools', key, 'rows', i])
    })
  })
  walk(document, [], (object, path) => {
    const yearly = path.includes('year') || object.over === 'year' || object.over === 'household_year'
    if (yearly && OWN_WORDS.has(object.amount as AmountWord)) fault(path, '全年累计只能用账单上的数或本项的 base')
  })
  return faults
}
