import type { z } from 'zod'

export type Issue = z.core.$ZodIssue

const YAML_FAULTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: '缩进用了制表符；请用空格',
  BAD_INDENT: '缩进不对：同一层的键要对齐',
  MISSING_CHAR: '少了一个符号：引号、括号或冒号没有配对，或列表的一项前面少了 "- "',
  UNEXPECTED_TOKEN: '多了一个符号，或前面有引号、括号没有配对',
  BLOCK_AS_IMPLICIT_KEY: '一行里写了两个“键: 值”，或缩进不对',
  BLOCK_IN_FLOW: '花括号、方括号里的各项要用半角逗号 "," 隔开',
  MULTILINE_IMPLICIT_KEY: '键后面少了半角冒号 ": "，或缩进不对',
  BAD_SCALAR_START: '这里的文字要加引号：不能以 @、` 等符号开头',
  BAD_ALIAS: '引用（*名字）写错了',
  MULTIPLE_DOCS: '一个文件里只能有一份，不要写 "---" 分隔',
  TAG_RESOLVE_FAILED: '不认识的标签；以 ! 开头的文字要加引号',
}

const FULL_WIDTH = /[：，｛｝［］＂“”]/

const hint = (text: string): string =>
  FULL_WIDTH.test(text) ? '。这一行有全角标点（：，“”等）：冒号、逗号、引号要用半角的，冒号后面空一格' : ''

/** A fault of YAML in the words of those who write rules; `line` is the text of the line it was found on. */
export const sayYaml = (code: string, line: string): string =>
  code === 'DUPLICATE_KEY'
    ? '同一个键写了两次'
    : `不是合格的 YAML：${YAML_FAULTS[code] ?? '这一行的写法不对'}${hint(line)}`

const OUR_WORDS = /[\u4e00-\u9fff]/

/** How near an issue shows a branch of a union to be to what was meant. */
function nearness(issue: Issue): number {
  switch (issue.code) {
    case 'invalid_union':
      return 5
    case 'invalid_value':
      return issue.values.length > 1 ? 3 : 1
    case 'invalid_type':
      return OUR_WORDS.test(issue.message) ? 2 : 0
    default:
      return 4
  }
}

/** An issue of a union is that of the branch that came furthest: the one with the deepest or nearest complaint. */
export function unfold(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const rank = (branch: readonly Issue[]): number =>
    Math.max(...branch.map((one) => one.path.length * 10 + nearness(one)))
  const best = issue.errors.toSorted((a, b) => rank(b) - rank(a))[0] ?? []
  return best.flatMap((one) => unfold({ ...one, path: [...issue.path, ...one.path] } as Issue))
}

/** How a key is written whose value has the wrong form; by the last name of its path, or by its whole path. */
const EXAMPLES: Readonly<Record<string, string>> = {
  adjust: '[{ law: 第十二条, points_more: "0.10" }]',
  age: '{ below: 18 }',
  amounts: '{ total_cost: "1000.00" }',
  any: '[{ amount: base, over: bill, above: "10000.00" }]',
  applies: '{ law: 第五条, care_type: inpatient }',
  accumulate: '{ law: 第六条, per: year }',
  bands: '[{ up_to: "6000.00", ratio: "0.70" }, { above: "6000.00", ratio: "0.80" }]',
  base: '{ law: 第六条, of: policy_scope_self_paid }',
  choose: '{ by: rank, law: 第四条 }',
  counting: '[insurance_paid]',
  deductible: '{ law: 第七条, per: bill, amount: "500.00" }',
  diagnoses: '[C00-C97]',
  document: '{ number: 某政规〔2023〕8号, source: 网址 }',
  earlier: '{ benefit: inpatient, is: used }',
  expect: '{ assistance: "700.00" }',
  gate: '{ law: 第九条, any: [{ amount: base, over: bill, above: "10000.00" }] }',
  jurisdiction: '["410200"]',
  less: '[donation_paid]',
  limits: '{ law: 第八条, pools: [annual] }',
  nth_this_year: '{ up_to: 3 }',
  only_for: '{ category: dibao }',
  pools: '[annual]',
  '/pools': '{ annual: { law: 第八条, label: 年度限额, per: person_year, amount: "30000.00" } }',
  ratio: '{ law: 第八条, ratio: "0.70" }',
  reasons: '[limit_cut]',
  recognised: '{ from: "2024-02-01" }',
  round: '{ law: 第三条, to: fen, mode: half_up }',
  rows: '[{ category: dibao, ratio: "0.70" }]',
  target: '{ law: 第三条, patient_pays: at_most, rows: [{ a_bill: "800.00" }] }',
}

const FORMS: Readonly<Record<string, string>> = {
  array: '要写成一列',
  object: '要写成“键: 值”',
  record: '要写成“名字: 值”',
  string: '要写成文字；纯数字的加引号，例如 "5"',
  number: '要写整数，不加引号，例如 18',
  int: '要写整数，不加引号，例如 18',
  boolean: '要写 true 或 false，不加引号',
}

function formOf(value: unknown): string {
  if (value === null) return '空的'
  if (Array.isArray(value)) return '一列'
  if (typeof value === 'object') return '一组“键: 值”'
  return typeof value === 'string' ? `文字 ${JSON.stringify(value)}` : String(value)
}

const MONEY = '金额写作 "1234.50"，或 { parameter: 名字 }，或 { parameter: 名字, times: "0.15" }'

/** What is wrong in Chinese, with what to write instead; `value` is what stands there. */
export function sayIssue(issue: Issue, value: unknown): string {
  const key = String(issue.path.findLast((part) => typeof part === 'string') ?? '')
  switch (issue.code) {
    case 'unrecognized_keys':
      return `不认识的键：${issue.keys.join('、')}${hint(issue.keys.join(''))}`
    case 'invalid_type': {
      if (value === undefined) return '缺少这一项'
      if (issue.message.startsWith('金额') && typeof value === 'object') return `${MONEY}；写的是${formOf(value)}`
      if (OUR_WORDS.test(issue.message)) return issue.message
      const example =
        typeof issue.path.at(-1) === 'string' ? (EXAMPLES[`/${issue.path.join('/')}`] ?? EXAMPLES[key]) : undefined
      const structured = issue.expected === 'array' || issue.expected === 'object' || issue.expected === 'record'
      const how = structured && example !== undefined ? `，例如 ${key}: ${example}` : ''
      return `${FORMS[issue.expected] ?? '写法不对'}${how}；写的是${formOf(value)}`
    }
    case 'invalid_value':
      return `只能是 ${issue.values.map(String).join('、')} 之一`
    case 'invalid_key': {
      const inner = issue.issues[0]
      if (inner?.code === 'invalid_value')
        return `不认识的键：${key}；这里可以写：${inner.values.map(String).join('、')}`
      return `名字 ${key} 不行：${inner?.message ?? '换一个'}`
    }
    case 'too_small':
      if (issue.origin === 'string') return '不能是空的'
      return issue.origin === 'array' ? `至少写 ${issue.minimum} 项` : `不小于 ${issue.minimum}`
    case 'too_big':
      return `不大于 ${issue.maximum}`
    default:
      return OUR_WORDS.test(issue.message) ? issue.message : `写法不对，写的是${formOf(value)}`
  }
}

/** An amount written as an object that names no parameter: said once, of the amount itself. */
export function amountsAsSuch(issues: readonly Issue[]): readonly Issue[] {
  const text = (path: readonly PropertyKey[]): string => path.map(String).join('/')
  const parents = new Set(
    issues
      .filter((one) => one.code === 'invalid_type' && one.path.at(-1) === 'parameter')
      .map((one) => text(one.path.slice(0, -1))),
  )
  return issues.flatMap((one) => {
    if (one.code === 'unrecognized_keys' && parents.has(text(one.path))) return []
    return one.path.at(-1) === 'parameter' && parents.has(text(one.path.slice(0, -1)))
      ? [{ ...one, path: one.path.slice(0, -1), message: '金额' } as Issue]
      : [one]
  })
}
