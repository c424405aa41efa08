import { readFileSync, writeFileSync } from 'node:fs'
import { importRoster } from '../register/import.ts'
import type { ImportReport } from '../register/report.ts'
import type { Command, Io } from './command.ts'
import { told } from './say.ts'

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
]
