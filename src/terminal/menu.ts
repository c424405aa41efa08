import { writeFileSync } from 'node:fs'
import { resolveOpen, submit } from './counter.ts'
import { EXIT, type ExitCode, type Io, Misused, reasonOf } from './exit.ts'
import { isKept, isReversible } from './his.ts'
import { giveUp, hisLines } from './his-commands.ts'
import { keyIn } from './key-in.ts'
import { isLost } from './line.ts'
import { reverseRequest, settleRequest } from './native.ts'
import type { Office } from './office.ts'
import { openPrompt, type Prompt } from './prompt.ts'
import { readObject } from './settings.ts'
import type { Verdict } from './verdict.ts'
import {
  answerLines,
  decisionLines,
  eligibilityLines,
  exitOf,
  journalLines,
  pendingLines,
  resolvedLine,
  verdictLines,
} from './words.ts'

interface Desk extends Office {
  readonly prompt: Prompt
  readonly say: (text: string) => void
}

/** A reader who has gone away mid-question leaves the menu. */
const GONE = Symbol('gone')

async function ask(desk: Desk, question: string, fallback?: string): Promise<string> {
  const answer = await desk.prompt.ask(question, fallback)
  if (answer === null) throw GONE
  return answer
}

type Done = (json: Readonly<Record<string, unknown>>) => string[]

function show(desk: Desk, verdict: Verdict, done: Done): void {
  for (const line of verdictLines(verdict, done)) desk.say(line)
}
function showAnswer(desk: Desk, verdict: Verdict, done: Done): void {
  for (const line of answerLines(verdict, done)) desk.say(line)
}

async function eligibility(desk: Desk): Promise<void> {
  const patient = { id_number: await ask(desk, '身份证号'), name: await ask(desk, '姓名') }
  showAnswer(desk, await desk.native.ask('/v1/eligibility', { patient }, 'status'), eligibilityLines)
}

const billOf = (desk: Desk) => keyIn((question, fallback) => ask(desk, question, fallback))

async function preview(desk: Desk): Promise<void> {
  showAnswer(desk, await desk.native.ask('/v1/settlements/preview', await billOf(desk), 'decision'), decisionLines)
}

/** What the patient was told is what is booked, or nothing is: the settlement names its preview. */
async function settle(desk: Desk): Promise<void> {
  const bill = await billOf(desk)
  const told = await desk.native.ask('/v1/settlements/preview', bill, 'decision')
  showAnswer(desk, told, (json) => ['试算结果：', ...decisionLines(json)])
  if (told.verdict !== 'done') return
  if (!/^[yY是]/.test(await ask(desk, '与患者确认后结算？(y/N)', 'N'))) return desk.say('没有结算')
  const request = settleRequest(bill, String(told.json.preview_id))
  show(desk, await submit(desk.counter, request), (json) => ['✓ 已结算', ...decisionLines(json)])
}

async function lookUp(desk: Desk): Promise<void> {
  const value = encodeURIComponent(await ask(desk, '结算单号或账单号'))
  const first = await desk.native.read(`/v1/settlements?bill_no=${value}`, 'settlement_no')
  const found =
    first.verdict === 'refused' ? await desk.native.read(`/v1/settlements/${value}`, 'settlement_no') : first
  showAnswer(desk, found, decisionLines)
}

async function reverse(desk: Desk): Promise<void> {
  const no = await ask(desk, '结算单号')
  const reason = await ask(desk, '冲销原因', '账单录入有误')
  if (!/^[yY是]/.test(await ask(desk, `整笔冲销 ${no}？(y/N)`, 'N'))) return desk.say('没有冲销')
  const verdict = await submit(desk.counter, reverseRequest(no, reason))
  show(desk, verdict, (json) => ['✓ 已冲销', ...decisionLines(json)])
}

async function statement(desk: Desk): Promise<void> {
  const no = await ask(desk, '结算单号')
  const to = await ask(desk, '存到文件', `${no}.html`)
  const path = `/v1/settlements/${encodeURIComponent(no)}/statement?lang=${await ask(desk, '文字 zh/ug/kk/en', 'zh')}`
  const page = await desk.native.send({ method: 'GET', path })
  if (isLost(page) || page.status !== 200) return desk.say('✗ 没有取到结算单，请核对结算单号')
  writeFileSync(to, page.text)
  desk.say(`✓ 已存为 ${to}，用浏览器打开即可打印`)
}

async function pending(desk: Desk): Promise<void> {
  for (const line of pendingLines(desk.counter.journal)) desk.say(line)
  for (const one of await resolveOpen(desk.counter)) desk.say(resolvedLine(one))
  await reverseOpen(desk)
  desk.say(`未完成交易 ${desk.counter.journal.open().length} 笔`)
}

async function journal(desk: Desk): Promise<void> {
  for (const line of journalLines(desk.counter.journal)) desk.say(line)
}

/** A message of the national interface from a file; what moves money is noted down as every settlement is. */
async function national(desk: Desk): Promise<void> {
  const infno = await ask(desk, '交易编号', '2207')
  const input = readObject(await ask(desk, '报文文件（input 的内容，或整个报文）'))
  if (isKept(infno)) show(desk, await submit(desk.counter, desk.his.request(infno, input)), hisLines)
  else showAnswer(desk, await desk.his.ask(infno, input), hisLines)
}

/** Messages that stayed without an answer are taken back only when the cashier says so. */
async function reverseOpen(desk: Desk): Promise<void> {
  const open = desk.counter.journal.open().filter((asked) => asked.door === 'his' && isReversible(asked.id))
  for (const asked of open) {
    if (/^[yY是]/.test(await ask(desk, `${asked.about} 仍无结果，用 2601 冲正？(y/N)`, 'N')))
      await giveUp(desk, asked, { out: desk.say })
  }
}

const ENTRIES: readonly (readonly [string, (desk: Desk) => Promise<void>])[] = [
  ['资格查询', eligibility],
  ['试算', preview],
  ['结算', settle],
  ['查询结算', lookUp],
  ['冲销', reverse],
  ['打印结算单', statement],
  ['未完成交易', pending],
  ['日志', journal],
]
const HIS_ENTRIES: typeof ENTRIES = [['发送 HIS 交易', national]]

/** The numbered menu; ends with 0, with the end of the input, or with Ctrl-C. */
export async function runMenu(office: Office, io: Io): Promise<ExitCode> {
  const prompt = openPrompt(process.stdin, process.stdout)
  const desk: Desk = { ...office, prompt, say: io.out }
  const entries = [...ENTRIES, ...(office.settings.his ? HIS_ENTRIES : [])]
  try {
    for (;;) {
      io.out(`\n${entries.map(([title], i) => `  ${i + 1} ${title}`).join('\n')}\n  0 退出`)
      const choice = await ask(desk, '请选择')
      if (choice === '0') break
      const entry = entries[Number(choice) - 1]
      if (!entry) io.out('没有这一项')
      else await entry[1](desk).catch((error: unknown) => sayFault(io, error))
    }
  } catch (error) {
    if (error !== GONE) throw error
  } finally {
    prompt.close()
  }
  const open = office.counter.journal.open().length
  if (open > 0) io.out(`还有未完成交易 ${open} 笔，下次启动时继续查询`)
  return open === 0 ? EXIT.done : exitOf({ verdict: 'unknown', why: '', sent: true })
}

function sayFault(io: Io, error: unknown): void {
  if (error === GONE) throw error
  io.out(error instanceof Misused ? `✗ ${error.message}` : `✗ ${reasonOf(error)}`)
}
