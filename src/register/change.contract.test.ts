import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { and, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { approveDraft } from './approve.ts'
import type { Change } from './change-list.ts'
import { draftChange } from './draft.ts'
import { readDraft, searchPerson, waitingTasks } from './look-up.ts'
import { APPROVER, at, BOTH, CLERK, csv, number, openOffice, person, sure } from './office.fixture.ts'
import { insertApproval, lockRegister } from './queries.ts'
import { verifyRegister } from './verify.ts'

eachEngine((engine, open) => {
  let office: Awaited<ReturnType<typeof openOffice>>
  beforeAll(async () => {
    office = await openOffice(open)
  })

  describe('变更须由两人办理', () => {
    test('起草不生效，本人不能审批，他人审批后生效，不能审批两次', async () => {
      const changes: Change[] = [
        { change: 'add_person', id_number: number(31), name: '阿依古丽·买买提', township: '汉宾乡', admdvs: '654002' },
        { change: 'set_category', id_number: number(31), category: '低保对象', from: '2026-06-01', to: null },
      ]
      const draft = sure(await draftChange(office.deps, BOTH, { source: 'changes', changes }))
      expect((await office.eligible(31, '2026-06-01', '阿依古丽·买买提')).status).toBe('unknown_person')
      expect(await waitingTasks(office.deps, BOTH)).toMatchObject([{ id: draft.id, own: true, counts: { new: 2 } }])
      expect(await waitingTasks(office.deps, APPROVER)).toMatchObject([{ own: false, source: 'changes' }])

      expect(await approveDraft(office.deps, BOTH, draft.id)).toMatchObject({ refusal: 'own_change' })
      expect(await approveDraft(office.deps, CLERK, draft.id)).toMatchObject({ refusal: 'forbidden' })
      expect(await approveDraft(office.deps, APPROVER, 'X'.repeat(20))).toMatchObject({ refusal: 'record_not_found' })

      const view = sure(await readDraft(office.deps, APPROVER, draft.id))
      expect(view).toMatchObject({
        status: 'waiting',
        drafted_by: 'staff:s2',
        rows: [
          { row: 1, name: '阿*·买*' },
          { row: 2, name: null },
        ],
      })
      expect(JSON.stringify(view)).not.toContain(number(31).slice(0, 14))

      sure(await approveDraft(office.deps, APPROVER, draft.id))
      expect((await office.eligible(31, '2026-06-01', '阿依古丽·买买提')).status).toBe('eligible')
      expect(await approveDraft(office.deps, APPROVER, draft.id)).toMatchObject({ refusal: 'already_done' })
      expect(await waitingTasks(office.deps, APPROVER)).toEqual([])
      expect(sure(await readDraft(office.deps, CLERK, draft.id))).toMatchObject({
        status: 'approved',
        approved_by: 'staff:s3',
      })
    })

    test('数据库本身拒绝本人审批', async () => {
      const draft = sure(
        await draftChange(office.deps, BOTH, { source: 'roster', text: new TextDecoder().decode(csv(person(32))) }),
      )
      const approval = { draft_id: draft.id, drafted_by: 'staff:s2', approved_by: 'staff:s2', approved_at: 1 }
      const raw = office.store.write((tx) => tx.insert(office.store.tables.register_approval).values(approval))
      await expect(raw).rejects.toThrow()
      // The refused statement leaves the transaction unusable on one engine: nothing else may follow it there.
      const tried = await office.store
        .write(async (tx) => {
          await lockRegister(tx, office.store.tables)
          throw new Error(await insertApproval(tx, office.store.tables, approval))
        })
        .catch((e: Error) => e.message)
      expect(tried).toBe('own_change')
      expect(sure(await approveDraft(office.deps, APPROVER, draft.id)).counts).toMatchObject({ new: 1 })
    })

    test('两人同时审批，只有一次生效', async () => {
      const draft = sure(
        await draftChange(office.deps, CLERK, { source: 'roster', text: new TextDecoder().decode(csv(person(33))) }),
      )
      const both = await Promise.all([
        approveDraft(office.deps, APPROVER, draft.id),
        approveDraft(office.deps, BOTH, draft.id),
      ])
      expect(both.map((r) => (isRefusal(r) ? r.refusal : 'approved')).sort()).toEqual(['already_done', 'approved'])
    })

    test('手工变更有一项不符，整份不收，逐项指出', async () => {
      const draft = (...changes: Change[]) => draftChange(office.deps, CLERK, { source: 'changes', changes })
      await office.apply(person(34))
      expect(
        await draft(
          { change: 'death', id_number: number(34), died_on: '2026-05-01' },
          { change: 'end_category', id_number: number(34), category: 'orphan', from: '2026-05-01' },
          { change: 'move', id_number: number(35), township: '汉宾乡' },
          { change: 'add_person', id_number: number(34), name: '某', township: '汉宾乡', admdvs: '654002' },
        ),
      ).toMatchObject({
        refusal: 'invalid_request',
        errors: [
          { path: 'changes.1', message: expect.stringContaining('NOT_HELD') },
          { path: 'changes.2', message: expect.stringContaining('PERSON_UNKNOWN') },
          { path: 'changes.3', message: expect.stringContaining('PERSON_KNOWN') },
        ],
      })
      expect(
        await draft(
          { change: 'death', id_number: '123', died_on: '2999-01-01' },
          { change: 'set_category', id_number: number(34), category: '无', from: '2026-05-01', to: '2026-04-01' },
        ),
      ).toMatchObject({
        refusal: 'invalid_request',
        errors: [
          { path: 'changes.0.id_number' },
          { path: 'changes.0.died_on' },
          { path: 'changes.1.category' },
          { path: 'changes.1.from' },
        ],
      })
      expect(await draft({ change: 'move', id_number: number(34), township: '巴彦岱' })).toMatchObject({
        detail: '没有任何变更',
      })
    })
  })

  describe('死亡、更正与两条时间轴', () => {
    test('死亡使一切资格终止，死亡更正后恢复；当时的所知不变', async () => {
      office.clock.now = at('2026-06-02T09:00:00')
      await office.apply(person(41), person(41, { category: 'orphan' }))
      office.clock.now = at('2026-06-10T09:00:00')
      await office.change({ change: 'death', id_number: number(41), died_on: '2026-06-05' })
      expect((await office.eligible(41, '2026-06-05')).categories).toHaveLength(2)
      expect(await office.eligible(41, '2026-06-06')).toMatchObject({
        status: 'not_eligible',
        reasons: [{ code: 'deceased' }],
      })
      const { faults } = await office.dryRun(person(41, { category: '特困人员', from: '2026-06-06' }))
      expect(faults).toMatchObject([{ code: 'ALREADY_DEAD' }])

      const look = async (known_at: number) =>
        sure(
          await searchPerson(office.deps, CLERK, {
            id_type: 'resident_id',
            id_number: number(41),
            on: '2026-06-06',
            known_at,
          }),
        )
      expect(await look(at('2026-06-02T08:59:59'))).toEqual({ status: 'unknown_person' })
      expect(await look(at('2026-06-02T09:00:00'))).toMatchObject({
        died_on: null,
        categories: [{ key: 'dibao' }, { key: 'orphan' }],
      })
      expect(await look(at('2026-06-10T09:00:00'))).toMatchObject({ died_on: '2026-06-05', categories: [] })

      office.clock.now = at('2026-06-12T09:00:00')
      await office.change({ change: 'death', id_number: number(41), died_on: null })
      expect((await office.eligible(41, '2026-06-06')).status).toBe('eligible')
    })

    test('类别变更即停旧开新；终止早于延期的，延期不再恢复', async () => {
      await office.apply(person(42, { to: '2026-06-30' }))
      await office.apply(person(42, { to: '2026-12-31' }))
      await office.change(
        { change: 'end_category', id_number: number(42), category: 'dibao', from: '2026-04-01' },
        { change: 'set_category', id_number: number(42), category: 'dibao_marginal', from: '2026-04-01', to: null },
      )
      expect((await office.eligible(42, '2026-03-31')).categories.map((c) => c.key)).toEqual(['dibao'])
      expect((await office.eligible(42, '2026-04-01')).categories.map((c) => c.key)).toEqual(['dibao_marginal'])
      expect((await office.eligible(42, '2026-07-15')).categories.map((c) => c.key)).toEqual(['dibao_marginal'])
    })

    test('姓名更正、迁移、户主变更', async () => {
      await office.apply(person(43))
      await office.change(
        { change: 'correct_name', id_number: number(43), name: '买买提·吐尔洪' },
        { change: 'move', id_number: number(43), township: '汉宾乡', admdvs: '654003', household_head: number(42) },
      )
      expect((await office.eligible(43, undefined, '买买提·吐尔洪')).status).toBe('eligible')
      const ask = { id_type: 'resident_id', id_number: number(43) } as const
      expect(sure(await searchPerson(office.deps, CLERK, ask))).toMatchObject({
        name: '买*·吐*',
        id_number: `${'*'.repeat(14)}${number(43).slice(-4)}`,
        township: '汉宾乡',
        admdvs: '654003',
        head_of_household: false,
      })
      expect(sure(await searchPerson(office.deps, CLERK, { ...ask, purpose: 'correction' }))).toMatchObject({
        name: '买买提·吐尔洪',
        id_number: number(43),
      })
      expect((await office.audit()).at(-1)).toMatchObject({
        actor: 'staff:s1',
        action: 'register.read',
        detail: { full: true, purpose: 'correction' },
      })
    })
  })

  describe('凭据', () => {
    test('每一批都由留痕作证：改、删、插都查得出', async () => {
      const notes = (await office.audit()).flatMap((r) => (r.detail.batch ? [r.detail.batch] : []))
      expect(await verifyRegister(office.store, notes)).toEqual([])
      const t = office.store.tables
      const [row] = await office.store.read
        .select()
        .from(t.holding)
        .where(and(eq(t.holding.category, 'orphan')))
      expect(await verifyRegister(office.store, notes.slice(1))).toMatchObject([
        { what: 'no act vouches for this batch' },
        { batch: null },
      ])
      const altered = notes.map((n) => (n.id === row?.batch_id ? { ...n, digest: n.digest.replace(/^./, 'z') } : n))
      expect(await verifyRegister(office.store, altered)).toMatchObject([{ batch: row?.batch_id }])
      await expect(office.store.write((tx) => tx.update(t.holding).set({ held: 0 }))).rejects.toThrow()
      await expect(office.store.write((tx) => tx.delete(t.person_record))).rejects.toThrow()
    })

    test.runIf(engine === 'sqlite')('数据库文件里找不到姓名和证件号', async () => {
      if (office.store.engine !== 'sqlite') return
      office.store.writer.pragma('wal_checkpoint(TRUNCATE)')
      const file = readFileSync(join(office.store.writer.name))
      for (const text of [number(1), number(31), '吐尔逊', '阿依古丽'])
        expect(file.includes(Buffer.from(text))).toBe(false)
    })
  })
})
