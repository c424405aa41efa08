import { settling } from './settling.ts'
import type { MakeTransaction } from './transaction.ts'

export const t2207: MakeTransaction = (deps) => settling(deps, { infno: '2207', name: '门诊结算' })

export const t2304: MakeTransaction = (deps) => settling(deps, { infno: '2304', name: '住院结算' })
