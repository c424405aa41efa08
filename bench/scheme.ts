import type { StoredBill } from '../src/settlement/bill.ts'
import { parsedBill } from './samples.ts'

/** One simple scheme, written down for each of the engines: two ratios, a deductible a bill, a yearly limit. */
export const DEDUCTIBLE = 50_000
export const LIMIT = 3_000_000
export const PERCENT = { dibao: 75, poverty_return: 70 } as const
export type SimpleCategory = keyof typeof PERCENT
export const SCHEME_KEY = 'simple'
const YEAR = 2024
/** The counter under which our engine keeps what was used of the limit. */
export const USED_KEY_PART = 'annual'

export const SIMPLE_RULES = `scheme: simple
start: "2023-01-01"
title: 对照用的简单办法
illustrative: true
document: { number: 对照, published_on: "2022-12-01", source: 仅供测速 }
jurisdiction: ["654000"]
categories:
  - { key: dibao, label: 低保对象, rank: 1, law: 第一条 }
  - { key: poverty_return, label: 返贫致贫人口, rank: 2, law: 第一条 }
choose: { by: rank, law: 第一条 }
pools:
  annual: { law: 第四条, label: 年度限额, per: person_year, amount: "30000.00" }
benefits:
  - key: inpatient
    label: 住院救助
    tier: 1
    applies: { law: 第二条, care_type: inpatient }
    base: { law: 第二条, label: 政策范围内个人自付, of: policy_scope_self_paid }
    deductible: { law: 第三条, label: 起付标准, per: bill, amount: "500.00" }
    ratio:
      law: 第三条
      rows:
        - { category: dibao, ratio: "0.75" }
        - { category: poverty_return, ratio: "0.70" }
    limits: { law: 第四条, pools: [annual] }
`

/** What all engines are told of one claim; amounts in fen. */
export interface SimpleClaim {
  readonly category: SimpleCategory
  readonly policy_scope_cost: number
  readonly basic_insurance_paid: number
  readonly used: number
}

const INPUT = { id: 'input', name: 'request', type: 'inputNode' }
const OUTPUT = { id: 'output', name: 'response', type: 'outputNode' }
const edge = (sourceId: string, targetId: string) => ({
  id: `${sourceId}-${targetId}`,
  type: 'edge',
  sourceId,
  targetId,
})

/** The scheme as a JDM graph: a table for the ratio, expressions for the sums. */
export const SIMPLE_JDM = {
  contentType: 'application/vnd.gorules.decision',
  nodes: [
    INPUT,
    {
      id: 'ratio',
      name: 'ratio',
      type: 'decisionTableNode',
      content: {
        hitPolicy: 'first',
        inputs: [{ id: 'c', name: 'category', field: 'category' }],
        outputs: [{ id: 'r', name: 'percent', field: 'percent' }],
        rules: Object.entries(PERCENT).map(([category, percent]) => ({
          _id: category,
          c: `"${category}"`,
          r: String(percent),
        })),
        passThrough: true,
      },
    },
    {
      id: 'sums',
      name: 'sums',
      type: 'expressionNode',
      content: {
        expressions: [
          { id: 'b', key: 'base', value: 'max([0, policy_scope_cost - basic_insurance_paid])' },
          { id: 'o', key: 'over', value: `max([0, $.base - ${DEDUCTIBLE}])` },
          { id: 'a', key: 'full', value: 'floor($.over * percent / 100 + 0.5)' },
          { id: 'm', key: 'amount', value: `min([$.full, max([0, ${LIMIT} - used])])` },
        ],
      },
    },
    OUTPUT,
  ],
  edges: [edge('input', 'ratio'), edge('ratio', 'sums'), edge('sums', 'output')],
}

let state = 20_240_506
/** Numbers that look random and are the same in every run. */
function random(below: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
  return state % below
}

export function simpleClaims(count: number): SimpleClaim[] {
  return Array.from({ length: count }, () => {
    const policy_scope_cost = 10_000 + random(6_000_000)
    return {
      category: random(2) === 0 ? ('dibao' as const) : ('poverty_return' as const),
      policy_scope_cost,
      basic_insurance_paid: random(policy_scope_cost),
      used: random(3) === 0 ? random(LIMIT + 1) : 0,
    }
  })
}

/** The same claim as a hospital bill. */
export function billOf(claim: SimpleClaim): StoredBill {
  const like = parsedBill(0)
  const amounts = {
    ...like.amounts,
    total_cost: claim.policy_scope_cost,
    self_funded: 0,
    prior_self_pay: 0,
    policy_scope_cost: claim.policy_scope_cost,
    basic_insurance_paid: claim.basic_insurance_paid,
  }
  return { ...like, patient: { id_type: 'resident_id' }, amounts, items: [] }
}

export const SIMPLE_YEAR = YEAR
