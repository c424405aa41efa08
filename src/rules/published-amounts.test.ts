import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatYuan, parseYuan } from '../kernel/money.ts'
import { applyRules } from './apply.ts'
import { claimOfCase, runCase } from './cases.ts'
import { checkVersion, readFiles } from './check.ts'
import type { Amounts, Claim, Referral } from './claim.ts'
import { compileText } from './compile.ts'
import { readDirectory } from './files.ts'
import { gatherSchemes, inForce, type Scheme } from './in-force.ts'
import { owedBy } from './scene.ts'

/** Amounts that were printed somewhere, re-entered by hand: figures and sources, nothing else. */
interface Published {
  readonly amounts: readonly PublishedAmount[]
  readonly parameters: readonly PublishedParameter[]
  readonly sums_only: readonly PublishedSum[]
  readonly inconsistent: readonly (PublishedSum & { readonly printed: string })[]
  readonly left_out: readonly { readonly id: string; readonly reason: string }[]
}

interface PublishedAmount {
  readonly id: string
  readonly place: string
  readonly scheme: string
  readonly on: string
  readonly category: string
  readonly referral?: Referral
  readonly channel?: Claim['channel']
  readonly diagnoses?: readonly string[]
  readonly age?: number
  readonly bill: Readonly<Partial<Record<keyof Amounts, string>>>
  /** What each benefit pays; one that is not named pays nothing. */
  readonly gets: Readonly<Record<string, string>>
  readonly patient?: string
}

interface PublishedParameter {
  readonly id: string
  readonly place: string
  readonly value: string
  readonly printed: readonly {
    readonly times: string
    readonly to: string
    readonly mode: string
    readonly amount: string
  }[]
}

interface PublishedSum {
  readonly id: string
  readonly place: string
  readonly whole: string
  readonly parts: readonly string[]
  readonly left: string
}

const published = JSON.parse(readFileSync('fixtures/published-amounts.json', 'utf8')) as Published

/** The small schemes of places that are not shipped stand beside the shipped ones. */
const shipped = readFiles(readDirectory('rules'))
const small = readFiles(readDirectory('fixtures/schemes'))
const schemes = gatherSchemes([...shipped.loaded, ...small.loaded].map((one) => one.version))

const schemeNamed = (key: string): Scheme => {
  const found = schemes.find((one) => one.key === key)
  if (found === undefined) throw new Error(`no scheme ${key}`)
  return found
}

const claimOf = ({ on, category, referral, channel, diagnoses, age, bill }: PublishedAmount, place: string): Claim =>
  claimOfCase(
    {
      on,
      category,
      amounts: bill,
      ...(referral && { referral }),
      ...(channel && { channel }),
      ...(diagnoses && { diagnoses: [...diagnoses] }),
      ...(age !== undefined && { age }),
    },
    place,
  )

function settle(scheme: Scheme, one: PublishedAmount) {
  const place = scheme.versions[0]?.jurisdiction[0] ?? ''
  const claim = claimOf(one, place)
  const found = inForce([scheme], place, claim)
  if (!('version' in found)) throw new Error(`no rule of ${scheme.key} on ${one.on}`)
  const ruling = applyRules(found.version, claim, found.year, () => 0)
  return {
    gets: Object.fromEntries(ruling.benefits.map(({ benefit, amount }) => [benefit, formatYuan(amount)])),
    patient: formatYuan(owedBy(claim) - ruling.assistance),
  }
}

/** A scheme that pays everything above one deductible, which is a share of a published figure. */
const deductibleScheme = (value: string, { times, to, mode }: PublishedParameter['printed'][number]): Scheme => {
  const text = JSON.stringify({
    scheme: 'parameter',
    start: '2020-01-01',
    title: '公布的起付线',
    document: { number: '无', source: '表' },
    jurisdiction: ['999900'],
    categories: [{ key: 'insured', label: '参保人', rank: 1, law: '表' }],
    choose: { by: 'rank', law: '表' },
    parameters: { figure: { label: '公布的数', value, source: '表' } },
    benefits: [
      {
        key: 'all',
        label: '起付线以上全付',
        tier: 1,
        applies: { law: '表' },
        base: { law: '表', of: 'policy_scope_self_paid' },
        deductible: { law: '表', per: 'bill', amount: { parameter: 'figure', times, to, mode } },
      },
    ],
  })
  return { key: 'parameter', versions: [compileText(text, 'parameter.yaml')] }
}

const billed = (scheme: string, yuan: string): PublishedAmount => ({
  id: '',
  place: '',
  scheme,
  on: '2024-06-01',
  category: 'insured',
  gets: {},
  bill: { total_cost: yuan, policy_scope_cost: yuan },
})

const leftOf = ({ whole, parts }: PublishedSum): string =>
  formatYuan(parts.reduce((left, part) => left - parseYuan(part), parseYuan(whole)))

describe('published amounts', () => {
  it.each(published.amounts)('$id $place: the engine pays what was printed', (one) => {
    const { gets, patient } = settle(schemeNamed(one.scheme), one)
    expect(gets).toEqual(one.gets)
    if (one.patient !== undefined) expect(patient).toBe(one.patient)
  })

  it.each(published.parameters.flatMap((one) => one.printed.map((printed) => ({ ...one, ...printed }))))(
    '$id $place: $value × $times is printed as $amount',
    ({ value, amount, ...printed }) => {
      const scheme = deductibleScheme(value, { ...printed, amount })
      expect(settle(scheme, billed('parameter', amount)).gets).toEqual({})
      const above = formatYuan(parseYuan(amount) + 1)
      expect(settle(scheme, billed('parameter', above)).gets).toEqual({ all: '0.01' })
    },
  )

  it.each(published.sums_only)('$id $place: the printed parts add up, the rule was not printed', (one) => {
    expect(leftOf(one)).toBe(one.left)
  })

  it.each(published.inconsistent)('$id $place: the printed parts do not add up', (one) => {
    expect(leftOf(one)).toBe(one.left)
    expect(one.printed).not.toBe(one.left)
  })

  it('leaves the patient nothing once the yearly ceiling of Huangshan is used up; 0.07 was printed', () => {
    const stay = { category: 'poor_household', hospital_level: 3 } as const
    const first = { total_cost: '26000.00', basic_insurance_paid: '16000.00' }
    const second = { total_cost: '88404.89', basic_insurance_paid: '60000.00' }
    const differences = runCase(schemeNamed('huangshan'), {
      name: 'second stay',
      earlier_bills: [{ ...stay, on: '2017-03-01', amounts: first }],
      bill: { ...stay, on: '2017-06-01', amounts: second },
      expect: { patient_pays: '0.00', assistance: '28404.89' },
    })
    expect(differences).toEqual([])
  })

  it('finds nothing wrong with the small schemes', () => {
    expect(small.faults).toEqual([])
    expect(small.loaded.flatMap(checkVersion)).toEqual([])
  })

  it('accounts for each of the 65 examples once, those left out with a reason', () => {
    const { amounts, parameters, sums_only, inconsistent, left_out } = published
    const ids = [amounts, parameters, sums_only, inconsistent, left_out].flat().map((one) => one.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toHaveLength(65)
    for (const one of [...sums_only, ...inconsistent, ...left_out]) expect(one).toHaveProperty('reason')
  })
})
