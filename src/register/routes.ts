import type { Caller } from '../access/caller.ts'
import { ASKING_OF_PERSONS } from '../access/limit.ts'
import type { Door } from '../door/call.ts'
import { formatInstant } from '../kernel/day.ts'
import { isRefusal } from '../kernel/refusal.ts'
import {
  approvalAnswer,
  draftBody,
  draftId,
  draftMade,
  draftView,
  eligibilityAnswer,
  eligibilityBody,
  personAnswer,
  searchBody,
  tasksAnswer,
} from './answer.ts'
import { approveDraft } from './approve.ts'
import type { RegisterDeps } from './assess.ts'
import { draftChange } from './draft.ts'
import { askEligibility, type LimitsOf } from './eligibility.ts'
import { readDraft, searchPerson, type Task, waitingTasks } from './look-up.ts'
import { draftPsnNo } from './state-psn-no.ts'

/** What the register leaves to others: limits come from the rules, other work that waits from other folders. */
export interface RegisterHooks {
  readonly limitsOf?: LimitsOf
  readonly otherTasks?: (caller: Caller) => Promise<readonly Task[]>
  /** Counts what a terminal was told of a person. */
  readonly onAnswer?: (status: string) => void
}

export function registerRoutes(door: Door, deps: RegisterDeps, hooks: RegisterHooks = {}): void {
  terminalRoutes(door, deps, hooks)
  draftRoutes(door, deps)
  door.open(
    {
      method: 'post',
      path: '/v1/register/persons/search',
      permission: 'register.read',
      id: 'searchPerson',
      tag: 'register',
      summary: 'A person by ID number, on a day, as known at an instant; masked unless a purpose is given',
      body: searchBody,
      answers: { 200: { description: 'the person, or that nobody is registered', schema: personAnswer } },
    },
    async ({ caller, body }) => {
      const found = await searchPerson(deps, caller, body)
      return isRefusal(found) ? found : { status: 200, json: found }
    },
  )
  door.open(
    {
      method: 'get',
      path: '/v1/tasks',
      permission: 'tasks.read',
      id: 'tasks',
      tag: 'register',
      summary: 'What waits for a second person',
      answers: { 200: { description: 'the oldest first', schema: tasksAnswer } },
    },
    async ({ caller }) => {
      const tasks = [...(await waitingTasks(deps, caller)), ...((await hooks.otherTasks?.(caller)) ?? [])]
      return { status: 200, json: { tasks: tasks.sort((a, b) => (a.drafted_at < b.drafted_at ? -1 : 1)) } }
    },
  )
}

/**
 * An ask leaves no audit record: those are for what staff see of persons, while a terminal asks for whoever stands
 * before it, thousands of times a day, and learns no more than the settlement would tell. It is limited and counted.
 */
function terminalRoutes(door: Door, deps: RegisterDeps, { limitsOf = async () => [], onAnswer }: RegisterHooks): void {
  door.open(
    {
      method: 'post',
      path: '/v1/eligibility',
      permission: 'eligibility.ask',
      id: 'eligibility',
      tag: 'register',
      summary: 'Whether a person is eligible on a day, with categories and limits',
      body: eligibilityBody,
      rate: ASKING_OF_PERSONS,
      answers: { 200: { description: 'eligible, known but not eligible, or unknown', schema: eligibilityAnswer } },
      refusals: ['name_mismatch'],
    },
    async ({ body }) => {
      const answer = await askEligibility(deps, body, limitsOf)
      onAnswer?.(isRefusal(answer) ? answer.refusal : answer.status)
      return isRefusal(answer) ? answer : { status: 200, json: answer }
    },
  )
}

function draftRoutes(door: Door, deps: RegisterDeps): void {
  door.open(
    {
      method: 'post',
      path: '/v1/register/drafts',
      permission: 'register.draft',
      id: 'draftRegisterChange',
      tag: 'register',
      summary:
        'Draft a change of the register: a roster, a list of changes or whom a number of the insurer means, for another person to approve',
      body: draftBody,
      answers: { 201: { description: 'kept; nothing takes effect before approval', schema: draftMade } },
    },
    async ({ caller, body }) => {
      const made = await (body.source === 'psn_no' ? draftPsnNo(deps, caller, body) : draftChange(deps, caller, body))
      if (isRefusal(made)) return made
      const { id, hash, counts, faults } = made
      const headers = { location: `/v1/register/drafts/${id}` }
      return { status: 201, json: { id, hash, counts, faults }, headers }
    },
  )
  door.open(
    {
      method: 'get',
      path: '/v1/register/drafts/{id}',
      permission: 'register.read',
      id: 'readRegisterDraft',
      tag: 'register',
      summary: 'A draft with what it would change today, names and numbers masked',
      params: draftId,
      answers: { 200: { description: 'the draft', schema: draftView } },
      refusals: ['record_not_found'],
    },
    async ({ caller, params }) => {
      const view = await readDraft(deps, caller, params.id)
      return isRefusal(view) ? view : { status: 200, json: view }
    },
  )
  door.open(
    {
      method: 'post',
      path: '/v1/register/drafts/{id}/approval',
      permission: 'register.approve',
      id: 'approveRegisterDraft',
      tag: 'register',
      summary: 'Put a draft of another person into effect',
      params: draftId,
      answers: { 200: { description: 'in effect', schema: approvalAnswer } },
      refusals: ['record_not_found', 'own_change', 'already_done'],
    },
    async ({ caller, params }) => {
      const done = await approveDraft(deps, caller, params.id)
      return isRefusal(done) ? done : { status: 200, json: { ...done, approved_at: formatInstant(done.approved_at) } }
    },
  )
}
