import { z } from 'zod'
import type { Door } from '../door/call.ts'
import { formatInstant } from '../kernel/day.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { approveRule } from './approve.ts'
import { checkText } from './check-text.ts'
import { draftRule } from './draft.ts'
import type { RuleDeps } from './prover.ts'
import type { DraftEntry } from './queries.ts'
import { diffRules, listRules, readRule } from './read.ts'

const id = z.string().regex(/^[0-9A-Za-z-]{1,40}$/, '草案编号')
const text = z.strictObject({
  text: z
    .string()
    .min(1, '不能为空')
    .max(1_000_000, '最多一百万字符')
    .describe('the YAML text of one version of a scheme, or of code tables'),
})
const entry = {
  id: z.string(),
  scheme: z.string(),
  version: z.string(),
  hash: z.string(),
  drafted_by: z.string(),
  drafted_at: z.string(),
  approved_by: z.string().nullable(),
  approved_at: z.string().nullable(),
}
const listed = z
  .strictObject({ ...entry, state: z.enum(['waiting', 'in_force', 'superseded']) })
  .meta({ id: 'RuleEntry' })
const read = z.strictObject({ ...entry, text: z.string(), explanation: z.string() }).meta({ id: 'RuleText' })
const drafted = z
  .strictObject({ id: z.string(), scheme: z.string(), version: z.string(), hash: z.string() })
  .meta({ id: 'RuleDraft' })
const published = z
  .strictObject({
    id: z.string(),
    scheme: z.string(),
    version: z.string(),
    hash: z.string(),
    drafted_by: z.string(),
    approved_by: z.string(),
    approved_at: z.string(),
  })
  .meta({ id: 'RulePublication' })
const checked = z
  .strictObject({
    faults: z.array(
      z.strictObject({
        file: z.string(),
        line: z.int(),
        path: z.string(),
        message: z.string(),
        bill: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'RuleCheck' })

function shown<E extends DraftEntry>({ published: _, drafted_at, approved_at, ...rest }: E) {
  return {
    ...rest,
    drafted_at: formatInstant(drafted_at),
    approved_at: approved_at === null ? null : formatInstant(approved_at),
  }
}

/** The desk where versions of the rules are written, checked, compared and put into force by a second person. */
export function rulesRoutes(doors: Door, deps: RuleDeps): void {
  doors.open(
    {
      method: 'get',
      path: '/v1/rules',
      permission: 'rules.read',
      id: 'listRules',
      tag: 'rules',
      summary: 'Every text drafted, and which are in force',
      answers: { 200: { description: 'by scheme and version', schema: z.strictObject({ rules: z.array(listed) }) } },
    },
    async ({ caller }) => {
      const found = await listRules(deps, caller)
      return isRefusal(found) ? found : { status: 200, json: { rules: found.map(shown) } }
    },
  )
  doors.open(
    {
      method: 'get',
      path: '/v1/rules/drafts/{id}',
      permission: 'rules.read',
      id: 'readRule',
      tag: 'rules',
      summary: 'A text, and what it says in plain Chinese',
      params: z.strictObject({ id }),
      answers: { 200: { description: 'the text byte for byte', schema: read } },
      refusals: ['record_not_found'],
    },
    async ({ caller, params }) => {
      const found = await readRule(deps, caller, params.id)
      return isRefusal(found) ? found : { status: 200, json: shown(found) }
    },
  )
  doors.open(
    {
      method: 'get',
      path: '/v1/rules/diff',
      permission: 'rules.read',
      id: 'diffRules',
      tag: 'rules',
      summary: 'What changes from one text to another',
      query: z.strictObject({ from: id, to: id }),
      answers: { 200: { description: 'unified diff', media: 'text/plain' } },
      refusals: ['record_not_found'],
    },
    async ({ caller, query }) => {
      const found = await diffRules(deps, caller, query.from, query.to)
      return isRefusal(found) ? found : { status: 200, text: found, media: 'text/plain; charset=utf-8' }
    },
  )
  openDesk(doors, deps)
}

function openDesk(doors: Door, deps: RuleDeps): void {
  doors.open(
    {
      method: 'post',
      path: '/v1/rules/check',
      permission: 'rules.check',
      id: 'checkRule',
      tag: 'rules',
      summary: 'What stands against publishing a text; nothing is kept',
      body: text,
      answers: { 200: { description: 'every fault, with line and counter-example', schema: checked } },
    },
    async ({ caller, body }) => {
      const found = await checkText(deps, caller, body.text)
      return isRefusal(found) ? found : { status: 200, json: { faults: found } }
    },
  )
  doors.open(
    {
      method: 'post',
      path: '/v1/rules/drafts',
      permission: 'rules.draft',
      id: 'draftRule',
      tag: 'rules',
      summary: 'Propose the text of a version',
      body: text,
      answers: { 201: { description: 'waits for a second person', schema: drafted } },
      refusals: ['rule_unsound', 'already_done'],
    },
    async ({ caller, body }) => {
      const done = await draftRule(deps, caller, body.text)
      return isRefusal(done) ? done : { status: 201, json: done }
    },
  )
  doors.open(
    {
      method: 'post',
      path: '/v1/rules/drafts/{id}/approval',
      permission: 'rules.approve',
      id: 'approveRule',
      tag: 'rules',
      summary: 'Put a draft of somebody else into force, once it is proved sound',
      params: z.strictObject({ id }),
      body: z.strictObject({}),
      answers: { 201: { description: 'in force from its start day', schema: published } },
      refusals: ['rule_unsound', 'already_done', 'own_change', 'record_not_found'],
    },
    async ({ caller, params }) => {
      const done = await approveRule(deps, caller, params.id)
      return isRefusal(done) ? done : { status: 201, json: { ...done, approved_at: formatInstant(done.approved_at) } }
    },
  )
}
