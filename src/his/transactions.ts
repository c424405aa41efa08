import { t1201 } from './t1201.ts'
import { t1901 } from './t1901.ts'
import { t2201, t2202, t2203 } from './t2201.ts'
import { t2204, t2205, t2301, t2302 } from './t2204.ts'
import { t2206, t2303 } from './t2206.ts'
import { t2207, t2304 } from './t2207.ts'
import { t2208, t2305 } from './t2208.ts'
import { t2401, t2402, t2403, t2404, t2405 } from './t2401.ts'
import { t2601 } from './t2601.ts'
import { t9001, t9002 } from './t9001.ts'
import type { HisDeps, MakeTransaction, Transaction } from './transaction.ts'

/** Every transaction of the national interface that is answered here: one line each. */
const ALL: readonly MakeTransaction[] = [
  ...[t9001, t9002, t1201, t1901],
  ...[t2201, t2202, t2203, t2204, t2205, t2206, t2207, t2208],
  ...[t2401, t2402, t2403, t2404, t2405, t2301, t2302, t2303, t2304, t2305],
  t2601,
]

export const hisTransactions = (deps: HisDeps): readonly Transaction[] => ALL.map((make) => make(deps))
