import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testKeys } from '../../test/engines.ts'
import { done } from '../../test/people.ts'
import type { Caller, Role } from '../access/caller.ts'
import { type AnyStore, openStore } from '../store/open.ts'
import { approveRule } from './approve.ts'
import { checkText, unsound } from './check-text.ts'
import { draftRule } from './draft.ts'
import { benefitBody, documentOf, ONLY_INPATIENT } from './example.ts'
import { proveDraft } from './prove.ts'
import type { RuleDeps } from './prover.ts'
import { publishedTexts } from './queries.ts'

const SOUND = documentOf(benefitBody('', ONLY_INPATIENT))
const staff = (...roles: Role[]): Caller => ({ kind: 'staff', id: roles.join('-'), roles })

describe('一份文本能不能公布', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'check-text-'))
  let store: AnyStore
  let deps: RuleDeps
  beforeAll(async () => {
    store = await openStore({ dataDir, databaseUrl: null })
    deps = { store, keys: testKeys(), now: Date.now, prove: async ({ text, inForce }) => proveDraft(text, inForce) }
  })
  afterAll(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  test.each([
    ['起草的', staff('rule_editor'), true],
    ['审批的', staff('approver'), true],
    ['登记的', staff('register_clerk'), false],
    ['审计的', staff('auditor'), false],
    ['医院的终端', { kind: 'terminal', id: 'T1', hospital: 'H1' } as const, false],
  ])('%s能不能查：看权限', async (_who, caller, allowed) => {
    const refusal = { refusal: 'forbidden', detail: '需要权限 rules.check' }
    expect(await checkText(deps, caller, SOUND)).toEqual(allowed ? [] : refusal)
  })

  test('和现行的放在一起查；查过不算公布', async () => {
    const editor = staff('rule_editor')
    const rival = SOUND.replace('scheme: example', 'scheme: rival')
    expect(await checkText(deps, editor, rival)).toEqual([])
    const drafted = await done(draftRule(deps, editor, SOUND))
    await done(approveRule(deps, staff('approver'), drafted.id))
    expect(await checkText(deps, editor, rival)).toEqual([
      { file: 'rival/2024-01-01.yaml', line: 5, path: 'jurisdiction[0]', message: '参保地 410200 已由 example 管辖' },
    ])
    expect((await publishedTexts(store)).map((one) => one.scheme)).toEqual(['example'])
  })
})

describe('有错的文本怎样拒绝', () => {
  const fault = (line: number) => ({ file: 'draft', line, path: `benefits[${line}]`, message: '不能是空的' })

  test('每一处说行号、写在哪里；有账单为证的带上账单', () => {
    const shown = { ...fault(7), message: '救助金额超过限额', bill: '低保对象，住院' }
    expect(unsound([fault(3), shown])).toEqual({
      refusal: 'rule_unsound',
      detail: '共 2 处有误',
      errors: [
        { path: 'benefits[3]', message: '第 3 行：不能是空的' },
        { path: 'benefits[7]', message: '第 7 行：救助金额超过限额（低保对象，住院）' },
      ],
    })
  })

  test('错处很多时列出前一百处，总数照实说', () => {
    const many = unsound(Array.from({ length: 101 }, (_, i) => fault(i + 1)))
    expect([many.detail, many.errors?.length, many.errors?.at(-1)?.path]).toEqual([
      '共 101 处有误',
      100,
      'benefits[100]',
    ])
  })
})
