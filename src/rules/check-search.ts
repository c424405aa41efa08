import { type Fen, formatYuan, parseYuan } from '../kernel/money.ts'
import { applyRules } from './apply.ts'
import { amountsOf, type CaseBill, claimOfCase } from './cases.ts'
import type { Finding } from './check-structure.ts'
import { CARE_TYPES, type Claim, REFERRALS, type Ruling } from './claim.ts'
import type { CompiledVersion } from './compile.ts'
import { compileMoney, listOf } from './conditions.ts'
import { OVER_BASE } from './judge.ts'
import { sayNoRow } from './no-row.ts'
import { walk } from './references.ts'
import { owedBy } from './scene.ts'
import type { ConditionsDocument, MoneyDocument, VersionDocument } from './schema.ts'
import { sayBill } from './wording-bill.ts'
import { PLACES, type Place } from './words.ts'

/** A small generator of repeatable random numbers in 0…1 (mulberry32): the same document is always searched alike. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const isMoney = (value: unknown): value is MoneyDocument =>
  (typeof value === 'string' && /^\d+\.\d\d$/.test(value)) ||
  (typeof value === 'object' && value !== null && 'parameter' in value)

/** Ratios and factors look like amounts but are none. */
const RATIO_KEYS: ReadonlySet<string> = new Set(['ratio', 'share', 'times', 'value', 'points_more', 'points_less'])

/** Every amount the document prints, in fen, rising. */
export function edgesOf(document: VersionDocument): readonly Fen[] {
  const parameters = Object.fromEntries(
    Object.entries(document.parameters).map(([key, one]) => [key, parseYuan(one.value)]),
  )
  const edges = new Set<Fen>()
  walk({ pools: document.pools, benefits: document.benefits }, [], (object) => {
    for (const [key, value] of Object.entries(object)) {
      if (isMoney(value) && !RATIO_KEYS.has(key)) edges.add(compileMoney(value, { parameters }))
    }
  })
  return [...edges].toSorted((a, b) => a - b)
}

const MAX_SAMPLES = 90

/** Amounts at and beside every edge, where two edges add up, on a grid, and some at random; rising. */
export function samplesOf(edges: readonly Fen[], random: () => number): readonly Fen[] {
  const samples = new Set<Fen>([1, 100, 9_999])
  for (const edge of edges) for (const near of [edge - 1, edge, edge + 1]) samples.add(near)
  for (const edge of edges) for (const other of edges) if (samples.size < MAX_SAMPLES) samples.add(edge + other)
  const top = Math.max(1_000_000, ...edges) * 4
  for (let amount = top; amount > 10_000; amount = Math.floor(amount / 2)) samples.add(amount)
  for (let i = 0; i < 12; i++) samples.add(Math.floor(random() * top))
  return [...samples].filter((one) => one > 0 && one <= 9_000_000_000).toSorted((a, b) => a - b)
}

type Profile = Omit<CaseBill, 'amounts' | 'policy_scope_self_paid'>

const unique = <T>(values: readonly T[]): readonly T[] => [...new Set(values)]

/** The values worth trying of everything the document looks at; what it does not mention stays ordinary. */
function dimensionsOf(document: VersionDocument, insured: string): readonly (readonly Profile[])[] {
  const said = new Set<keyof ConditionsDocument>()
  const ages: number[] = []
  walk({ pools: document.pools, benefits: document.benefits, exclusions: document.exclusions }, [], (object, path) => {
    for (const key of Object.keys(object)) said.add(key as keyof ConditionsDocument)
    if (path.at(-1) === 'age') ages.push(...Object.values(object).map(Number))
  })
  const dimensions: (readonly Profile[])[] = []
  if (said.has('hospital_level')) dimensions.push(([1, 2, 3] as const).map((hospital_level) => ({ hospital_level })))
  if (said.has('place')) dimensions.push(PLACES.map((place) => ({ hospital_place: placeFor(place, insured) })))
  if (said.has('referral')) dimensions.push(REFERRALS.map((referral) => ({ referral })))
  if (said.has('insurance'))
    dimensions.push((['resident', 'employee', 'none'] as const).map((insurance) => ({ insurance })))
  if (said.has('channel')) dimensions.push((['counter', 'application'] as const).map((channel) => ({ channel })))
  if (ages.length > 0)
    dimensions.push([
      {},
      ...unique(ages.flatMap((age) => [age - 1, age, age + 1]).filter((age) => age >= 0)).map((age) => ({ age })),
    ])
  const groups = Object.values(document.diseases).map(
    (one): Profile =>
      one.diagnoses?.[0] === undefined
        ? { disease_code: one.disease_codes?.[0] ?? '' }
        : { diagnoses: [one.diagnoses[0].slice(0, 3)] },
  )
  if (groups.length > 0) dimensions.push([{}, ...groups])
  return dimensions
}

/** A hospital that stands there, seen from the insured place. */
const placeFor = (place: Place, insured: string): string => {
  const [province, prefecture] = [insured.slice(0, 2), insured.slice(2, 4)]
  if (place === 'in_county') return insured
  if (place === 'in_prefecture') return `${province}${prefecture}${insured.endsWith('99') ? '98' : '99'}`
  return place === 'in_province'
    ? `${province}${prefecture === '98' ? '97' : '98'}01`
    : `${province === '11' ? '12' : '11'}0101`
}

const MAX_SHAPES = 30
/** So few kinds of bills are tried in every way a bill may be made up. */
const FEW = 15

/** A kind of care that is refused on purpose needs but one look. */
const ORDINARY: readonly Profile[] = [{}]

/** The ordinary bill, each value by itself, then all combinations where they are few, else some at random. */
function shapesOf(
  dimensions: readonly (readonly Profile[])[],
  insured: string,
  random: () => number,
): readonly Profile[] {
  const shapes = new Map<string, Profile>()
  const add = (shape: Profile): void => {
    const claim = JSON.stringify(claimOfCase(shape, insured))
    if (!shapes.has(claim)) shapes.set(claim, shape)
  }
  for (const shape of [{}, ...dimensions.flat()]) add(shape)
  const all = dimensions.reduce((count, values) => count * values.length, 1)
  if (all <= MAX_SHAPES) {
    const whole = dimensions.reduce<readonly Profile[]>(
      (begun, values) => begun.flatMap((one) => values.map((value) => ({ ...one, ...value }))),
      [{}],
    )
    for (const shape of whole) add(shape)
  } else {
    for (let tries = 0; shapes.size < MAX_SHAPES && tries < 10 * MAX_SHAPES; tries++)
      add(Object.assign({}, ...dimensions.map((values) => values[Math.floor(random() * values.length)])))
  }
  return [...shapes.values()]
}

/** For every category and kind of care. */
function profilesOf(document: VersionDocument, shapes: readonly Profile[], on: string): readonly Profile[] {
  return document.categories.flatMap(({ key }) =>
    CARE_TYPES.flatMap((care_type) => {
      const refused = document.none.some(
        (one) => listOf(one.category).includes(key) && listOf(one.care_type).includes(care_type),
      )
      return (refused ? ORDINARY : shapes).map((shape) => ({ ...shape, category: key, care_type, on }))
    }),
  )
}

/** How a bill of a size is made up: all inside the policy's scope, half insured, or part outside. */
const MIXES = [
  (size: Fen) => ({ policy_scope_self_paid: size, insured: 0, self_funded: 0 }),
  (size: Fen) => ({ policy_scope_self_paid: size, insured: size * 2, self_funded: Math.floor(size / 4) }),
] as const

function claimOf(
  profile: Profile,
  insured: string,
  size: Fen,
  mix: (typeof MIXES)[number],
): { claim: Claim; bill: CaseBill } {
  const made = mix(size)
  const bill: CaseBill = {
    ...profile,
    policy_scope_self_paid: formatYuan(made.policy_scope_self_paid),
    amounts: {
      basic_insurance_paid: formatYuan(made.insured),
      self_funded: formatYuan(made.self_funded),
      insurance_deductible: formatYuan(Math.min(30_000, size)),
    },
  }
  return { claim: { ...claimOfCase(profile, insured), amounts: amountsOf(bill) }, bill }
}

interface Tried {
  readonly ruling: Ruling
  readonly bill: CaseBill
}

type Seen = (key: string, finding: Finding) => void

/** Tries bills until something is found that no document may do; each kind of fault of each benefit is told once. */
export function searchBills(version: CompiledVersion): readonly Finding[] {
  const { document } = version
  if (document.repealed === true) return []
  const findings = new Map<string, Finding>()
  const seen: Seen = (key, finding) => {
    if (!findings.has(key)) findings.set(key, finding)
  }
  const insured = mostSpecific(version.jurisdiction)
  const random = seeded(20_260_101)
  const edges = edgesOf(document)
  const samples = samplesOf(edges, random)
  const slack = version.cliff + document.benefits.reduce((sum, one) => sum + slackOf(one.round), 0)
  const caps = unique([
    0,
    ...version.pools.flatMap((pool) => pool.rows.map((row) => row.value.amount ?? row.value.times ?? 0)),
  ])
  const shapes = shapesOf(dimensionsOf(document, insured), insured, random)
  const tries = profilesOf(document, shapes, version.version).flatMap((profile) =>
    (shapes.length > FEW ? [MIXES[random() < 0.7 ? 0 : 1]] : MIXES).map((mix) => ({ profile, mix })),
  )
  for (const { profile, mix } of tries) {
    const used =
      random() < 0.7 ? 0 : Math.max(0, (caps[Math.floor(random() * caps.length)] ?? 0) - Math.floor(random() * 3))
    let last: Tried | null = null
    for (const size of samples) {
      const { claim, bill } = claimOf(profile, insured, size, mix)
      const ruling = applyRules(version, claim, Number(version.version.slice(0, 4)), () => used)
      const told = (): string => sayBill(bill, document, used)
      checkRuling(ruling, claim, document, told, seen)
      if (last !== null && ruling.assistance < last.ruling.assistance - slack)
        tellFall(last, { ruling, bill }, document, told(), seen)
      last = { ruling, bill }
    }
  }
  return [...findings.values()]
}

const mostSpecific = (codes: readonly string[]): string =>
  codes.toSorted((a, b) => b.replace(/0+$/, '').length - a.replace(/0+$/, '').length)[0] ?? '000000'

const UNITS = { fen: 0, jiao: 10, yuan: 100 } as const

/** What rounding to jiao or yuan may take back when a bill grows by a fen. */
const slackOf = (round: VersionDocument['benefits'][number]['round']): Fen =>
  round === undefined ? 0 : UNITS[round.to] + (round.patient ? UNITS[round.patient.to] : 0)

const benefitPath = (document: VersionDocument, key: string): Finding['path'] => [
  'benefits',
  Math.max(
    0,
    document.benefits.findIndex((one) => one.key === key),
  ),
]

/** What must hold of every ruling, whatever the bill. */
export function checkRuling(
  ruling: Ruling,
  claim: Claim,
  document: VersionDocument,
  told: () => string,
  seen: Seen,
): void {
  const tell = (kind: string, path: Finding['path'], message: string): void =>
    seen(`${kind} ${path.join('.')}`, { path, message, bill: told() })
  if (ruling.assistance < 0 || !Number.isSafeInteger(ruling.assistance)) tell('negative', [], '救助金额为负或不是整分')
  if (ruling.assistance > owedBy(claim)) tell('owed', [], '救助金额超过个人应付')
  for (const one of ruling.benefits) {
    const target = document.benefits.find((benefit) => benefit.key === one.benefit)?.target
    if (target === undefined && one.amount > one.base)
      tell('base', benefitPath(document, one.benefit), '救助金额超过基数')
  }
  for (const step of ruling.trace) {
    if (step.label === OVER_BASE)
      tell('over', [...benefitPath(document, step.benefit ?? ''), 'adjust'], '调整后超过了基数：倍数或加成太大')
  }
  for (const use of ruling.limits) {
    const grew = use.used_after > use.used_before
    if (use.limit !== null && grew && use.used_after > use.limit) tell('limit', ['pools', use.pool], '救助金额超过限额')
  }
  for (const one of ruling.reasons) {
    if (one.code !== 'not_in_rows' || one.law === null) continue
    const { path, message } = sayNoRow(one.law, ruling, claim, document)
    tell('rows', path, message)
  }
  if (ruling.assistance === 0 && ruling.reasons.length === 0) tell('reason', [], '救助为零却说不出原因')
}

function tellFall(from: Tried, to: Tried, document: VersionDocument, bill: string, seen: Seen): void {
  const amountIn = (tried: Tried, key: string): Fen =>
    tried.ruling.benefits.find((one) => one.benefit === key)?.amount ?? 0
  const key = document.benefits.find((one) => amountIn(to, one.key) < amountIn(from, one.key))?.key ?? ''
  const path = benefitPath(document, key)
  const sizes = `${from.bill.policy_scope_self_paid} → ${to.bill.policy_scope_self_paid}`
  const paid = `${formatYuan(from.ruling.assistance)} → ${formatYuan(to.ruling.assistance)}`
  seen(`fall ${key} ${listOf(to.bill.care_type ?? '').join('')}`, {
    path,
    message: `费用增加（${sizes}），救助反而减少（${paid}）；原文确是如此的，在 cliff 里写明`,
    bill,
  })
}
