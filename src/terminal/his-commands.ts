import { type Command, type Typed, tell, tellAnswer, textOf } from './commands.ts'
import { resolveOpen, submit } from './counter.ts'
import { EXIT, type ExitCode, type Io, Misused } from './exit.ts'
import { amountText, infoOf, isKept, isReversible, nodeOf } from './his.ts'
import type { Asked } from './journal.ts'
import { objectOf } from './line.ts'
import type { Office } from './office.ts'
import { readObject } from './settings.ts'
import { resolvedLine } from './words.ts'

type Node = Readonly<Record<string, unknown>>
const text = { type: 'string' } as const

/** What the cashier needs of an answer: who pays what, and the working in the row of the fund. */
export function hisLines(json: Node): string[] {
  const info = infoOf(json)
  const output = (json.output ?? {}) as { setldetail?: unknown }
  const rows = Array.isArray(output.setldetail) ? (output.setldetail as Node[]) : []
  const fund = rows.find((row) => row.fund_pay_type === '610100')
  if (info.medfee_sumamt === undefined) return ['✓ 已办理']
  return [
    `✓ 已办理${info.setl_id ? `，结算ID ${info.setl_id}` : '（试算）'}`,
    `  医疗费总额  ${amountText(info.medfee_sumamt)} 元`,
    `  基金支付    ${amountText(info.fund_pay_sumamt)} 元，其中医疗救助 ${amountText(info.maf_pay)} 元`,
    `  个人现金    ${amountText(info.psn_cash_pay)} 元`,
    ...(fund ? [`  ${fund.setl_proc_info}`] : []),
  ]
}

/** What takes back a message of this window's journal, or one that is described in full. */
function reversalOf({ counter }: Office, options: Typed['options']): Node {
  const omsgid = textOf(options.omsgid)
  const noted = counter.journal
    .all()
    .find(({ asked }) => asked.door === 'his' && asked.id.endsWith(`:${omsgid}`))?.asked
  const oinfno = textOf(options.oinfno) ?? noted?.id.split(':')[0]
  const psn_no = textOf(options['psn-no']) ?? (noted && nodeOf(objectOf(noted.body) ?? {}).psn_no)
  if (!omsgid || !oinfno || !psn_no)
    throw new Misused('--omsgid：请给出原报文的 msgid；不是本窗口发的，还要 --oinfno 和 --psn-no')
  return { data: { psn_no, omsgid, oinfno } }
}

function inputOf(office: Office, infno: string, { words: [, file], options }: Typed): Node {
  if (file !== undefined) return readObject(file)
  if (infno === '2601') return reversalOf(office, options)
  throw new Misused('请给出报文文件（input 的内容，或整个报文）')
}

async function send(office: Office, typed: Typed, io: Io): Promise<ExitCode> {
  const [infno = ''] = typed.words
  if (!/^\d{4}[A-Z]?$/.test(infno)) throw new Misused(`${infno} 不是交易编号`)
  const input = inputOf(office, infno, typed)
  return isKept(infno)
    ? tell(io, await submit(office.counter, office.his.request(infno, input)), hisLines)
    : tellAnswer(io, await office.his.ask(infno, input), hisLines)
}

/** The cashier gives a transaction up: it is taken back by its message number, whether or not it ever arrived. */
export async function giveUp(office: Office, asked: Asked, io: Pick<Io, 'out'>): Promise<void> {
  const { counter, his } = office
  const [oinfno = '', omsgid = ''] = asked.id.split(':')
  const psn_no = nodeOf(objectOf(asked.body) ?? {}).psn_no
  const verdict = await submit(counter, his.request('2601', { data: { psn_no, omsgid, oinfno } }))
  if (verdict.verdict === 'done') io.out(`✓ ${asked.about}：已冲正，可用新的报文重新结算`)
  else if (verdict.verdict === 'refused') io.out(`✗ ${asked.about}：冲正被拒：${verdict.problem.title}`)
  else io.out(`？ ${asked.about}：冲正的结果也未知：${verdict.why}`)
}

export const hisCommands: readonly Command[] = [
  {
    name: 'his',
    usage: '交易编号 文件.json|-    或  his 2601 --omsgid … [--oinfno 2207 --psn-no …]',
    does: '发送定点医药机构接口的交易（文件是 input 的内容或整个报文；报文头和 msgid 由终端填写）',
    options: { omsgid: text, oinfno: text, 'psn-no': text },
    words: [1, 2],
    resolves: true,
    run: send,
  },
  {
    name: 'resolve',
    usage: '[--give-up]',
    does: '查清结果未知的交易：同一幂等键（msgid）重发，再查询；--give-up：HIS 交易仍查不清就用 2601 冲正',
    options: { 'give-up': { type: 'boolean' } },
    words: [0, 0],
    resolves: false,
    run: async (office, { options }, io) => {
      const { counter } = office
      for (const one of await resolveOpen(counter)) io.out(resolvedLine(one))
      if (options['give-up'] === true) {
        const hopeless = counter.journal.open().filter((a) => a.door === 'his' && a.terminal === counter.terminal)
        for (const asked of hopeless) if (isReversible(asked.id)) await giveUp(office, asked, io)
      }
      io.err(`未完成交易 ${counter.journal.open().length} 笔`)
      return counter.journal.open().length === 0 ? EXIT.done : EXIT.unknown
    },
  },
]
