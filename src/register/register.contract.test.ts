import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { and, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { eachEngine, testKeys } from '../../test/engines.ts'
import type { Caller } from '../access/caller.ts'
import type { Door, Operation, Reply } from '../door/call.ts'
import { dayOf } from '../kernel/day.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { checkCharacter } from '../kernel/resident-id.ts'
import type { AnyStore } from '../store/open.ts'
import { approveDraft } from './approve.ts'
import type { RegisterDeps } from './assess.ts'
import type { Change } from './change-list.ts'
import { draftChange } from './draft.ts'
import { askEligibility } from './eligibility.ts'
import { importRoster } from './import.ts'
import { readDraft, searchPerson, waitingTasks } from './look-up.ts'
import { insertApproval, lockRegister } from './queries.ts'
import { TEMPLATE } from './roster.ts'
import { registerRoutes } from './routes.ts'
import { verifyRegister } from './verify.ts'

const OPERATOR: Caller = { kind: 'operator', id: 'cli' }
const CLERK: Caller = { kind: 'staff', id: 's1', roles: ['register_clerk'] }
const BOTH: Caller = { kind: 'staff', id: 's2', roles: ['register_clerk', 'approver'] }
const APPROVER: Caller = { kind: 'staff', id: 's3', roles: ['approver'] }
const TERMINAL: Caller = { kind: 'terminal', id: 't1', hospital: 'H65400200001' }

const at = (text: string) => Date.parse(`${text}+08:00`)
const number = (n: number) => {
  const born = new Date(Date.UTC(1950, 0, 1) + (n % 18_000) * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
  const body = `654002${born}${String(Math.floor(n / 18_000) + 1).padStart(3, '0')}`
  return body + checkCharacter(body)
}
const csv = (...lines: string[]) => new TextEncoder().encode([TEMPLATE.join(','), ...lines].join('\n'))
const person = (
  n: number,
  more: { name?: string; category?: string; from?: string; to?: string; head?: number } = {},
) =>
  [
    more.name ?? '买买提·吐尔逊',
    number(n),
    more.category ?? 'dibao',
    more.from ?? '2026-01-01',
    more.to ?? '',
    more.head === undefined ? '' : number(more.head),
    '巴彦岱镇',
    '654002',
  ].join(',')

/** The value, where a refusal would be a failure of the test. */
function sure<T>(value: T | Refusal): T {
  if (isRefusal(value)) throw new Error(JSON.stringify(value))
  return value
}

eachEngine((engine, open) => {
  let store: AnyStore
  const clock = { now: at('2026-06-01T09:00:00') }
  const keys = testKeys()
  let deps: RegisterDeps
  beforeAll(async () => {
    store = await open()
    deps = { store, keys, now: () => clock.now }
  })

  const apply = async (...lines: string[]) => sure(await importRoster(deps, OPERATOR, csv(...lines), { apply: true }))
  const dryRun = async (...lines: string[]) => sure(await importRoster(deps, OPERATOR, csv(...lines), { apply: false }))
  const eligible = async (n: number, on?: string, name = '买买提·吐尔逊') =>
    sure(
      await askEligibility(
        deps,
        { patient: { id_type: 'resident_id', id_number: number(n), name }, on },
        async () => [],
      ),
    )
  const sizes = async () => {
    const { person: p, person_record: r, holding: h } = store.tables
    return [
      (await store.read.select().from(p)).length,
      (await store.read.select().from(r)).length,
      (await store.read.select().from(h)).length,
    ]
  }
  const audit = async () => {
    const t = store.tables.audit_record
    return (await store.read.select().from(t).orderBy(t.seq)).map((r) => ({ ...r, detail: JSON.parse(r.detail) }))
  }
  const change = async (...changes: Change[]) => {
    const draft = sure(await draftChange(deps, CLERK, { source: 'changes', changes }))
    return sure(await approveDraft(deps, APPROVER, draft.id))
  }

  describe('名册导入', () => {
    test('试算不写入；应用后再导入同一文件，什么也不改变', async () => {
      const lines = [
        person(1),
        person(2, { to: '2026-06-30' }),
        person(3, { category: '特困人员', head: 1 }),
        'bad,1,x',
      ]
      const before = await sizes()
      const dry = await dryRun(...lines)
      expect(dry).toMatchObject({ applied: false, counts: { new: 3, changed: 0, unchanged: 0, ended: 0, rejected: 1 } })
      expect(await sizes()).toEqual(before)
      const done = await apply(...lines)
      expect(done).toMatchObject({ applied: true, counts: dry.counts, faults_by_code: dry.faults_by_code })
      const after = await sizes()
      expect(after).toEqual([3, 3, 4])
      const again = await apply(...lines)
      expect(again.counts).toMatchObject({ new: 0, changed: 0, unchanged: 3, ended: 0, rejected: 1 })
      expect(await sizes()).toEqual(after)
      expect(again.rejects_csv).toContain('ID_FORMAT')
    })

    test('改期、终止、姓名写法不同、姓名不符、户主不在册', async () => {
      await apply(person(11), person(12, { to: '2026-06-30' }), person(13))
      const { counts, rows, faults } = await apply(
        person(11, { to: '2026-09-30' }),
        person(12, { to: '2026-12-31', name: '买买提 • 吐尔逊' }),
        person(13, { name: '别人' }),
        person(14, { head: 99 }),
      )
      expect(counts).toMatchObject({ new: 1, changed: 1, ended: 1, rejected: 1, unchanged: 0 })
      expect(rows.map((r) => r.outcome)).toEqual(['ended', 'changed', 'rejected', 'new'])
      expect(faults.map((f) => [f.row, f.code, f.rejects])).toEqual([
        [4, 'NAME_MISMATCH_REGISTER', true],
        [5, 'HOUSEHOLD_HEAD_MISSING', false],
      ])
      expect((await eligible(11, '2026-09-30')).status).toBe('eligible')
      expect((await eligible(11, '2026-10-01')).status).toBe('not_eligible')
      expect((await eligible(12, '2026-12-31')).status).toBe('eligible')
      expect((await eligible(12, '2027-01-01')).status).toBe('not_eligible')
    })

    test('乡镇的写法不同不算变更；没见过的乡镇提醒一次', async () => {
      await apply(person(15))
      const same = await dryRun(person(15).replace('巴彦岱镇', '巴彦岱镇人民政府'))
      expect(same).toMatchObject({ counts: { unchanged: 1 }, faults: [] })
      const moved = await dryRun(person(15).replace('巴彦岱镇', '汉宾乡'), person(16).replace('巴彦岱镇', '汉宾乡'))
      expect(moved).toMatchObject({
        counts: { changed: 1, new: 1 },
        faults: [{ row: 2, code: 'TOWN_NEW', rejects: false }],
      })
    })

    test('几千行分批写入，不受参数个数限制', async () => {
      const lines = Array.from({ length: 2600 }, (_, i) => person(1000 + i, { to: '2026-12-31' }))
      expect((await apply(...lines)).counts).toMatchObject({ new: 2600, rejected: 0 })
      expect((await apply(...lines)).counts).toMatchObject({ unchanged: 2600 })
    })

    test('名册只许运维人员直接应用；留痕不含姓名和证件号', async () => {
      expect(await importRoster(deps, BOTH, csv(person(1)), { apply: true })).toMatchObject({ refusal: 'own_change' })
      expect(await importRoster(deps, TERMINAL, csv(person(1)), { apply: false })).toMatchObject({
        refusal: 'forbidden',
      })
      const [first] = await audit()
      expect(first).toMatchObject({ actor: 'operator:cli', action: 'register.approve', detail: { counts: { new: 3 } } })
      expect(first?.detail.file_hash).toMatch(/^sha256:[0-9a-f]{64}$/)
      expect(JSON.stringify(await audit())).not.toMatch(/吐尔逊|654002(?:19|20)\d{9}/)
    })
  })

  describe('三种回答', () => {
    test('可享受、在册但不享受、查无此人、姓名不符', async () => {
      await apply(person(21, { from: '2026-03-01', to: '2026-06-30' }))
      expect(await eligible(21, '2026-03-01')).toMatchObject({
        status: 'eligible',
        categories: [{ key: 'dibao', label: '低保对象', from: '2026-03-01' }],
        reasons: [],
      })
      expect(await eligible(21, '2026-02-28')).toMatchObject({
        status: 'not_eligible',
        reasons: [{ code: 'category_not_started' }],
      })
      expect(await eligible(21, '2026-07-01')).toMatchObject({
        status: 'not_eligible',
        reasons: [{ code: 'category_ended' }],
      })
      expect(await eligible(22)).toMatchObject({ status: 'unknown_person', reasons: [{ code: 'not_registered' }] })
      for (const name of ['买买提•吐尔逊', '买买提.吐尔逊', ' 买买提 吐尔逊', '买买提吐尔逊'])
        expect((await eligible(21, '2026-03-01', name)).status).toBe('eligible')
      const ask = { patient: { id_type: 'resident_id', id_number: number(21), name: '吐尔逊' } } as const
      expect(await askEligibility(deps, ask, async () => [])).toMatchObject({ refusal: 'name_mismatch' })
    })

    test('限额由规则给出', async () => {
      await apply(person(23, { head: 21 }))
      const limit = {
        pool: 'annual',
        period: '2026',
        unit: 'yuan',
        limit: '60000.00',
        used: '1.00',
        left: '59999.00',
      } as const
      const ask = { patient: { id_type: 'resident_id', id_number: number(23), name: '买买提·吐尔逊' } } as const
      const answer = await askEligibility(deps, ask, async ({ household, admdvs, on, categories }) => {
        expect(household).toMatch(/^[0-9a-f]{64}$/)
        expect([admdvs, on, categories[0]?.key]).toEqual(['654002', dayOf(clock.now), 'dibao'])
        return [limit]
      })
      expect(answer).toMatchObject({ status: 'eligible', limits: [limit] })
    })
  })

  describe('变更须由两人办理', () => {
    test('起草不生效，本人不能审批，他人审批后生效，不能审批两次', async () => {
      const changes: Change[] = [
        { change: 'add_person', id_number: number(31), name: '阿依古丽·买买提', township: '汉宾乡', admdvs: '654002' },
        { change: 'set_category', id_number: number(31), category: '低保对象', from: '2026-06-01', to: null },
      ]
      const draft = sure(await draftChange(deps, BOTH, { source: 'changes', changes }))
      expect((await eligible(31, '2026-06-01', '阿依古丽·买买提')).status).toBe('unknown_person')
      expect(await waitingTasks(deps, BOTH)).toMatchObject([{ id: draft.id, own: true, counts: { new: 2 } }])
      expect(await waitingTasks(deps, APPROVER)).toMatchObject([{ own: false, source: 'changes' }])

      expect(await approveDraft(deps, BOTH, draft.id)).toMatchObject({ refusal: 'own_change' })
      expect(await approveDraft(deps, CLERK, draft.id)).toMatchObject({ refusal: 'forbidden' })
      expect(await approveDraft(deps, APPROVER, 'X'.repeat(20))).toMatchObject({ refusal: 'record_not_found' })

      const view = sure(await readDraft(deps, APPROVER, draft.id))
      expect(view).toMatchObject({
        status: 'waiting',
        drafted_by: 'staff:s2',
        rows: [
          { row: 1, name: '阿*·买*' },
          { row: 2, name: null },
        ],
      })
      expect(JSON.stringify(view)).not.toContain(number(31).slice(0, 14))

      sure(await approveDraft(deps, APPROVER, draft.id))
      expect((await eligible(31, '2026-06-01', '阿依古丽·买买提')).status).toBe('eligible')
      expect(await approveDraft(deps, APPROVER, draft.id)).toMatchObject({ refusal: 'already_done' })
      expect(await waitingTasks(deps, APPROVER)).toEqual([])
      expect(sure(await readDraft(deps, CLERK, draft.id))).toMatchObject({
        status: 'approved',
        approved_by: 'staff:s3',
      })
    })

    test('数据库本身拒绝本人审批', async () => {
      const draft = sure(
        await draftChange(deps, BOTH, { source: 'roster', text: new TextDecoder().decode(csv(person(32))) }),
      )
      const approval = { draft_id: draft.id, drafted_by: 'staff:s2', approved_by: 'staff:s2', approved_at: 1 }
      const raw = store.write((tx) => tx.insert(store.tables.register_approval).values(approval))
      await expect(raw).rejects.toThrow()
      // The refused statement leaves the transaction unusable on one engine: nothing else may follow it there.
      const tried = await store
        .write(async (tx) => {
          await lockRegister(tx, store.tables)
          throw new Error(await insertApproval(tx, store.tables, approval))
        })
        .catch((e: Error) => e.message)
      expect(tried).toBe('own_change')
      expect(sure(await approveDraft(deps, APPROVER, draft.id)).counts).toMatchObject({ new: 1 })
    })

    test('两人同时审批，只有一次生效', async () => {
      const draft = sure(
        await draftChange(deps, CLERK, { source: 'roster', text: new TextDecoder().decode(csv(person(33))) }),
      )
      const both = await Promise.all([approveDraft(deps, APPROVER, draft.id), approveDraft(deps, BOTH, draft.id)])
      expect(both.map((r) => (isRefusal(r) ? r.refusal : 'approved')).sort()).toEqual(['already_done', 'approved'])
    })

    test('手工变更有一项不符，整份不收，逐项指出', async () => {
      const draft = (...changes: Change[]) => draftChange(deps, CLERK, { source: 'changes', changes })
      await apply(person(34))
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
      clock.now = at('2026-06-02T09:00:00')
      await apply(person(41), person(41, { category: 'orphan' }))
      clock.now = at('2026-06-10T09:00:00')
      await change({ change: 'death', id_number: number(41), died_on: '2026-06-05' })
      expect((await eligible(41, '2026-06-05')).categories).toHaveLength(2)
      expect(await eligible(41, '2026-06-06')).toMatchObject({
        status: 'not_eligible',
        reasons: [{ code: 'deceased' }],
      })
      const { faults } = await dryRun(person(41, { category: '特困人员', from: '2026-06-06' }))
      expect(faults).toMatchObject([{ code: 'ALREADY_DEAD' }])

      const look = async (known_at: number) =>
        sure(
          await searchPerson(deps, CLERK, {
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

      clock.now = at('2026-06-12T09:00:00')
      await change({ change: 'death', id_number: number(41), died_on: null })
      expect((await eligible(41, '2026-06-06')).status).toBe('eligible')
    })

    test('类别变更即停旧开新；终止早于延期的，延期不再恢复', async () => {
      await apply(person(42, { to: '2026-06-30' }))
      await apply(person(42, { to: '2026-12-31' }))
      await change(
        { change: 'end_category', id_number: number(42), category: 'dibao', from: '2026-04-01' },
        { change: 'set_category', id_number: number(42), category: 'dibao_marginal', from: '2026-04-01', to: null },
      )
      expect((await eligible(42, '2026-03-31')).categories.map((c) => c.key)).toEqual(['dibao'])
      expect((await eligible(42, '2026-04-01')).categories.map((c) => c.key)).toEqual(['dibao_marginal'])
      expect((await eligible(42, '2026-07-15')).categories.map((c) => c.key)).toEqual(['dibao_marginal'])
    })

    test('姓名更正、迁移、户主变更', async () => {
      await apply(person(43))
      await change(
        { change: 'correct_name', id_number: number(43), name: '买买提·吐尔洪' },
        { change: 'move', id_number: number(43), township: '汉宾乡', admdvs: '654003', household_head: number(42) },
      )
      expect((await eligible(43, undefined, '买买提·吐尔洪')).status).toBe('eligible')
      const ask = { id_type: 'resident_id', id_number: number(43) } as const
      expect(sure(await searchPerson(deps, CLERK, ask))).toMatchObject({
        name: '买*·吐*',
        id_number: `${'*'.repeat(14)}${number(43).slice(-4)}`,
        township: '汉宾乡',
        admdvs: '654003',
        head_of_household: false,
      })
      expect(sure(await searchPerson(deps, CLERK, { ...ask, purpose: 'correction' }))).toMatchObject({
        name: '买买提·吐尔洪',
        id_number: number(43),
      })
      expect((await audit()).at(-1)).toMatchObject({
        actor: 'staff:s1',
        action: 'register.read',
        detail: { full: true, purpose: 'correction' },
      })
    })
  })

  describe('凭据', () => {
    test('每一批都由留痕作证：改、删、插都查得出', async () => {
      const notes = (await audit()).flatMap((r) => (r.detail.batch ? [r.detail.batch] : []))
      expect(await verifyRegister(store, notes)).toEqual([])
      const t = store.tables
      const [row] = await store.read
        .select()
        .from(t.holding)
        .where(and(eq(t.holding.category, 'orphan')))
      expect(await verifyRegister(store, notes.slice(1))).toMatchObject([
        { what: 'no act vouches for this batch' },
        { batch: null },
      ])
      const altered = notes.map((n) => (n.id === row?.batch_id ? { ...n, digest: n.digest.replace(/^./, 'z') } : n))
      expect(await verifyRegister(store, altered)).toMatchObject([{ batch: row?.batch_id }])
      await expect(store.write((tx) => tx.update(t.holding).set({ held: 0 }))).rejects.toThrow()
      await expect(store.write((tx) => tx.delete(t.person_record))).rejects.toThrow()
    })

    test.runIf(engine === 'sqlite')('数据库文件里找不到姓名和证件号', async () => {
      if (store.engine !== 'sqlite') return
      store.writer.pragma('wal_checkpoint(TRUNCATE)')
      const file = readFileSync(join(store.writer.name))
      for (const text of [number(1), number(31), '吐尔逊', '阿依古丽'])
        expect(file.includes(Buffer.from(text))).toBe(false)
    })
  })

  test('routes: what they answer is what they declare', async () => {
    const opened = new Map<string, { o: Operation; run: (call: object) => Promise<Reply | Refusal> }>()
    const door: Door = { open: (o, handler) => void opened.set(o.id, { o, run: (call) => handler(call as never) }) }
    registerRoutes(door, deps)
    const call = async (id: string, caller: Caller, sent: { body?: unknown; params?: object }) => {
      const { o, run } = opened.get(id) as NonNullable<ReturnType<typeof opened.get>>
      const body = o.body ? o.body.parse(sent.body) : undefined
      const reply = await run({ caller, body, params: sent.params })
      if (isRefusal(reply)) return reply
      expect(o.answers[reply.status]?.schema?.parse(reply.json)).toEqual(reply.json)
      return reply
    }
    const patient = { id_number: ` ${number(1).toLowerCase()} `, name: '买买提·吐尔逊' }
    expect(await call('eligibility', TERMINAL, { body: { patient } })).toMatchObject({ json: { status: 'eligible' } })
    const changes = [{ change: 'end_category', id_number: number(1), category: 'dibao', from: '2026-08-01' }]
    const made = await call('draftRegisterChange', CLERK, { body: { source: 'changes', changes } })
    const id = (made as Reply).headers?.location?.split('/').at(-1) ?? ''
    expect(made).toMatchObject({ status: 201, json: { id, counts: { ended: 1 } } })
    expect(await call('tasks', APPROVER, {})).toMatchObject({ json: { tasks: [{ id }] } })
    expect(await call('readRegisterDraft', APPROVER, { params: { id } })).toMatchObject({
      json: {
        rows: [{ differences: [{ field: 'category', category: 'dibao', from_day: '2026-08-01', held: false }] }],
      },
    })
    expect(await call('approveRegisterDraft', APPROVER, { params: { id } })).toMatchObject({ status: 200 })
    const search = { id_number: number(1), on: '2026-08-01', known_at: '2026-06-12T09:00:00+08:00' }
    expect(await call('searchPerson', CLERK, { body: search })).toMatchObject({
      json: { status: 'registered', categories: [] },
    })
    for (const bad of ['654002196201010001', '15'.repeat(9), '654002620101001', '']) {
      const ask = opened.get('eligibility')?.o.body?.safeParse({ patient: { ...patient, id_number: bad } })
      expect(ask?.success).toBe(false)
    }
  })
})
