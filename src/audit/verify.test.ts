import { describe, expect, it } from 'vitest'
import { bookSketches, sketches } from '../../fixtures/booked.ts'
import { raw, tamper } from '../../fixtures/tamper.ts'
import { eachEngine, type Open, testKeys } from '../../test/engines.ts'
import { addStaff } from '../access/add-staff.ts'
import { designate } from '../hospitals/designate.ts'
import { suspend } from '../hospitals/suspend.ts'
import { isRefusal } from '../kernel/refusal.ts'
import type { AnyStore } from '../store/open.ts'
import type { Checkpoint } from './chain.ts'
import { takeCheckpoint } from './checkpoint.ts'
import { verifyAudit } from './verify.ts'

const operator = { kind: 'operator', id: 'root' } as const
const keys = testKeys()

/** An office with six acts and a ledger with eight rows, one of them a reversal. */
async function history(open: Open): Promise<AnyStore> {
  const store = await open()
  const deps = { store, keys, now: Date.now }
  await designate(deps, operator, { code: 'H65400200001', name: '伊宁市人民医院', level: 2, admdvs: '654002' })
  await designate(deps, operator, { code: 'H65400200002', name: '伊宁市中医院', level: 2, admdvs: '654002' })
  await suspend(deps, operator, { code: 'H65400200002', reason: '整改' })
  for (const role of ['rule_editor', 'approver', 'auditor'] as const)
    await addStaff(deps, operator, { name: role, roles: [role] })
  await bookSketches(
    store,
    sketches(7, (s, i) => (i === 2 ? { reversedAt: s.at + 1000 } : {})),
  )
  return store
}

async function faultsOf(store: AnyStore, checkpoints: readonly Checkpoint[] = []) {
  const found = await verifyAudit({ store, keys, now: Date.now }, operator, checkpoints)
  if (isRefusal(found)) throw new Error(found.detail)
  return found
}

const CHAIN_ATTACKS: [string, string, string[], { lane: string; seq: number }][] = [
  [
    '改一条记录的内容',
    'audit_record',
    [`UPDATE audit_record SET detail = '{}' WHERE lane = 'office' AND seq = 3`],
    { lane: 'office', seq: 3 },
  ],
  [
    '改经手人',
    'audit_record',
    [`UPDATE audit_record SET actor = 'operator:x' WHERE lane = 'office' AND seq = 2`],
    { lane: 'office', seq: 2 },
  ],
  [
    '改时间',
    'audit_record',
    [`UPDATE audit_record SET at = at + 1 WHERE lane = 'ledger' AND seq = 5`],
    { lane: 'ledger', seq: 5 },
  ],
  [
    '删中间一条',
    'audit_record',
    [`DELETE FROM audit_record WHERE lane = 'office' AND seq = 3`],
    { lane: 'office', seq: 3 },
  ],
  [
    '删第一条',
    'audit_record',
    [`DELETE FROM audit_record WHERE lane = 'ledger' AND seq = 1`],
    { lane: 'ledger', seq: 1 },
  ],
  [
    '截掉末尾',
    'audit_record',
    [`DELETE FROM audit_record WHERE lane = 'office' AND seq >= 5`],
    { lane: 'office', seq: 5 },
  ],
  [
    '删一条并重新编号',
    'audit_record',
    [
      `DELETE FROM audit_record WHERE lane = 'office' AND seq = 3`,
      `UPDATE audit_record SET seq = 3 WHERE lane = 'office' AND seq = 4`,
      `UPDATE audit_record SET seq = 4 WHERE lane = 'office' AND seq = 5`,
      `UPDATE audit_record SET seq = 5 WHERE lane = 'office' AND seq = 6`,
      `UPDATE lane SET seq = 5 WHERE name = 'office'`,
    ],
    { lane: 'office', seq: 3 },
  ],
  [
    '对调两条',
    'audit_record',
    [
      `UPDATE audit_record SET seq = 100 WHERE lane = 'office' AND seq = 2`,
      `UPDATE audit_record SET seq = 2 WHERE lane = 'office' AND seq = 4`,
      `UPDATE audit_record SET seq = 4 WHERE lane = 'office' AND seq = 100`,
    ],
    { lane: 'office', seq: 2 },
  ],
  [
    '添一条在末尾',
    'audit_record',
    [
      `INSERT INTO audit_record SELECT lane, 7, at, actor, action, subject, detail, hash FROM audit_record WHERE lane = 'office' AND seq = 6`,
    ],
    { lane: 'office', seq: 7 },
  ],
  [
    '添一条并移动链头',
    'audit_record',
    [
      `INSERT INTO audit_record SELECT lane, 7, at, actor, action, subject, detail, hash FROM audit_record WHERE lane = 'office' AND seq = 6`,
      `UPDATE lane SET seq = 7 WHERE name = 'office'`,
    ],
    { lane: 'office', seq: 7 },
  ],
  ['改链头', 'lane', [`UPDATE lane SET head = 'x' WHERE name = 'ledger'`], { lane: 'ledger', seq: 8 }],
  [
    '另立一条链',
    'audit_record',
    [
      `INSERT INTO audit_record SELECT 'other', 1, at, actor, action, subject, detail, hash FROM audit_record WHERE lane = 'office' AND seq = 1`,
    ],
    { lane: 'other', seq: 1 },
  ],
]

const COLUMN_ATTACKS: [string, string][] = [
  ['settlement_no', `'N000099'`],
  ['kind', `'reversal'`],
  ['reverses', `'N000001'`],
  ['hospital_code', `'H65400200009'`],
  ['terminal_id', `'T2'`],
  ['bill_no', `'ZY-9'`],
  ['person_id', '2'],
  ['person_record_id', '9'],
  ['household', `'h:other'`],
  ['township', `'别处'`],
  ['category', `'orphan'`],
  ['care_type', `'outpatient'`],
  ['scheme', `'other'`],
  ['version', `'2024-01-01'`],
  ['rule_hash', `'sha256:1'`],
  ['decision', `'not_assisted'`],
  ['business_day', `'2026-01-01'`],
  ['year', '2025'],
  ['total_fen', 'total_fen + 1'],
  ['insurance_fen', 'insurance_fen + 1'],
  ['other_fen', 'other_fen + 1'],
  ['assistance_fen', 'assistance_fen + 1'],
  ['patient_fen', 'patient_fen - 1'],
  ['settled_at', 'settled_at + 1'],
  ['bill', `replace(bill, '52000.00', '52000.01')`],
  ['facts', `replace(facts, '654002', '654003')`],
  ['answer', `replace(answer, 'dibao', 'orphan')`],
]

eachEngine((engine, open) => {
  describe('审计链核对', () => {
    it('没有动过的历史没有毛病，逐条数得清', async () => {
      const found = await faultsOf(await history(open))
      expect(found).toEqual({ links: 15, settlements: 8, faults: [], faultCount: 0 })
    })

    it('历史不能改也不能删：数据库自己拒绝', async () => {
      const store = await history(open)
      for (const table of [
        'audit_record',
        'settlement',
        'posting',
        'hospital',
        'hospital_status',
        'staff',
        'request',
      ]) {
        const column =
          {
            audit_record: 'hash',
            settlement: 'township',
            posting: 'account',
            hospital: 'name',
            staff: 'name',
            request: 'key',
          }[table] ?? 'reason'
        await expect(raw(store, `UPDATE ${table} SET ${column} = 'x'`)).rejects.toThrow(/append-only/)
        await expect(raw(store, `DELETE FROM ${table}`)).rejects.toThrow(/append-only/)
      }
    })

    it.each(CHAIN_ATTACKS)('%s：查得出，并指出是哪一条', async (_, table, statements, where) => {
      const store = await history(open)
      await tamper(store, table, ...statements)
      const { faults } = await faultsOf(store)
      expect(faults[0]).toMatchObject(where)
    })

    it('整条链连同链头一起倒退：只有拿着旧检查点才看得出', async () => {
      const store = await history(open)
      const checkpoint = await takeCheckpoint({ store, keys, now: Date.now }, operator)
      if (isRefusal(checkpoint)) throw new Error()
      await tamper(store, 'audit_record', `DELETE FROM audit_record WHERE lane = 'office' AND seq = 6`)
      await tamper(store, 'staff', `DELETE FROM staff WHERE name = 'auditor'`)
      await raw(
        store,
        `UPDATE lane SET seq = 5, head = (SELECT hash FROM audit_record WHERE lane = 'office' AND seq = 5) WHERE name = 'office'`,
      )
      expect((await faultsOf(store)).faultCount).toBe(0)
      expect((await faultsOf(store, [checkpoint])).faults).toMatchObject([{ lane: 'office', seq: 6 }])
    })

    it('伪造的检查点不算数', async () => {
      const store = await history(open)
      const checkpoint = await takeCheckpoint({ store, keys, now: Date.now }, operator)
      if (isRefusal(checkpoint)) throw new Error()
      expect((await faultsOf(store, [checkpoint])).faultCount).toBe(0)
      expect((await faultsOf(store, [{ ...checkpoint, lanes: [] }])).faultCount).toBeGreaterThan(0)
    })
  })

  describe('结算行核对', () => {
    it('每一列被改都查得出', async () => {
      const store = await history(open)
      await tamper(store, 'settlement', 'CREATE TABLE kept AS SELECT * FROM settlement')
      for (const [column, value] of COLUMN_ATTACKS) {
        await raw(store, `UPDATE settlement SET ${column} = ${value} WHERE ledger_seq = 7`)
        const { faults } = await faultsOf(store)
        expect(faults[0], column).toMatchObject({ lane: 'ledger', seq: 7 })
        await raw(
          store,
          `UPDATE settlement SET ${column} = (SELECT ${column} FROM kept WHERE kept.ledger_seq = 7) WHERE ledger_seq = 7`,
        )
        expect((await faultsOf(store)).faultCount, column).toBe(0)
      }
    })

    it('结算行被删，查得出是哪一号', async () => {
      const store = await history(open)
      await tamper(
        store,
        'settlement',
        'DELETE FROM settlement WHERE ledger_seq = 3',
        'DELETE FROM settlement WHERE ledger_seq = 8',
      )
      const { faults } = await faultsOf(store)
      expect(faults.map((f) => f.seq)).toEqual([3, 8])
    })
  })

  describe('经办表核对', () => {
    it.each([
      ['hospital', `UPDATE hospital SET level = 1 WHERE code = 'H65400200001'`],
      ['hospital_status', `UPDATE hospital_status SET status = 'designated'`],
      ['hospital_status', 'DELETE FROM hospital_status WHERE id = 3'],
      ['staff', `UPDATE staff SET roles = '["administrator"]' WHERE name = 'auditor'`],
      ['staff', `INSERT INTO staff VALUES ('S1', 'x', '["approver"]', 'h', 1)`],
      ['staff', `DELETE FROM staff WHERE name = 'auditor'`],
      ['person', `UPDATE person SET sex = 'female' WHERE id = 1`],
      ['person_record', `UPDATE person_record SET township = '别处' WHERE id = 2`],
      ['person_record', 'DELETE FROM person_record WHERE id = 3'],
      [
        'holding',
        `INSERT INTO holding (person_id, category, from_day, held, batch_id, recorded_at) VALUES (1, 'orphan', '2020-01-01', 1, 'x', 1)`,
      ],
    ])('%s：%s', async (table, statement) => {
      const store = await history(open)
      await tamper(store, table, statement)
      const { faults } = await faultsOf(store)
      const named = table.startsWith('person') || table === 'holding' ? /^register: / : new RegExp(` ${table}[ :]`)
      expect(faults.some((f) => named.test(f.what))).toBe(true)
    })
  })

  it(`权限：不是审计人员不能核对（${engine}）`, async () => {
    const store = await open()
    const clerk = { kind: 'staff', id: 'S1', roles: ['register_clerk'] } as const
    expect(await verifyAudit({ store, keys, now: Date.now }, clerk)).toMatchObject({ refusal: 'forbidden' })
  })
})
