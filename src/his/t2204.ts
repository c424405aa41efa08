import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { feeAnswer } from './fee-rows.ts'
import { inputInvalid, type Node } from './read-node.ts'
import { billNoOf } from './requests-settle.ts'
import { ALL_ROWS, type FeeRow, read2204, read2205, read2301, read2302 } from './requests-visit.ts'
import { type Told, telling } from './telling.ts'
import type { MakeTransaction } from './transaction.ts'

const whose = (row: Pick<FeeRow, 'mdtrt_id' | 'psn_no'>): string => `${row.mdtrt_id}|${row.psn_no}`

/** Rows of one upload are of one visit and one person. */
function ofOneVisit<R extends Pick<FeeRow, 'mdtrt_id' | 'psn_no'>>(rows: readonly R[]): R | Refusal {
  const [first] = rows
  const other = rows.findIndex((row) => first && whose(row) !== whose(first))
  if (first && other < 0) return first
  return inputInvalid([{ path: `[${other}]`, message: `第${other + 1}行：就诊ID、人员编号须与第1行一致` }])
}

function toldRows(rows: readonly FeeRow[] | Refusal): Told | Refusal {
  if (isRefusal(rows)) return rows
  const first = ofOneVisit(rows)
  if (isRefusal(first)) return first
  return { psn_no: first.psn_no, mdtrt_id: first.mdtrt_id, output: () => ({ result: rows.map(feeAnswer) }) }
}

export const t2204: MakeTransaction = (deps) =>
  telling(deps, {
    infno: '2204',
    name: '门诊费用明细上传',
    read: (input) => toldRows(read2204(input)),
  })

/** Everything that is not settled may always be cleared: rows that were left over block the next upload. */
export const t2205: MakeTransaction = (deps) =>
  telling(deps, {
    infno: '2205',
    name: '门诊费用明细撤销',
    read(input) {
      const read = read2205(input)
      if (isRefusal(read)) return read
      const { psn_no, mdtrt_id, chrg_bchno } = read
      const free = { bill_no: billNoOf('2207', { mdtrt_id, chrg_bchno, mid_setl_flag: '0' }) }
      return { psn_no, mdtrt_id, ...(chrg_bchno === ALL_ROWS ? {} : { free }), output: () => ({}) }
    },
  })

export const t2301: MakeTransaction = (deps) =>
  telling(deps, {
    infno: '2301',
    name: '住院费用明细上传',
    read: (input) => toldRows(read2301(input)),
  })

export const t2302: MakeTransaction = (deps) =>
  telling(deps, {
    infno: '2302',
    name: '住院费用明细撤销',
    read(input: Node) {
      const rows = read2302(input)
      if (isRefusal(rows)) return rows
      const first = ofOneVisit(rows)
      if (isRefusal(first)) return first
      const { psn_no, mdtrt_id } = first
      const free = { bill_no: billNoOf('2304', { mdtrt_id, chrg_bchno: null, mid_setl_flag: '0' }) }
      return { psn_no, mdtrt_id, free, output: () => ({}) }
    },
  })
