import { hisAction } from '../src/his/say-refusal.ts'
import { SERVICE_OF } from '../src/his/services.ts'
import type { HisDeps } from '../src/his/transaction.ts'
import { hisTransactions } from '../src/his/transactions.ts'
import { REFUSALS, type RefusalCode } from '../src/kernel/refusal.ts'

/** Said by other doors alone: about rules and changes of the office, and keys in headers. */
const NEVER_SAID: readonly string[] = [
  'idempotency_key_missing',
  'idempotency_key_malformed',
  'own_change',
  'preview_outdated',
  'rule_unsound',
] satisfies RefusalCode[]

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

/** Every way to be refused at the door of the national interface, as the document for vendors lists it. */
export const refusalsTable = (): string =>
  table(
    ['代码', '意思', '怎么办'],
    (Object.keys(REFUSALS) as RefusalCode[])
      .filter((code) => !NEVER_SAID.includes(code))
      .map((code) => [`\`${code}\``, REFUSALS[code].title.replace('幂等键', '报文ID'), hisAction(code)]),
  )

/** Every transaction and its address below `/fsi/api/`. */
export const transactionsTable = (): string =>
  table(
    ['编号', '交易', '`/fsi/api/` 之后'],
    // Made without a store: nothing is asked of it before the first message.
    [...hisTransactions({} as HisDeps)]
      .sort((a, b) => a.infno.localeCompare(b.infno))
      .map(({ infno, name }) => [`\`${infno}\``, name, SERVICE_OF(infno) && `\`${SERVICE_OF(infno)}\``]),
  )
