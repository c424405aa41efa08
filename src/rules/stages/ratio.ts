import { type Exact, exact, type Fen, formatPercent, formatYuan } from '../../kernel/money.ts'
import { compileConditions, compileMoney, type Env, listOf, pick, type Row, within } from '../conditions.ts'
import { amountOf, type Scene, soFar } from '../scene.ts'
import type { BandDocument, RatioDocument } from '../schema.ts'
import type { AmountWord } from '../words.ts'

interface Share {
  readonly ratio: Exact
  readonly said: string
}

interface Band {
  readonly inside: (amount: Fen) => boolean
  /** Edges in fen, for adding up parts; open or closed makes no difference there. */
  readonly low: Fen
  readonly high: Fen
  readonly share: Share | null
  readonly lump: Fen | null
}

type Yield =
  | { readonly kind: 'flat'; readonly share: Share }
  | { readonly kind: 'marginal' | 'whole'; readonly bands: readonly Band[]; readonly fromZero: boolean }
  | { readonly kind: 'lump'; readonly lump: Fen }
  | { readonly kind: 'top_up'; readonly to: Fen; readonly counting: readonly AmountWord[]; readonly key: string | null }

export interface Ratio {
  readonly law: string
  readonly label: string
  readonly rows: readonly Row<Yield>[]
  /** Some row tops up to a quota of the whole year. */
  readonly hasQuota: boolean
}

/** An amount in fen that may have a fraction, and how it came about. */
export interface Yielded {
  readonly amount: Exact
  readonly formula: string
}

const shareOf = (text: string): Share => ({ ratio: exact(text), said: formatPercent(exact(text)) })

const compileBand = (band: BandDocument, env: Env): Band => {
  const low = band.above ?? band.from
  const high = band.below ?? band.up_to
  return {
    inside: within(band, (edge) => compileMoney(edge, env)),
    low: low === undefined ? 0 : compileMoney(low, env),
    high: high === undefined ? Infinity : compileMoney(high, env),
    share: band.ratio === undefined ? null : shareOf(band.ratio),
    lump: band.lump === undefined ? null : compileMoney(band.lump, env),
  }
}

type Yields = Pick<RatioDocument, 'ratio' | 'bands' | 'lump' | 'top_up'>

function compileYield(row: Yields, stage: RatioDocument, env: Env): Yield {
  if (row.ratio !== undefined) return { kind: 'flat', share: shareOf(row.ratio) }
  if (row.lump !== undefined) return { kind: 'lump', lump: compileMoney(row.lump, env) }
  if (row.top_up !== undefined) {
    const { to, counting, per } = row.top_up
    const key = per === 'year' ? topUpKey(env.scheme, env.benefit) : null
    return { kind: 'top_up', to: compileMoney(to, env), counting: listOf(counting), key }
  }
  const bands = (row.bands ?? []).map((band) => compileBand(band, env))
  return { kind: stage.bands_are ?? 'marginal', bands, fromZero: stage.edges_from === 'zero' }
}

interface Quota {
  readonly key: string
  readonly counting: readonly AmountWord[]
}
const isQuota = (value: Yield | undefined): value is Yield & Quota => value?.kind === 'top_up' && value.key !== null

/**
 * The quota of the year a bill counts towards: that of its own row; where that has none, the first there is, for what
 * it pays counts all the same. To be asked before the bill is booked: rows may look at how often there has been one.
 */
export function quotaOf({ rows, hasQuota }: Ratio, scene: Scene): Quota | null {
  if (!hasQuota) return null
  return [pick(rows, scene), ...rows.map((row) => row.value)].find(isQuota) ?? null
}

const topUpKey = (scheme: string, benefit: string): string => `${scheme}/top_up.${benefit}/`

export function compileRatio(document: RatioDocument, env: Env): Ratio {
  const rows = document.rows
    ? document.rows.map((row) => ({ tests: compileConditions(row, env), value: compileYield(row, document, env) }))
    : [{ tests: [], value: compileYield(document, document, env) }]
  const hasQuota = rows.some(({ value }) => isQuota(value))
  return { law: document.law, label: document.label ?? '救助比例', rows, hasQuota }
}

const ZERO = exact(0)
const ONE = exact(1)

/** A ratio moved by points stays between 0 and 1. */
function moved(share: Share, points: Exact | null): Share {
  if (points === null) return share
  const sum = share.ratio.plus(points)
  const ratio = sum.greaterThan(ONE) ? ONE : sum.isNegative() ? ZERO : sum
  return { ratio, said: formatPercent(ratio) }
}

function marginal(bands: readonly Band[], from: Fen, to: Fen, points: Exact | null): Yielded {
  let amount = ZERO
  let formula = ''
  for (const band of bands) {
    const part = Math.min(to, band.high) - Math.max(from, band.low)
    if (part <= 0 || band.share === null) continue
    const share = moved(band.share, points)
    amount = amount.plus(share.ratio.times(part))
    formula = `${formula}${formula === '' ? '' : ' + '}${formatYuan(part)} × ${share.said}`
  }
  return { amount, formula: formula === '' ? '0.00' : formula }
}

const lumpOf = (lump: Fen, most: Fen): Yielded => ({
  amount: exact(Math.min(lump, most)),
  formula: lump > most ? `定额 ${formatYuan(lump)}，不超过 ${formatYuan(most)}` : `定额 ${formatYuan(lump)}`,
})

function whole(bands: readonly Band[], at: Fen, amount: Fen, points: Exact | null): Yielded {
  const band = bands.find((one) => one.inside(at))
  if (band === undefined) return { amount: ZERO, formula: '0.00' }
  if (band.lump !== null) return lumpOf(band.lump, amount)
  const share = moved(band.share ?? shareOf('0'), points)
  return { amount: share.ratio.times(amount), formula: `${formatYuan(amount)} × ${share.said}` }
}

/**
 * What the ratio gives on `base` fen of which the first `deducted` are not paid; `points` move every ratio.
 * Bands counted from zero look at the base, those counted from the deductible at what is above it.
 */
export function yieldOf(value: Yield, base: Fen, deducted: Fen, points: Exact | null, scene: Scene): Yielded {
  const above = base > deducted ? base - deducted : 0
  switch (value.kind) {
    case 'flat': {
      const share = moved(value.share, points)
      return { amount: share.ratio.times(above), formula: `${formatYuan(above)} × ${share.said}` }
    }
    case 'lump':
      return lumpOf(value.lump, above)
    case 'marginal':
      return value.fromZero
        ? marginal(value.bands, Math.min(deducted, base), base, points)
        : marginal(value.bands, 0, above, points)
    case 'whole':
      return whole(value.bands, value.fromZero ? base : above, above, points)
    case 'top_up': {
      let counted = 0
      for (const word of value.counting) counted += amountOf(scene, word)
      if (value.key !== null) counted += soFar(scene.tally, 'person', value.key + scene.year)
      const room = Math.max(0, value.to - counted)
      return {
        amount: exact(Math.min(above, room)),
        formula: `补到 ${formatYuan(value.to)}，已有 ${formatYuan(counted)}`,
      }
    }
  }
}

export type { Yield }
