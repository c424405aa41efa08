import { isRefusal } from '../kernel/refusal.ts'
import { read2201, read2202, read2203 } from './requests-visit.ts'
import { telling } from './telling.ts'
import type { MakeTransaction } from './transaction.ts'

/** 挂号: the visit has the insurer's number where the hospital sends it along, else one of ours. */
export const t2201: MakeTransaction = (deps) =>
  telling(deps, {
    infno: '2201',
    name: '门诊挂号',
    read(input) {
      const read = read2201(input)
      if (isRefusal(read)) return read
      const { psn_no, mdtrt_id, ipt_otp_no } = read
      const output = (given: string) => ({
        data: { mdtrt_id: given, psn_no, ipt_otp_no: ipt_otp_no ?? '', exp_content: '' },
      })
      return { psn_no, mdtrt_id, output }
    },
  })

/** 撤销挂号: not over a settlement that stands, for one client sends it after every failure, also of a settlement that was made. */
export const t2202: MakeTransaction = (deps) =>
  telling(deps, {
    infno: '2202',
    name: '门诊挂号撤销',
    read(input) {
      const read = read2202(input)
      return isRefusal(read) ? read : { ...read, free: {}, output: () => ({}) }
    },
  })

export const t2203: MakeTransaction = (deps) =>
  telling(deps, {
    infno: '2203',
    name: '门诊就诊信息上传',
    read(input) {
      const read = read2203(input)
      return isRefusal(read) ? read : { psn_no: read.psn_no, mdtrt_id: read.mdtrt_id, output: () => ({}) }
    },
  })
