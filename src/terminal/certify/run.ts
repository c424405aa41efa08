import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Instant } from '../../kernel/day.ts'
import { EXIT, type ExitCode, type Io, Misused, reasonOf } from '../exit.ts'
import { type Case, type Finding, tryCase } from './case.ts'
import { ENVIRONMENT_CASES } from './environment.ts'
import { AMOUNT_CASES } from './native-amounts.ts'
import { FAULT_CASES } from './native-faults.ts'
import { WRONG_CASES } from './native-wrong.ts'
import { leftOver, NOT_READY, notReady } from './ready.ts'
import { findingLines, type Report, reportOf, summaryLine } from './report.ts'
import { reportHtml } from './report-html.ts'
import { type NativeStage, openStage } from './stage.ts'

const HELP = `用法：npm run certify -- --url http://… --key mak_… [选项]
  --practice 文件     npm run practice -- --write 文件 写下的地址和密钥，代替下面各项
  --url --key         练习服务的地址、原生接口终端的密钥
  --signed-key mak_… --signed-as T…   须签名的终端；不给则不做签名一项
  --only N5           只做编号以此开头的项目
  --out 文件.html|.json   写报告，可多次
  --timeout 15        等一个答复的秒数

退出码：0 全部通过 · 1 有不通过 · 2 没有做（用法不对、连不上、不是练习环境）`

const text = { type: 'string' } as const
const OPTIONS = {
  practice: text,
  url: text,
  key: text,
  'signed-key': text,
  'signed-as': text,
  only: text,
  out: { type: 'string', multiple: true },
  timeout: text,
  help: { type: 'boolean', short: 'h' },
} as const

const schema = z.object({
  url: z.url({ protocol: /^https?$/, error: '应为 http:// 或 https:// 地址' }),
  key: z.string('请给出密钥').regex(/^[\x21-\x7e]{8,200}$/, '不是密钥'),
  'signed-key': z.string().optional(),
  'signed-as': z.string().optional(),
  only: z.string().default(''),
  out: z.array(z.string().regex(/\.(html|json)$/, '须以 .html 或 .json 结尾')).default([]),
  timeout: z
    .string()
    .regex(/^\d{1,3}$/, '应为秒数')
    .default('15')
    .transform(Number),
})
type Settings = z.output<typeof schema>

function readSettings(argv: readonly string[]): Settings | null {
  const { values } = (() => {
    try {
      return parseArgs({ args: [...argv], options: OPTIONS, strict: true })
    } catch (error) {
      throw new Misused(reasonOf(error))
    }
  })()
  if (values.help) return null
  const { practice, ...typed } = values
  const result = schema.safeParse({ ...(practice === undefined ? {} : writtenBy(practice)), ...typed })
  if (result.success) return result.data
  throw new Misused(result.error.issues.map((i) => `--${String(i.path[0])}: ${i.message}`).join('\n'))
}

function writtenBy(file: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new Misused(`--practice ${file}：${reasonOf(error)}`)
  }
}

const CASES: readonly Case<NativeStage>[] = [...ENVIRONMENT_CASES, ...AMOUNT_CASES, ...FAULT_CASES, ...WRONG_CASES]

/** One case after the other, each on a town nobody has settled anything in. */
async function tryAll<S extends NativeStage>(
  cases: readonly Case<S>[],
  stage: S,
  only: string,
  io: Io,
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const one of cases.filter((c) => c.id.startsWith(only))) {
    const finding = await tryCase(one, stage)
    const left = await leftOver(stage)
    const told: Finding = left.length === 0 ? finding : { ...finding, result: 'fail', why: [...finding.why, ...left] }
    findings.push(told)
    for (const line of findingLines(told)) io.out(line)
  }
  return findings
}

function writeReport(report: Report, files: readonly string[], io: Io): void {
  for (const file of files) {
    writeFileSync(file, file.endsWith('.html') ? reportHtml(report) : `${JSON.stringify(report, null, 2)}\n`)
    io.out(`报告已写入 ${file}`)
  }
}

/** Runs the kit; the exit code is for whoever runs it in a pipeline. */
export async function runCertify(argv: readonly string[], io: Io, now: () => Instant): Promise<ExitCode> {
  try {
    const settings = readSettings(argv)
    if (settings === null) {
      io.out(HELP)
      return EXIT.done
    }
    const { url, key, timeout } = settings
    const [signedKey, signedAs] = [settings['signed-key'], settings['signed-as']]
    const signer = signedKey !== undefined && signedAs !== undefined ? { key: signedKey, terminalId: signedAs } : null
    const stage = openStage({ url: new URL(url), key, signer, timeoutMs: timeout * 1000, now })
    const faults = await notReady(stage)
    if (faults.length > 0) {
      for (const line of [...faults.slice(0, 5), NOT_READY]) io.err(line)
      return EXIT.misused
    }
    const started = now()
    const findings = await tryAll(CASES, stage, settings.only, io)
    const report = reportOf(findings, { url: stage.line.url, hospital: null, started, ended: now() })
    io.out(summaryLine(report))
    writeReport(report, settings.out, io)
    return report.passed ? EXIT.done : EXIT.refused
  } catch (error) {
    io.err(
      error instanceof Misused ? `${error.message}\n用法见 npm run certify -- --help` : `没有做完：${reasonOf(error)}`,
    )
    return EXIT.misused
  }
}
