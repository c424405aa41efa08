import { readFileSync, writeFileSync } from 'node:fs'
import { importRoster } from '../register/import.ts'
import { type PsnNoStatement, psnNoStatement } from '../register/psn-no.ts'
import type { ImportReport } from '../register/report.ts'
import { statePsnNo } from '../register/state-psn-no.ts'
import type { Command, Io } from './command.ts'
import { Misused, told } from './say.ts'

const SHOWN = 50
const COUNTS: Readonly<Record<keyof ImportReport['counts'], string>> = {
  new: '新增 new',
  changed: '变更 changed',
  ended: '终止 ended',
  unchanged: '不变 unchanged',
  rejected: '退回 rejected',
  skipped: '跳过 skipped',
}

function sayReport(report: ImportReport, io: Io): void {
  for (const f of report.faults.slice(0, SHOWN)) {
    io.out(`第 ${f.row} 行 row ${f.row}\t${f.code}\t${f.column ?? ''}\t${f.reason}。${f.action}`)
  }
  if (report.faults.length > SHOWN) io.out(`… 另有 and ${report.faults.length - SHOWN} more`)
  io.out(
    Object.entries(COUNTS)
      .map(([key, label]) => `${label} ${report.counts[key as keyof typeof COUNTS]}`)
      .join('，'),
  )
  io.out(report.applied ? `已写入 applied：${report.batch_id}` : '试算，未写入 dry run, nothing was written')
}

/** Numbers of persons come in a file: on the command line everybody at the machine would see them. */
function statementIn(file: string): PsnNoStatement {
  const read = () => {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as unknown
    } catch {
      throw new Misused(`读不到 JSON 文件 cannot be read as JSON: ${file}`)
    }
  }
  const statement = psnNoStatement.safeParse(read())
  if (statement.success) return statement.data
  throw new Misused(statement.error.issues.map((i) => `${i.path.join('.')} ${i.message}`).join('\n'))
}

export const registerCommands: readonly Command[] = [
  {
    name: 'register import',
    usage: 'FILE.csv [--apply] [--rejects FILE.csv]',
    does: '导入救助对象名册；不加 --apply 只试算；一行也收不下时退出码为 1 · imports a roster; a dry run without --apply; exit 1 when no row can be taken',
    options: { apply: { type: 'boolean' }, rejects: { type: 'string' } },
    words: [1, 1],
    needs: 'store',
    plan: ({ words: [file = ''], options }) => {
      const bytes = readFileSync(file)
      return async ({ deps, caller }, io) => {
        const report = await importRoster(deps, caller, bytes, { apply: options.apply === true })
        return told(io, report, (done) => {
          if (typeof options.rejects === 'string' && done.rejects_csv !== null) {
            writeFileSync(options.rejects, done.rejects_csv, { mode: 0o600 })
          }
          sayReport(done, io)
          const { rejected, skipped: _, ...taken } = done.counts
          return rejected > 0 && Object.values(taken).every((n) => n === 0) ? 1 : 0
        })
      }
    },
  },
  {
    name: 'register psn-no',
    usage: 'FILE.json',
    does: '登记医保的人员编号属于谁，以前登记错的以此为准；文件内容 {"psn_no","id_number","reason"}，reason 为依据 · states whom a person number of the insurer means',
    options: {},
    words: [1, 1],
    needs: 'store',
    plan: ({ words: [file = ''] }) => {
      const statement = statementIn(file)
      return async ({ deps, caller }, io) =>
        told(io, await statePsnNo(deps, caller, statement), ({ psn_no }) => void io.out(`已登记 stated：${psn_no}`))
    },
  },
]
