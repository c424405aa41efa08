import { beforeAll, describe, expect, test } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import type { Caller } from '../access/caller.ts'
import type { Door, Operation, Reply } from '../door/call.ts'
import { dayOf } from '../kernel/day.ts'
import { isRefusal, type Refusal } from '../kernel/refusal.ts'
import { askEligibility } from './eligibility.ts'
import { importRoster } from './import.ts'
import { APPROVER, BOTH, CLERK, csv, number, openOffice, person, TERMINAL } from './office.fixture.ts'
import { registerRoutes } from './routes.ts'

eachEngine((_, open) => {
  let office: Awaited<ReturnType<typeof openOffice>>
  beforeAll(async () => {
    office = await openOffice(open)
  })

  describe('名册导入', () => {
    test('试算不写入；应用后再导入同一文件，什么也不改变', async () => {
      const lines = [
        person(1),
        person(2, { to: '2026-06-30' }),
        person(3, { category: '特困人员', head: 1 }),
        'bad,1,x',
      ]
      const before = await office.sizes()
      const dry = await office.dryRun(...lines)
      expect(dry).toMatchObject({ applied: false, counts: { new: 3, changed: 0, unchanged: 0, ended: 0, rejected: 1 } })
      expect(await office.sizes()).toEqual(before)
      const done = await office.apply(...lines)
      expect(done).toMatchObject({ applied: true, counts: dry.counts, faults_by_code: dry.faults_by_code })
      const after = await office.sizes()
      expect(after).toEqual([3, 3, 4])
      const again = await office.apply(...lines)
      expect(again.counts).toMatchObject({ new: 0, changed: 0, unchanged: 3, ended: 0, rejected: 1 })
      expect(await office.sizes()).toEqual(after)
      expect(again.rejects_csv).toContain('ID_FORMAT')
    })

    test('改期、终止、姓名写法不同、姓名不符、户主不在册', async () => {
      await office.apply(person(11), person(12, { to: '2026-06-30' }), person(13))
      const { counts, rows, faults } = await office.apply(
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
      expect((await office.eligible(11, '2026-09-30')).status).toBe('eligible')
      expect((await office.eligible(11, '2026-10-01')).status).toBe('not_eligible')
      expect((await office.eligible(12, '2026-12-31')).status).toBe('eligible')
      expect((await office.eligible(12, '2027-01-01')).status).toBe('not_eligible')
    })

    test('乡镇的写法不同不算变更；没见过的乡镇提醒一次', async () => {
      await office.apply(person(15))
      const same = await office.dryRun(person(15).replace('巴彦岱镇', '巴彦岱镇人民政府'))
      expect(same).toMatchObject({ counts: { unchanged: 1 }, faults: [] })
      const moved = await office.dryRun(
        person(15).replace('巴彦岱镇', '汉宾乡'),
        person(16).replace('巴彦岱镇', '汉宾乡'),
      )
      expect(moved).toMatchObject({
        counts: { changed: 1, new: 1 },
        faults: [{ row: 2, code: 'TOWN_NEW', rejects: false }],
      })
    })

    test('几千行分批写入，不受参数个数限制', async () => {
      const lines = Array.from({ length: 2600 }, (_, i) => person(1000 + i, { to: '2026-12-31' }))
      expect((await office.apply(...lines)).counts).toMatchObject({ new: 2600, rejected: 0 })
      expect((await office.apply(...lines)).counts).toMatchObject({ unchanged: 2600 })
    })

    test('名册只许运维人员直接应用；留痕不含姓名和证件号', async () => {
      expect(await importRoster(office.deps, BOTH, csv(person(1)), { apply: true })).toMatchObject({
        refusal: 'own_change',
      })
      expect(await importRoster(office.deps, TERMINAL, csv(person(1)), { apply: false })).toMatchObject({
        refusal: 'forbidden',
      })
      const [first] = await office.audit()
      expect(first).toMatchObject({ actor: 'operator:cli', action: 'register.approve', detail: { counts: { new: 3 } } })
      expect(first?.detail.file_hash).toMatch(/^sha256:[0-9a-f]{64}$/)
      expect(JSON.stringify(await office.audit())).not.toMatch(/吐尔逊|654002(?:19|20)\d{9}/)
    })
  })

  describe('三种回答', () => {
    test('可享受、在册但不享受、查无此人、姓名不符', async () => {
      await office.apply(person(21, { from: '2026-03-01', to: '2026-06-30' }))
      expect(await office.eligible(21, '2026-03-01')).toMatchObject({
        status: 'eligible',
        categories: [{ key: 'dibao', label: '低保对象', from: '2026-03-01' }],
        reasons: [],
      })
      expect(await office.eligible(21, '2026-02-28')).toMatchObject({
        status: 'not_eligible',
        reasons: [{ code: 'category_not_started' }],
      })
      expect(await office.eligible(21, '2026-07-01')).toMatchObject({
        status: 'not_eligible',
        reasons: [{ code: 'category_ended' }],
      })
      expect(await office.eligible(22)).toMatchObject({
        status: 'unknown_person',
        reasons: [{ code: 'not_registered' }],
      })
      for (const name of ['买买提•吐尔逊', '买买提.吐尔逊', ' 买买提 吐尔逊', '买买提吐尔逊'])
        expect((await office.eligible(21, '2026-03-01', name)).status).toBe('eligible')
      const ask = { patient: { id_type: 'resident_id', id_number: number(21), name: '吐尔逊' } } as const
      expect(await askEligibility(office.deps, ask, async () => [])).toMatchObject({ refusal: 'name_mismatch' })
    })

    test('限额由规则给出', async () => {
      await office.apply(person(23, { head: 21 }))
      const limit = {
        pool: 'annual',
        period: '2026',
        unit: 'yuan',
        limit: '60000.00',
        used: '1.00',
        left: '59999.00',
      } as const
      const ask = { patient: { id_type: 'resident_id', id_number: number(23), name: '买买提·吐尔逊' } } as const
      const answer = await askEligibility(office.deps, ask, async ({ household, admdvs, on, categories }) => {
        expect(household).toMatch(/^[0-9a-f]{64}$/)
        expect([admdvs, on, categories[0]?.key]).toEqual(['654002', dayOf(office.clock.now), 'dibao'])
        return [limit]
      })
      expect(answer).toMatchObject({ status: 'eligible', limits: [limit] })
    })
  })

  test('routes: what they answer is what they declare', async () => {
    const opened = new Map<string, { o: Operation; run: (call: object) => Promise<Reply | Refusal> }>()
    const door: Door = { open: (o, handler) => void opened.set(o.id, { o, run: (call) => handler(call as never) }) }
    registerRoutes(door, office.deps)
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
