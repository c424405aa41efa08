import { parseYuan } from '../kernel/money.ts'
import { sceneFor } from './apply.ts'
import { type CaseBill, claimOfCase } from './cases.ts'
import { type CompiledVersion, compileText } from './compile.ts'
import type { Env } from './conditions.ts'
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

/** One benefit for stays in hospital: the stages below its base, as a flow of lines indented by four. */
export const benefitOf = (stages: string, pools = ''): CompiledVersion =>
  versionOf(`${pools}
benefits:
  - key: inpatient
    label: 住院救助
    tier: 1
    applies: { law: 第五条, care_type: inpatient }
${stages.includes('    base:') ? '' : '    base: { law: 第六条, of: policy_scope_self_paid }\n'}${stages}`)

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
