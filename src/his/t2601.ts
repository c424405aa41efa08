import type { MakeTransaction } from './transaction.ts'
import { undoing } from './undoing.ts'

export const t2601: MakeTransaction = (deps) => undoing(deps, { infno: '2601', name: '冲正' })
