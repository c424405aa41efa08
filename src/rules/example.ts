import { formatYuan, parseYuan } from '../kernel/money.ts'
import { applyRules, sceneFor } from './apply.ts'
import { type CaseBill, claimOfCase, startTotals } from './cases.ts'
import type { Ruling } from './claim.ts'
import { type CompiledVersion, compileText } from './compile.ts'
import type { Env } from './conditions.ts'
import { parseVersion } from './parse.ts'
import type { Past, Scene } from './scene.ts'

/** The frame of a small document for tables of examples: two categories, no limits; `body` gives the rest. */
export const documentOf = (body: string): string => `scheme: example
start: "2024-01-01"
title: 某市医疗救助办法
document: { number: 某政规〔2023〕8号, source: 某市人民政府网站 }
jurisdiction: ["410200"]
categories:
  - { key: extremely_poor, label: 特困人员, rank: 1, law: 第三条 }
  - { key: dibao, label: 低保对象, rank: 2, law: 第三条 }
${body.includes('choose:') ? '' : 'choose: { by: rank, law: 第四条 }\n'}${body}`

export const versionOf = (body: string): CompiledVersion => compileText(documentOf(body), 'example/2024-01-01.yaml')

/** Nobody is assisted outside a stay in hospital, and that on purpose. */
export const ONLY_INPATIENT =
  'none: [{ law: 第五条, label: 门诊不救助, category: [extremely_poor, dibao], care_type: [outpatient, outpatient_chronic, outpatient_serious] }]'

/** The body with one benefit for stays in hospital: the stages below its base, as a flow of lines indented by four. */
export const benefitBody = (stages: string, before = ''): string => `${before}
benefits:
  - key: inpatient
    label: 住院救助
    tier: 1
    applies: { law: 第五条, care_type: inpatient }
${stages.includes('    base:') ? '' : '    base: { law: 第六条, of: policy_scope_self_paid }\n'}${stages}
`

export const benefitOf = (stages: string, before = ''): CompiledVersion => versionOf(benefitBody(stages, before))

/** What a compiler of one stage needs, with nothing defined but one parameter of 8,000 yuan. */
export const envOf = (benefit = 'inpatient'): Env => ({
  scheme: 'example',
  benefit,
  parameters: { ci_deductible: 800_000 },
  diseases: { cancer: ({ claim }) => claim.diagnoses.some((code) => code.startsWith('C')) },
  sums: new Map(),
  counted: new Set(),
})

/** A bill as a stage meets it: facts in officials' words, totals before it by key, earlier benefits, a base in yuan. */
export function sceneOf(
  facts: CaseBill,
  more: { used?: Readonly<Record<string, number>>; past?: readonly Past[]; base?: string } = {},
): Scene {
  const version = benefitOf('')
  const claim = claimOfCase({ category: 'dibao', on: '2024-06-01', ...facts }, '410200')
  const scene = sceneFor(
    version,
    claim,
    Number(claim.discharged_on.slice(0, 4)),
    (_owner, key) => more.used?.[key] ?? 0,
    'dibao',
  )
  scene.past.push(...(more.past ?? []))
  scene.base = more.base === undefined ? 0 : parseYuan(more.base)
  return scene
}

/** What a version rules upon a bill: facts in officials' words, totals before it by their whole key. */
export function rule(version: CompiledVersion, facts: CaseBill, used: Readonly<Record<string, number>> = {}): Ruling {
  const claim = claimOfCase({ category: 'dibao', on: '2024-06-01', ...facts }, '410200')
  return applyRules(version, claim, 2024, startTotals(new Map(Object.entries(used))).read)
}
export const codes = (ruling: Ruling): readonly string[] => ruling.reasons.map((one) => one.code)
/** The trace, a line a step. */
export const formulas = (ruling: Ruling): readonly string[] =>
  ruling.trace.map(
    (one) =>
      `${one.benefit ?? '-'} ${one.stage}: ${one.formula} = ${one.amount === null ? '' : formatYuan(one.amount)}（${one.law}）`,
  )

/** The body of a version in which every kind of name is defined and used. */
export const GOOD_BODY = `pools:
  annual: { law: 第九条, label: 年度限额, per: person_year, amount: "60000.00" }
parameters:
  income: { label: 收入, value: "17245.00", source: 统计局 }
diseases:
  cancer: { law: 附件, label: 恶性肿瘤, diagnoses: [C00-C97] }
benefits:
  - key: inpatient
    label: 住院救助
    tier: 1
    applies: { law: 第五条, care_type: inpatient }
    base: { law: 第六条, of: policy_scope_self_paid }
    deductible: { law: 第七条, per: year, amount: { parameter: income } }
    ratio: { law: 第八条, ratio: "0.75" }
    limits: { law: 第九条, pools: [annual] }
`
/** What parsing a version with this body complains of, a line a fault. */
export const faultsOf = (body: string): readonly string[] => {
  const parsed = parseVersion(documentOf(body), 'f.yaml')
  return 'faults' in parsed ? parsed.faults.map((one) => `${one.file}:${one.line} ${one.path} ${one.message}`) : []
}
/** The same for the good body with one text put in place of another. */
export const faultsWhen = (from: string, to: string): readonly string[] => {
  if (!GOOD_BODY.includes(from)) throw new Error(`no such text: ${from}`)
  return faultsOf(GOOD_BODY.replace(from, to))
}
