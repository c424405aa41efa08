import { handOnQuestion, isBetween } from './between.ts'
import { limited } from './limited.ts'
import { t1101 } from './t1101.ts'
import { t1201 } from './t1201.ts'
import { t1901 } from './t1901.ts'
import { t2001 } from './t2001.ts'
import { t2201, t2202, t2203 } from './t2201.ts'
import { t2204, t2205, t2301, t2302 } from './t2204.ts'
import { t2206, t2303 } from './t2206.ts'
import { t2207, t2304 } from './t2207.ts'
import { t2208, t2305 } from './t2208.ts'
import { t2401, t2402, t2403, t2404, t2405 } from './t2401.ts'
import { t2601 } from './t2601.ts'
import { t3201 } from './t3201.ts'
import { t3202 } from './t3202.ts'
import { t3203, t3204 } from './t3203.ts'
import { t5201, t5303 } from './t5201.ts'
import { t5203 } from './t5203.ts'
import { t5204 } from './t5204.ts'
import { t5206 } from './t5206.ts'
import { t5301 } from './t5301.ts'
import { t9001, t9002 } from './t9001.ts'
import { t9101, t9102 } from './t9101.ts'
import type { HisDeps, MakeTransaction, Transaction } from './transaction.ts'

/** What only the platform can tell, where there is one behind us. */
const handedOn =
  (make: MakeTransaction): MakeTransaction =>
  (deps) => {
    const ours = make(deps)
    return { ...ours, run: (call) => (isBetween(call) ? handOnQuestion(call) : ours.run(call)) }
  }

/** Every transaction of the national interface that is answered here: one line each. */
const ALL: readonly MakeTransaction[] = [
  ...[t9001, t9002, t1201, t5301].map(handedOn),
  ...[t1101, t2001, t5201, handedOn(t5303), t5206].map(limited),
  ...[t1901, t5203, t5204],
  ...[t2201, t2202, t2203, t2204, t2205, t2206, t2207, t2208],
  ...[t2401, t2402, t2403, t2404, t2405, t2301, t2302, t2303, t2304, t2305],
  ...[t2601, t3201, t3202, t3203, t3204, t9101, t9102],
]

export const hisTransactions = (deps: HisDeps): readonly Transaction[] => ALL.map((make) => make(deps))
