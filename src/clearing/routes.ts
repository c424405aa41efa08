import type { Deps } from '../access/act.ts'
import type { Door } from '../door/call.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { reconciliationAnswer, reconciliationBody } from './answer.ts'
import { reconcileNative } from './reconcile-native.ts'

/** What a hospital's own terminals ask about the accounts between the hospital and the fund. */
export function clearingRoutes(door: Door, deps: Deps): void {
  door.open(
    {
      method: 'post',
      path: '/v1/reconciliations',
      permission: 'clearing.reconcile',
      id: 'reconcile',
      tag: 'clearing',
      summary:
        'Hold the settlements and reversals of some days against the hospital’s totals, or row by row; both count, reversals with negative amounts',
      body: reconciliationBody,
      answers: { 200: { description: 'equal, or every difference, classified', schema: reconciliationAnswer } },
    },
    async ({ caller, body }) => {
      const found = await reconcileNative(deps, caller, body)
      return isRefusal(found) ? found : { status: 200, json: found }
    },
  )
}
