import { cancelling } from './cancelling.ts'
import type { MakeTransaction } from './transaction.ts'

export const t2208: MakeTransaction = (deps) => cancelling(deps, { infno: '2208', name: '门诊结算撤销' })

export const t2305: MakeTransaction = (deps) => cancelling(deps, { infno: '2305', name: '住院结算撤销' })
