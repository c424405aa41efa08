import { writeFileSync } from 'node:fs'
import type { Instant } from '../../kernel/day.ts'
import { EXIT, type ExitCode, type Io, Misused, reasonOf } from '../exit.ts'
import { type Case, type Finding, tryCase } from './case.ts'
import { ENVIRONMENT_CASES } from './environment.ts'
import { SECOND_STEP_AMOUNTS } from './his-amounts.ts'
import { BETWEEN_CASES } from './his-between.ts'
import { DIALECT_CASES } from './his-dialect-cases.ts'
import { HIS_FAULT_CASES } from './his-faults.ts'
import { FLOW_CASES } from './his-flow.ts'
import { type HisCase, type HisReached, openHisStage } from './his-stage.ts'
import { HIS_WRONG_CASES, SECOND_STEP_WRONG } from './his-wrong.ts'
import { AMOUNT_CASES } from './native-amounts.ts'
import { FAULT_CASES } from './native-faults.ts'
import { WRONG_CASES } from './native-wrong.ts'
import { hisNotReady, leftOver, NOT_READY, notReady } from './ready.ts'
import { replay } from './replay.ts'
import { findingLines, type Report, replayLines, reportOf, summaryLine } from './report.ts'
import { reportHtml } from './report-html.ts'
import { HELP, readSettings, type Settings } from './settings.ts'
import { openStage } from './stage.ts'

const NATIVE = [...ENVIRONMENT_CASES, ...AMOUNT_CASES, ...FAULT_CASES, ...WRONG_CASES]
const OF_BOTH: readonly HisCase[] = [...DIALECT_CASES, ...HIS_FAULT_CASES, ...HIS_WRONG_CASES, ...FLOW_CASES]

/** The same trials in either position of the chain, each with an identifier of its own. */
const HIS: Readonly<Record<HisReached['mode'], readonly HisCase[]>> = {
  second_step: [...SECOND_STEP_AMOUNTS, ...OF_BOTH, ...SECOND_STEP_WRONG].map((one) => ({
    ...one,
    part: one.part.replace('HIS 接口', 'HIS 接口（先与医保结算）'),
  })),
  in_between: [...BETWEEN_CASES, ...OF_BOTH].map((one) => ({
    ...one,
    id: one.id.replace('H', 'B'),
    part: one.part.replace('HIS 接口', 'HIS 接口（经本服务与医保结算）'),
  })),
}

interface Restored {
  restore(): Promise<readonly string[]>
}

/** One case after the other, each on a town nobody has settled anything in. */
async function tryAll<S extends Restored>(
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

function conclude(settings: Settings, findings: readonly Finding[], started: Instant, io: Io, now: () => Instant) {
  const { url, his, out } = settings
  const hospital = [...new Set(his.map((one) => one.hospital))].join('、') || null
  const report = reportOf(findings, { url, hospital, started, ended: now() })
  io.out(summaryLine(report))
  writeReport(report, out, io)
  return report.passed ? EXIT.done : EXIT.refused
}

async function replayAll(settings: Settings, file: string, io: Io, now: () => Instant): Promise<ExitCode> {
  const [reached] = settings.his
  if (!reached) throw new Misused('--replay：须有 --his-key 和 --his-hospital')
  const started = now()
  const findings = await replay(file, reached, settings.reader)
  for (const finding of findings) for (const line of replayLines(finding)) io.out(line)
  return conclude(settings, findings, started, io, now)
}

async function certify(settings: Settings, io: Io, now: () => Instant): Promise<ExitCode> {
  const { native, his, only } = settings
  if (settings.replay !== null) return replayAll(settings, settings.replay, io, now)
  const stage = native && openStage(native)
  const stages = his.map((reached) => ({ reached, stage: openHisStage(reached) }))
  const faults = [...(stage ? await notReady(stage) : [])]
  for (const one of stages) if (faults.length === 0) faults.push(...(await hisNotReady(one.stage)))
  if (faults.length > 0) {
    for (const line of [...faults.slice(0, 5), NOT_READY]) io.err(line)
    return EXIT.misused
  }
  const started = now()
  const findings = stage ? await tryAll(NATIVE, stage, only, io) : []
  for (const one of stages) findings.push(...(await tryAll(HIS[one.reached.mode], one.stage, only, io)))
  return conclude(settings, findings, started, io, now)
}

/** Runs the kit; the exit code is for whoever runs it in a pipeline. */
export async function runCertify(argv: readonly string[], io: Io, now: () => Instant): Promise<ExitCode> {
  try {
    const settings = readSettings(argv, now)
    if (settings) return await certify(settings, io, now)
    io.out(HELP)
    return EXIT.done
  } catch (error) {
    io.err(
      error instanceof Misused ? `${error.message}\n用法见 npm run certify -- --help` : `没有做完：${reasonOf(error)}`,
    )
    return EXIT.misused
  }
}
