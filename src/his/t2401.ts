import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { read2401, read2402, read2403, read2404, read2405 } from './requests-visit.ts'
import { type Told, telling } from './telling.ts'
import type { MakeTransaction } from './transaction.ts'

const said = (read: { readonly psn_no: string; readonly mdtrt_id: string } | Refusal, takes = false): Told | Refusal =>
  isRefusal(read)
    ? read
    : { psn_no: read.psn_no, mdtrt_id: read.mdtrt_id, ...(takes ? { free: {} } : {}), output: () => ({}) }

/** 入院办理: the answer's node is `result`, not `data`. */
export const t2401: MakeTransaction = (deps) =>
  telling(deps, {
    infno: '2401',
    name: '入院办理',
    read(input) {
      const read = read2401(input)
      if (isRefusal(read)) return read
      return { psn_no: read.psn_no, mdtrt_id: read.mdtrt_id, output: (mdtrt_id) => ({ result: { mdtrt_id } }) }
    },
  })

export const t2402: MakeTransaction = (deps) =>
  telling(deps, {
    infno: '2402',
    name: '出院办理',
    read: (input) => said(read2402(input)),
  })

export const t2403: MakeTransaction = (deps) =>
  telling(deps, {
    infno: '2403',
    name: '入院信息变更',
    read: (input) => said(read2403(input)),
  })

export const t2404: MakeTransaction = (deps) =>
  telling(deps, {
    infno: '2404',
    name: '入院撤销',
    read: (input) => said(read2404(input), true),
  })

/** 出院撤销: the stay goes on, and a settled stay does not. */
export const t2405: MakeTransaction = (deps) =>
  telling(deps, {
    infno: '2405',
    name: '出院撤销',
    read: (input) => said(read2405(input), true),
  })
