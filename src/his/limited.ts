import { ASKING_OF_PERSONS, createLimit } from '../access/limit.ts'
import { refuse } from '../kernel/refusal.ts'
import type { MakeTransaction } from './transaction.ts'

/** What tells of whoever a number means is asked no faster than at our own address: numbers could be tried out. */
export const limited =
  (make: MakeTransaction): MakeTransaction =>
  (deps) => {
    const ours = make(deps)
    const limit = createLimit(ASKING_OF_PERSONS, () => performance.now())
    return {
      ...ours,
      async run(call) {
        const wait = limit(call.terminal.id)
        return wait > 0 ? refuse('too_many_requests', `请 ${wait} 秒后再试`) : ours.run(call)
      },
    }
  }
