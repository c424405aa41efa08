import { writeFileSync } from 'node:fs'
import type { ParseArgsOptionsConfig } from 'node:util'
import { submit } from './counter.ts'
import { EXIT, type ExitCode, type Io, Misused } from './exit.ts'
import { isLost } from './line.ts'
import { reverseRequest, settleRequest } from './native.ts'
import type { Office } from './office.ts'
import { readObject } from './settings.ts'
import { judge, type Verdict } from './verdict.ts'
import {
  answerLines,
  decisionLines,
  eligibilityLines,
  exitOf,
  journalLines,
  pendingLines,
  verdictLines,
} from './words.ts'

/** What was typed after the name of the command. */
export interface Typed {
  readonly options: Readonly<Record<string, unknown>>
  readonly words: readonly string[]
}

export interface Command {
  readonly name: string
  readonly usage: string
  readonly does: string
  readonly options: ParseArgsOptionsConfig
  readonly words: readonly [least: number, most: number]
  /** Open requests are taken up before it runs. */
  readonly resolves: boolean
  readonly run: (office: Office, typed: Typed, io: Io) => Promise<ExitCode>
}

const text = { type: 'string' } as const
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

type Done = (json: Readonly<Record<string, unknown>>) => string[]

function sayJson(io: Io, verdict: Verdict): void {
  if (verdict.verdict === 'done') io.out(verdict.text)
  if (verdict.verdict === 'refused') io.out(JSON.stringify(verdict.problem))
}

/** The answer for the script, the words for whoever looks on. */
export function tell(io: Io, verdict: Verdict, done: Done): ExitCode {
  sayJson(io, verdict)
  for (const line of verdictLines(verdict, done)) io.err(line)
  return exitOf(verdict)
}

/** The same for a question, which leaves nothing open. */
export function tellAnswer(io: Io, verdict: Verdict, done: Done): ExitCode {
  sayJson(io, verdict)
  for (const line of answerLines(verdict, done)) io.err(line)
  return verdict.verdict === 'unknown' ? EXIT.unreached : exitOf(verdict)
}

function patientOf({ words: [file], options }: Typed): Record<string, unknown> {
  if (file !== undefined) return readObject(file)
  const [id_number, name] = [textOf(options.id), textOf(options.name)]
  if (!id_number || !name) throw new Misused('请给出文件，或 --id 和 --name')
  const admdvs = textOf(options.insured)
  return { patient: { id_number, name }, ...(admdvs ? { insurance: { admdvs } } : {}) }
}

const asking: readonly Command[] = [
  {
    name: 'eligibility',
    usage: '文件.json|-  或  --id 身份证号 --name 姓名 [--insured 参保地] [--on 2026-11-01]',
    does: '资格查询',
    options: { id: text, name: text, insured: text, on: text },
    words: [0, 1],
    resolves: true,
    run: async ({ native }, typed, io) => {
      const on = textOf(typed.options.on)
      const body = { ...patientOf(typed), ...(on ? { on } : {}) }
      return tellAnswer(io, await native.ask('/v1/eligibility', body, 'status'), eligibilityLines)
    },
  },
  {
    name: 'preview',
    usage: '账单.json|-',
    does: '试算，不入账',
    options: {},
    words: [1, 1],
    resolves: true,
    run: async ({ native }, { words: [file = ''] }, io) =>
      tellAnswer(io, await native.ask('/v1/settlements/preview', readObject(file), 'decision'), decisionLines),
  },
  {
    name: 'look-up',
    usage: '--no 结算单号 | --bill 账单号 | --request 幂等键',
    does: '查询结算',
    options: { no: text, bill: text, request: text },
    words: [0, 0],
    resolves: true,
    run: async ({ native }, { options: { no, bill, request } }, io) => {
      const asked = [no, bill, request].filter((one) => textOf(one) !== undefined)
      if (asked.length !== 1) throw new Misused('--no、--bill、--request 给一个')
      const [value] = asked.map((one) => encodeURIComponent(String(one)))
      const path = no ? `/${value}` : bill ? `?bill_no=${value}` : `?request_key=${value}`
      return tellAnswer(io, await native.read(`/v1/settlements${path}`, 'settlement_no'), decisionLines)
    },
  },
  {
    name: 'statement',
    usage: '结算单号 --to 文件.html [--lang zh|ug|kk|en] [--paper a4|roll]',
    does: '取结算单（每取一次计一份）',
    options: { to: text, lang: text, paper: text },
    words: [1, 1],
    resolves: true,
    run: async ({ native }, { words: [no = ''], options }, io) => {
      const to = textOf(options.to)
      if (!to) throw new Misused('--to：存到哪个文件')
      const query = `lang=${options.lang ?? 'zh'}&paper=${options.paper ?? 'a4'}`
      const path = `/v1/settlements/${encodeURIComponent(no)}/statement?${query}`
      const page = await native.send({ method: 'GET', path })
      if (isLost(page) || page.status !== 200 || !/^text\/html\b/.test(page.headers['content-type'] ?? ''))
        return tellAnswer(io, judge(page, 'settlement_no'), () => [])
      writeFileSync(to, page.text)
      io.err(`✓ 已存为 ${to}，用浏览器打开即可打印`)
      return EXIT.done
    },
  },
]

const booking: readonly Command[] = [
  {
    name: 'settle',
    usage: '账单.json|- [--preview-id …]',
    does: '结算；--preview-id：与试算不一致就不结',
    options: { 'preview-id': text },
    words: [1, 1],
    resolves: true,
    run: async ({ counter }, { words: [file = ''], options }, io) => {
      const request = settleRequest(readObject(file), textOf(options['preview-id']) ?? null)
      return tell(io, await submit(counter, request), (json) => ['✓ 已结算', ...decisionLines(json)])
    },
  },
  {
    name: 'reverse',
    usage: '结算单号 --reason 原因',
    does: '冲销整笔结算',
    options: { reason: text },
    words: [1, 1],
    resolves: true,
    run: async ({ counter }, { words: [no = ''], options }, io) => {
      const reason = textOf(options.reason)
      if (!reason) throw new Misused('--reason：请写明冲销原因')
      return tell(io, await submit(counter, reverseRequest(no, reason)), (json) => ['✓ 已冲销', ...decisionLines(json)])
    },
  },
]

const looking: readonly Command[] = [
  {
    name: 'pending',
    usage: '',
    does: '列出结果未知的交易，不查询',
    options: {},
    words: [0, 0],
    resolves: false,
    run: async ({ counter: { journal } }, _, io) => {
      for (const line of pendingLines(journal)) io.out(line)
      io.err(`未完成交易 ${journal.open().length} 笔`)
      return journal.open().length === 0 ? EXIT.done : EXIT.unknown
    },
  },
  {
    name: 'journal',
    usage: '[--prune]',
    does: '列出日志；--prune 删去已有结果的（其中的姓名、身份证号随之删除）',
    options: { prune: { type: 'boolean' } },
    words: [0, 0],
    resolves: false,
    run: async ({ counter: { journal } }, { options }, io) => {
      if (options.prune === true) io.err(`已删去 ${journal.prune()} 笔`)
      for (const line of journalLines(journal)) io.out(line)
      return EXIT.done
    },
  },
]

export const nativeCommands: readonly Command[] = [...asking, ...booking, ...looking]
