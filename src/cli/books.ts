import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { checkpointSchema } from '../audit/chain.ts'
import { takeCheckpoint } from '../audit/checkpoint.ts'
import { verifyAudit } from '../audit/verify.ts'
import { formatYuan } from '../kernel/money.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { recompute } from '../settlement/recompute.ts'
import type { Command } from './command.ts'
import { Misused, sayRefusal, told } from './say.ts'

const checkpointFiles = z.array(z.string()).default([])

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function readCheckpoint(path: string) {
  const result = checkpointSchema.safeParse(readJson(path))
  if (!result.success) throw new Misused(`--checkpoint ${path}: 不是检查点文件 not a checkpoint`)
  return result.data
}

/** Commands that prove what is stored: nothing they do changes anything. */
export const bookCommands: readonly Command[] = [
  {
    name: 'settlement recompute',
    usage: '[--no NUMBER]',
    does: '按存档重新计算全部（或一笔）结算；有差异退出码为 1 · recomputes from the stored rows; exit 1 on a difference',
    options: { no: { type: 'string' } },
    words: [0, 0],
    needs: 'store',
    plan:
      ({ options }) =>
      async ({ deps }, io) => {
        const { checked, differences } = await recompute(deps, typeof options.no === 'string' ? options.no : null)
        for (const d of differences) io.out(`${d.settlement_no}\t${d.what}`)
        io.out(`${checked} 笔 recomputed，${differences.length} 处差异 differences`)
        return differences.length === 0 ? 0 : 1
      },
  },
  {
    name: 'ledger verify',
    usage: '',
    does: '账簿核对：分录平衡，余额与累计数等于明细之和；不符退出码为 1 · postings balance, totals equal their folds; exit 1 otherwise',
    options: {},
    words: [0, 0],
    needs: 'store',
    plan:
      () =>
      async ({ deps, caller }, io) =>
        told(io, await verifyLedger(deps, caller), (v) => {
          for (const f of v.faults) io.out(`${f.where}\t${f.what}`)
          io.out(
            `${v.settlements} 笔 settlements，救助合计 assistance ${formatYuan(v.assistance_fen)}，${v.counters} 个累计数 counters，${v.faults.length} 处不符 faults`,
          )
          return v.faults.length === 0 ? 0 : 1
        }),
  },
  {
    name: 'audit verify',
    usage: '[--checkpoint FILE …]',
    does: '核对审计链、结算存档和办理记录；不符退出码为 1 · verifies the chains, bookings and acts; exit 1 otherwise',
    options: { checkpoint: { type: 'string', multiple: true } },
    words: [0, 0],
    needs: 'store',
    plan: ({ options }) => {
      const checkpoints = checkpointFiles.parse(options.checkpoint).map(readCheckpoint)
      return async ({ deps, caller }, io) =>
        told(io, await verifyAudit(deps, caller, checkpoints), (v) => {
          for (const f of v.faults) io.out(`${f.lane} ${f.seq ?? '-'} ${f.row ?? ''}\t${f.what}`)
          if (v.faultCount > v.faults.length) io.out(`… 另有 and ${v.faultCount - v.faults.length} more`)
          io.out(`${v.links} 条记录 records，${v.settlements} 笔 settlements，${v.faultCount} 处不符 faults`)
          return v.faultCount === 0 ? 0 : 1
        })
    },
  },
  {
    name: 'audit checkpoint',
    usage: '[FILE]',
    does: '取一个检查点，存到本机以外，日后核对历史有没有被截断或倒退 · a checkpoint to keep elsewhere, for audit verify',
    options: {},
    words: [0, 1],
    needs: 'store',
    plan:
      ({ words: [file] }) =>
      async ({ deps, caller }, io) => {
        const checkpoint = await takeCheckpoint(deps, caller)
        if (isRefusal(checkpoint)) return sayRefusal(io, checkpoint)
        if (file === undefined) io.out(JSON.stringify(checkpoint))
        else writeFileSync(file, `${JSON.stringify(checkpoint)}\n`, { flag: 'wx' })
        return 0
      },
  },
]
