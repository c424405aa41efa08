import { CATEGORY_LABELS } from './categories.ts'
import type { Finding } from './check-structure.ts'
import { type CodeDocument, missingTables, NATION } from './codes.ts'

interface AnyRow {
  readonly value: string
  readonly to?: unknown
  readonly sent?: true
}
interface AnyTable {
  readonly type: string
  readonly rows: readonly AnyRow[]
}

/**
 * Everything wrong with one document of code tables, by itself and among the others (`all` holds it too).
 * `categories` are those that schemes in force add to the ones everybody knows.
 */
export function checkCodes(
  one: CodeDocument,
  all: readonly CodeDocument[],
  categories: ReadonlySet<string>,
): readonly Finding[] {
  const tables = Object.entries(one.document.tables).map(([type, rows]): AnyTable => ({ type, rows: rows ?? [] }))
  return [
    ...checkPlace(one, all),
    ...tables.flatMap((table) => [
      ...checkName(table),
      ...checkTwice(table),
      ...checkSent(table),
      ...checkComplete(table),
    ]),
    ...checkRegional(one),
    ...checkPatterns(one),
    ...checkCategories(one, categories),
  ]
}

/** One id for one area, and the tables every settlement needs are there from the first day. */
function checkPlace(one: CodeDocument, all: readonly CodeDocument[]): readonly Finding[] {
  const moved = all.find((other) => other.codes === one.codes && other.area !== one.area)
  if (moved)
    return [
      { path: ['area'], message: `${one.codes} 的 ${moved.start} 一份管的是 ${moved.area}：同一代号只管一个地区` },
    ]
  const rival = all.find((other) => other.codes !== one.codes && other.area === one.area)
  if (rival) return [{ path: ['area'], message: `地区 ${one.area} 的码表已在 ${rival.codes}：一个地区只有一套` }]
  const alone = one.area === NATION ? [one] : all
  const missing = missingTables(alone, one.area, one.start)
  if (missing.length === 0) return []
  const where = one.area === NATION ? '全国的文件要写全这六张' : '上级地区的文件那天还没有，这里要写'
  return [{ path: ['tables'], message: `${one.start} 缺少码表 ${missing.join('、')}：${where}` }]
}

const checkName = ({ type }: AnyTable): readonly Finding[] =>
  /^[a-z][a-z0-9_]*$/.test(type)
    ? []
    : [{ path: ['tables', type], message: `码表的名字用小写字母、数字和下划线，写作 ${type.toLowerCase()}` }]

function checkTwice({ type, rows }: AnyTable): readonly Finding[] {
  const seen = new Set<string>()
  return rows.flatMap(({ value }, index) => {
    const twice = seen.has(value)
    seen.add(value)
    return twice ? [{ path: ['tables', type, index, 'value'], message: `代码 ${value} 写了两次` }] : []
  })
}

const SENT_TYPES: readonly string[] = ['psn_idet_type', 'hosp_lv']

/** Several codes may come in for one meaning; exactly one goes out. */
function checkSent({ type, rows }: AnyTable): readonly Finding[] {
  if (!SENT_TYPES.includes(type)) return []
  const findings: Finding[] = []
  const byMeaning = Map.groupBy(rows.entries(), ([, row]) => row.to)
  for (const [to, group] of byMeaning) {
    const sent = group.filter(([, row]) => row.sent)
    const wrong = to === undefined ? sent[0] : group.length > 1 && sent.length !== 1 ? (sent[1] ?? group[1]) : undefined
    if (wrong === undefined) continue
    const codes = group.map(([, row]) => row.value).join('、')
    const message =
      to === undefined
        ? '没有写 to 的代码不会发出去，不写 sent'
        : `${codes} 都是 ${String(to)}：在发出去用的那一个写 sent: true，只写一个`
    findings.push({ path: ['tables', type, wrong[0]], message })
  }
  return findings
}

/** What a table must have a code for. */
const NEEDED: ReadonlyMap<string, readonly (readonly [to: unknown, label: string])[]> = new Map([
  ['psn_idet_type', Object.entries(CATEGORY_LABELS)],
  ['hosp_lv', [1, 2, 3].map((level): [unknown, string] => [level, `${level} 级医院`])],
  ['fund_pay_type', [['assistance', '医疗救助基金']]],
])

const checkComplete = ({ type, rows }: AnyTable): readonly Finding[] =>
  (NEEDED.get(type) ?? [])
    .filter(([to]) => !rows.some((row) => row.to === to))
    .map(([to, label]) => ({ path: ['tables', type], message: `没有一个代码是 ${String(to)}（${label}）` }))

/** Codes beginning with 99 mean something else in every province. */
function checkRegional({ area, document }: CodeDocument): readonly Finding[] {
  if (area !== NATION) return []
  return (document.tables.med_type ?? []).flatMap(({ value }, index) =>
    value.startsWith('99')
      ? [
          {
            path: ['tables', 'med_type', index, 'value'],
            message: `${value} 各地意思不同，写在地区的文件里，不写在全国的`,
          },
        ]
      : [],
  )
}

/** A row for many places yields as many; and every table has a row for insurance offices of whole prefectures. */
function checkPatterns({ document }: CodeDocument): readonly Finding[] {
  const rows = document.tables.admdvs
  if (rows === undefined) return []
  const mixed = rows.flatMap(({ value, to }, index) =>
    to !== undefined && value.startsWith('?') !== to.startsWith('?')
      ? [{ path: ['tables', 'admdvs', index, 'to'], message: `${value} 和 ${to}：要么都带 ????，要么都不带` }]
      : value.startsWith('?') && to === undefined
        ? [{ path: ['tables', 'admdvs', index], message: `${value} 要写 to，例如 to: "????00"` }]
        : [],
  )
  if (rows.some(({ value }) => value === '????99')) return mixed
  const message =
    '没有 "????99" 一行：外地参保人的代码（如 411399）就不知道是哪个市，写 { value: "????99", label: …, to: "????00" }'
  return [...mixed, { path: ['tables', 'admdvs'], message }]
}

function checkCategories({ document }: CodeDocument, categories: ReadonlySet<string>): readonly Finding[] {
  return (document.tables.psn_idet_type ?? []).flatMap(({ to }, index) =>
    to === undefined || Object.hasOwn(CATEGORY_LABELS, to) || categories.has(to)
      ? []
      : [
          {
            path: ['tables', 'psn_idet_type', index, 'to'],
            message: `没有一份办法有身份 ${to}；通用的有 ${Object.keys(CATEGORY_LABELS).join('、')}`,
          },
        ],
  )
}
