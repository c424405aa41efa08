import { addDays, type Day } from '../kernel/day.ts'
import { type Fen, formatYuan, parseYuan } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { sceneFor } from './apply.ts'
import { claimOfCase, startTotals } from './cases.ts'
import { CARE_TYPES, type CareType } from './claim.ts'
import type { CompiledBenefit, CompiledVersion } from './compile.ts'
import { compileMoney, listOf } from './conditions.ts'
import { inForce, type Scheme } from './in-force.ts'
import type { Path } from './parse.ts'
import { walk } from './references.ts'
import { type BandDocument, CONDITION_KEYS, type VersionDocument } from './schema.ts'
import { covers } from './stages/applies.ts'
import { CARE_TEXTS } from './wording.ts'

/** What is wrong with a document, where in it, and the bill that shows it. */
export interface Finding {
  readonly path: Path
  readonly message: string
  readonly bill?: string
}

/** Faults one sees by reading a version, without trying bills. */
export const checkStructure = (version: CompiledVersion): readonly Finding[] =>
  version.document.repealed === true
    ? []
    : [
        ...checkBands(version.document),
        ...checkRows(version.document),
        ...checkEdges(version.document),
        ...checkPools(version.document),
        ...checkAnswers(version, version.document),
      ]

/** A pool that no benefit reaches limits nothing, whatever the law says. */
function checkPools(document: VersionDocument): readonly Finding[] {
  const reached = new Set<string>()
  for (const { limits } of document.benefits) {
    for (const one of limits?.pools ?? []) {
      let name: string | undefined = typeof one === 'string' ? one : one.pool
      while (name !== undefined && !reached.has(name)) {
        reached.add(name)
        name = document.pools[name]?.inside
      }
    }
  }
  return Object.entries(document.pools)
    .filter(([key]) => !reached.has(key))
    .map(([key, { label }]) => ({
      path: ['pools', key],
      message: `没有一项救助用到限额池 ${key}（${label}），它什么也限不住：在该受限的救助里写 limits: { law: …, pools: [${key}] }`,
    }))
}

/** Every category of the jurisdiction meets every kind of care with a benefit, or with none on purpose. */
function checkAnswers(version: CompiledVersion, document: VersionDocument): readonly Finding[] {
  const findings: Finding[] = []
  for (const { key, label } of version.categories) {
    for (const care_type of CARE_TYPES) {
      const benefit = version.benefits.find((one) => isFor(version, one, key, care_type))
      const none = document.none.findIndex(
        (one) => listOf(one.category).includes(key) && listOf(one.care_type).includes(care_type),
      )
      const bill = `${label}，${CARE_TEXTS[care_type]}`
      if (benefit === undefined && none < 0) {
        findings.push({
          path: ['none'],
          message: `${key} 遇到 ${care_type} 没有答案：写一项救助，或在 none 里写明不救助`,
          bill,
        })
      }
      if (benefit !== undefined && none >= 0) {
        findings.push({
          path: ['none', none],
          message: `${key} 遇到 ${care_type} 写了不救助，却又有 ${benefit.key} 管着`,
          bill,
        })
      }
    }
  }
  return findings
}

const ANY_DAY = '2000-01-01'

function isFor(version: CompiledVersion, benefit: CompiledBenefit, category: string, care_type: CareType): boolean {
  const claim = claimOfCase({ category, care_type, on: ANY_DAY }, version.jurisdiction[0] ?? '000000')
  return covers(benefit.applies, sceneFor(version, claim, 2000, startTotals().read, category))
}

const parametersOf = (document: VersionDocument): Record<string, Fen> =>
  Object.fromEntries(Object.entries(document.parameters).map(([key, one]) => [key, parseYuan(one.value)]))

/** Bands follow each other without overlap or hole; the bill that falls into it is told. */
function checkBands(document: VersionDocument): readonly Finding[] {
  const findings: Finding[] = []
  const parameters = parametersOf(document)
  walk(document.benefits, ['benefits'], (object, path) => {
    if (!Array.isArray(object.bands)) return
    const bands = object.bands as readonly BandDocument[]
    const at = [...path, 'bands']
    for (const [index, band] of bands.entries()) {
      const [low, high] = [band.above ?? band.from, band.below ?? band.up_to]
      if (band.above !== undefined && band.from !== undefined)
        findings.push({ path: [...at, index], message: 'above 和 from 只能写一个' })
      if (band.below !== undefined && band.up_to !== undefined)
        findings.push({ path: [...at, index], message: 'below 和 up_to 只能写一个' })
      if ((band.ratio === undefined) === (band.lump === undefined))
        findings.push({ path: [...at, index], message: '每段写 ratio 或 lump，只写一个' })
      if (band.lump !== undefined && marginalAt(document, path))
        findings.push({ path: [...at, index, 'lump'], message: '定额的段要用 bands_are: whole' })
      if (index === 0 && low !== undefined)
        findings.push({ path: [...at, 0], message: '第一段不写下边：下边就是零；不付的部分写比例 "0"' })
      if (index === bands.length - 1 && high !== undefined) {
        const bill = `超过 ${formatYuan(compileMoney(high, { parameters }))} 的费用`
        findings.push({ path: [...at, index], message: '最后一段不写上边，否则更大的费用没有答案', bill })
      }
      const next = bands[index + 1]
      if (next !== undefined) findings.push(...seam(band, next, parameters, [...at, index + 1]))
    }
  })
  return findings
}

const marginalAt = (document: VersionDocument, path: Path): boolean =>
  document.benefits[Number(path[1])]?.ratio?.bands_are === 'marginal'

function seam(band: BandDocument, next: BandDocument, parameters: Record<string, Fen>, path: Path): readonly Finding[] {
  const high = band.below ?? band.up_to
  const low = next.above ?? next.from
  if (high === undefined || low === undefined) return [{ path, message: '中间的段要写上边和下边' }]
  const [top, bottom] = [compileMoney(high, { parameters }), compileMoney(low, { parameters })]
  if (top < bottom) {
    return [
      {
        path,
        message: `两段之间有空档：${formatYuan(top)} 到 ${formatYuan(bottom)}`,
        bill: `${formatYuan(top + 1)} 元的费用`,
      },
    ]
  }
  if (top > bottom) {
    return [
      {
        path,
        message: `两段重叠：${formatYuan(bottom)} 到 ${formatYuan(top)}`,
        bill: `${formatYuan(bottom + 1)} 元的费用`,
      },
    ]
  }
  const [closedBelow, closedAbove] = [band.up_to !== undefined, next.from !== undefined]
  if (closedBelow && closedAbove)
    return [
      {
        path,
        message: `${formatYuan(top)} 同时属于两段：一段写 up_to，另一段就写 above`,
        bill: `正好 ${formatYuan(top)} 元的费用`,
      },
    ]
  if (!closedBelow && !closedAbove)
    return [
      {
        path,
        message: `${formatYuan(top)} 不属于任何一段：一段写 below，另一段就写 from`,
        bill: `正好 ${formatYuan(top)} 元的费用`,
      },
    ]
  return []
}

/** A row without conditions takes everything: whatever stands below it is never reached. */
function checkRows(document: VersionDocument): readonly Finding[] {
  const findings: Finding[] = []
  walk(document, [], (object, path) => {
    if (!Array.isArray(object.rows)) return
    const rows = object.rows as readonly object[]
    const open = rows.findIndex((row) => !CONDITION_KEYS.some((key) => key in row))
    if (open >= 0 && open < rows.length - 1) {
      findings.push({ path: [...path, 'rows', open + 1], message: '上一行没有条件，这一行永远用不到' })
    }
  })
  return findings
}

const EDGES = ['above', 'from', 'below', 'up_to', 'before'] as const

/** Conditions that compare: without an edge they hold of every bill. */
const COMPARING: ReadonlySet<unknown> = new Set(['age', 'nth_this_year', 'recognised', 'bill', 'year', 'any'])

/** Edges between which nothing lies, and comparisons without any. */
function checkEdges(document: VersionDocument): readonly Finding[] {
  const findings: Finding[] = []
  const parameters = parametersOf(document)
  const number = (value: unknown): number =>
    typeof value === 'number' ? value : compileMoney(value as Parameters<typeof compileMoney>[0], { parameters })
  walk(document, [], (object, path) => {
    const edges = object as { readonly [key in (typeof EDGES)[number]]?: unknown }
    // Names of the document's own stand higher up.
    const isComparing = path.length > 2 && COMPARING.has(path.findLast((part) => typeof part === 'string'))
    if (isComparing && !EDGES.some((edge) => edges[edge] !== undefined))
      findings.push({ path, message: '没有写界限，对每张账单都成立' })
    if (path.at(-1) === 'recognised') {
      const { from, before } = object as { from?: Day; before?: Day }
      if (from !== undefined && before !== undefined && from >= before)
        findings.push({ path, message: '这段日期永远到不了：from 不早于 before' })
      return
    }
    const low = edges.above ?? edges.from
    const high = edges.below ?? edges.up_to
    if (low === undefined || high === undefined) return
    const [bottom, top] = [number(low), number(high)]
    const touching = edges.from !== undefined && edges.up_to !== undefined
    if (bottom > top || (bottom === top && !touching))
      findings.push({ path, message: '上下边之间什么也没有，永远用不到' })
  })
  return findings
}

/** Neighbouring versions must not leave bills between them: those whose days straddle the change. */
export function checkChanges(scheme: Scheme): readonly (Finding & { readonly version: Day })[] {
  const findings: (Finding & { readonly version: Day })[] = []
  const place = scheme.versions.flatMap((one) => one.jurisdiction)[0] ?? '000000'
  for (const [index, version] of scheme.versions.entries()) {
    const earlier = scheme.versions[index - 1]
    if (earlier === undefined || earlier.repealed || version.repealed) continue
    const [eve, day] = [addDays(version.version, -1), version.version]
    const stays = [
      { admitted_on: eve, discharged_on: eve, settled_on: day },
      { admitted_on: eve, discharged_on: day, settled_on: day },
      { admitted_on: eve, discharged_on: eve, settled_on: eve },
      { admitted_on: day, discharged_on: day, settled_on: day },
    ]
    for (const stay of stays) {
      const found = inForce([scheme], place, stay)
      if (!isRefusal(found)) continue
      const bill = `入院 ${stay.admitted_on}，出院 ${stay.discharged_on}，结算 ${stay.settled_on}`
      findings.push({
        version: day,
        path: ['dated_by'],
        message: '换版时有账单两边都不管：前后两份的 dated_by 对不上',
        bill,
      })
    }
  }
  return findings
}
