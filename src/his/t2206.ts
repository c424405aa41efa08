import { preSettling } from './pre-settling.ts'
import type { MakeTransaction } from './transaction.ts'

export const t2206: MakeTransaction = (deps) => preSettling(deps, { infno: '2206', name: '门诊预结算' })

export const t2303: MakeTransaction = (deps) => preSettling(deps, { infno: '2303', name: '住院预结算' })
