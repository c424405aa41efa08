import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { eachEngine, testKeys } from '../../test/engines.ts'
import { done } from '../../test/people.ts'
import type { Caller, Role } from '../access/caller.ts'
import { keepDirectory } from '../access/directory.ts'
import { verifyAudit } from '../audit/verify.ts'
import type { AnyStore } from '../store/open.ts'
import { approveRule } from './approve.ts'
import { checkText } from './check-text.ts'
import { draftRule } from './draft.ts'
import { proveDraft } from './prove.ts'
import type { Prove, RuleDeps } from './prover.ts'
import { publishedTexts } from './queries.ts'
import { diffRules, listRules, readRule } from './read.ts'
import { seedRules } from './seed.ts'

const RULES = new URL('../../rules/', import.meta.url).pathname
const TEXT = readFileSync(join(RULES, 'ili-yining/2023-01-01.yaml'), 'utf8')
const NEXT = TEXT.replace('start: "2023-01-01"', 'start: "2027-01-01"').replace('"2022-12-01"', '"2026-12-01"')
const staff = (id: string, ...roles: Role[]): Caller => ({ kind: 'staff', id, roles })
const editor = staff('S1', 'rule_editor')
const approver = staff('S2', 'approver')
const both = staff('S3', 'rule_editor', 'approver')
const operator: Caller = { kind: 'operator', id: 'root' }
const keys = testKeys()

const found = new Map<string, ReturnType<typeof proveDraft>>()
/** Each text is proved once: `prover.test.ts` shows that a process of its own finds the same, and finds it each time. */
const prove: Prove = async ({ text, inForce }) => {
  const job = JSON.stringify([text, inForce])
  const faults = found.get(job) ?? proveDraft(text, inForce)
  found.set(job, faults)
  return faults
}
const depsOf = (store: AnyStore): RuleDeps => ({ store, keys, now: Date.now, prove })

/** A rules directory with one scheme. */
function directory(text = TEXT): string {
  const dir = mkdtempSync(join(tmpdir(), 'rules-'))
  mkdirSync(join(dir, 'ili-yining'))
  writeFileSync(join(dir, 'ili-yining', '2023-01-01.yaml'), text)
  return dir
}

eachEngine((_, open) => {
  describe('规则的起草与审批', () => {
    it('一人起草、另一人批准，批准之后才生效，逐字相同', async () => {
      const deps = depsOf(await open())
      const draft = await done(draftRule(deps, editor, TEXT))
      expect(await publishedTexts(deps.store)).toEqual([])
      const published = await done(approveRule(deps, approver, draft.id))
      expect(published).toMatchObject({
        scheme: 'ili-yining',
        version: '2023-01-01',
        drafted_by: 'staff:S1',
        approved_by: 'staff:S2',
      })
      const [text] = await publishedTexts(deps.store)
      expect(text).toMatchObject({ text: TEXT, hash: published.hash })
      const schemes = (await keepDirectory(deps.store).recent()).schemes
      expect(schemes.map((s) => s.key)).toEqual(['ili-yining'])
    })

    it('本人起草的不能由本人批准：办理时拒绝，绕过办理时数据库拒绝', async () => {
      const deps = depsOf(await open())
      const draft = await done(draftRule(deps, both, TEXT))
      expect(await approveRule(deps, both, draft.id)).toMatchObject({ refusal: 'own_change' })
      const row = { draft_id: draft.id, drafted_by: 'staff:S3', approved_by: 'staff:S3', approved_at: 1 }
      const bypass = deps.store.write(async (tx) => {
        await tx.insert(deps.store.tables.rule_publication).values(row)
      })
      const error = await bypass.then(
        () => null,
        (e) => e as Error,
      )
      expect(`${error?.message} ${(error?.cause as Error)?.message}`).toContain('rule_four_eyes')
      expect(await publishedTexts(deps.store)).toEqual([])
    })

    it('没有权限的人不能起草、不能批准', async () => {
      const deps = depsOf(await open())
      expect(await draftRule(deps, approver, TEXT)).toMatchObject({ refusal: 'forbidden' })
      const draft = await done(draftRule(deps, editor, TEXT))
      expect(await approveRule(deps, editor, draft.id)).toMatchObject({ refusal: 'forbidden' })
      expect(await listRules(deps, staff('S9', 'register_clerk'))).toMatchObject({ refusal: 'forbidden' })
    })

    it('同一草案、同样的文本不能再批准一次；没有的草案查无此记录', async () => {
      const deps = depsOf(await open())
      const [first, second] = [await done(draftRule(deps, editor, TEXT)), await done(draftRule(deps, editor, TEXT))]
      await done(approveRule(deps, approver, first.id))
      expect(await approveRule(deps, approver, first.id)).toMatchObject({ refusal: 'already_done' })
      expect(await approveRule(deps, approver, second.id)).toMatchObject({ refusal: 'already_done' })
      expect(await draftRule(deps, editor, TEXT)).toMatchObject({ refusal: 'already_done' })
      expect(await approveRule(deps, approver, 'nothing')).toMatchObject({ refusal: 'record_not_found' })
    })

    it('写错的文本起草时就拒绝，并指出行号', async () => {
      const deps = depsOf(await open())
      const wrong = TEXT.replace('choose:', 'chose:')
      const refused = await draftRule(deps, editor, wrong)
      expect(refused).toMatchObject({ refusal: 'rule_unsound' })
      expect(JSON.stringify(refused)).toMatch(/第 \d+ 行/)
      expect(await draftRule(deps, editor, TEXT.replaceAll('ratio: "1"', 'ratio: "10"'))).toMatchObject({
        refusal: 'rule_unsound',
      })
    })

    it('读得通但有漏洞的文本，批准时拒绝：低保住院没有答案', async () => {
      const deps = depsOf(await open())
      const leaky = TEXT.replace(
        '{ category: dibao, ratio: "0.75" }',
        '{ category: dibao, hospital_level: 1, ratio: "0.75" }',
      )
      expect(leaky).not.toBe(TEXT)
      const draft = await done(draftRule(deps, editor, leaky))
      expect(await approveRule(deps, approver, draft.id)).toMatchObject({ refusal: 'rule_unsound' })
      const faults = await done(checkText(deps, editor, leaky) as Promise<readonly { line: number; message: string }[]>)
      expect(faults.length).toBeGreaterThan(0)
    })

    it('别的办法已经管辖的参保地，不能再由一份办法管辖', async () => {
      const deps = depsOf(await open())
      await done(approveRule(deps, approver, (await done(draftRule(deps, editor, TEXT))).id))
      const rival = await done(draftRule(deps, editor, TEXT.replace('scheme: ili-yining', 'scheme: rival')))
      const refused = await approveRule(deps, approver, rival.id)
      expect(JSON.stringify(refused)).toContain('已由 ili-yining 管辖')
    })
  })

  describe('列表、阅读与比较', () => {
    it('分得清待批、生效和被取代；两份文本的差别逐行列出', async () => {
      const deps = depsOf(await open())
      const first = await done(draftRule(deps, editor, TEXT))
      await done(approveRule(deps, approver, first.id))
      const changed = TEXT.replace('{ category: dibao, ratio: "0.75" }', '{ category: dibao, ratio: "0.80" }')
      const second = await done(draftRule(deps, editor, changed))
      await done(approveRule(deps, approver, second.id))
      const third = await done(draftRule(deps, editor, NEXT))
      const list = await done(listRules(deps, approver) as Promise<readonly { id: string; state: string }[]>)
      expect(Object.fromEntries(list.map((d) => [d.id, d.state]))).toEqual({
        [first.id]: 'superseded',
        [second.id]: 'in_force',
        [third.id]: 'waiting',
      })
      const diff = await diffRules(deps, approver, first.id, second.id)
      expect(diff).toMatch(/^-.*dibao, ratio: "0.75"/m)
      expect(diff).toMatch(/^\+.*dibao, ratio: "0.80"/m)
      expect(
        String(diff)
          .split('\n')
          .filter((l) => /^[-+] /.test(l)),
      ).toHaveLength(2)
      const read = await done(readRule(deps, editor, first.id))
      expect(read.text).toBe(TEXT)
      expect(read.explanation).toContain('救助对象')
    })
  })

  describe('首次启动', () => {
    it('空库由 RULES_DIR 的文件填满一次；文件以后再变，库里不变', async () => {
      const deps = depsOf(await open())
      expect(await seedRules(deps, directory())).toEqual({ seeded: 1 })
      expect((await publishedTexts(deps.store)).map((t) => t.text)).toEqual([TEXT])
      expect(await seedRules(deps, directory(`${TEXT}\n`))).toEqual({ seeded: 0 })
      expect((await publishedTexts(deps.store)).map((t) => t.text)).toEqual([TEXT])
      const found = await done(verifyAudit(deps, operator))
      expect(found).toMatchObject({ links: 1, faults: [] })
    })

    it('两个进程同时启动，只填一次', async () => {
      const deps = depsOf(await open())
      const both = await Promise.all([seedRules(deps, directory()), seedRules(deps, directory())])
      expect(both.map((r) => ('seeded' in r ? r.seeded : -1)).sort()).toEqual([0, 1])
      expect(await publishedTexts(deps.store)).toHaveLength(1)
    })

    it('文件有错就不填，并指出哪个文件哪一行', async () => {
      const deps = depsOf(await open())
      const refused = await seedRules(deps, directory(TEXT.replace('choose:', 'chose:')))
      expect(JSON.stringify(refused)).toMatch(/ili-yining\/2023-01-01.yaml.*第 \d+ 行/)
      expect(await publishedTexts(deps.store)).toEqual([])
    })
  })
})
