import { t1201 } from './t1201.ts'
import { t1901 } from './t1901.ts'
import { t9001, t9002 } from './t9001.ts'
import type { HisDeps, MakeTransaction, Transaction } from './transaction.ts'

/** Every transaction of the national interface that is answered here: one line each. */
const ALL: readonly MakeTransaction[] = [t9001, t9002, t1201, t1901]

export const hisTransactions = (deps: HisDeps): readonly Transaction[] => ALL.map((make) => make(deps))
