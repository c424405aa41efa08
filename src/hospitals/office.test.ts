import { describe, expect, it } from 'vitest'
import { eachEngine, testKeys } from '../../test/engines.ts'
import { done } from '../../test/people.ts'
import type { Deps } from '../access/act.ts'
import { addStaff } from '../access/add-staff.ts'
import type { Caller } from '../access/caller.ts'
import { keepDirectory } from '../access/directory.ts'
import { revokeStaff } from '../access/revoke-staff.ts'
import { auditPage } from '../audit/queries.ts'
import { verifyAudit } from '../audit/verify.ts'
import { sha256 } from '../kernel/canonical.ts'
import { unseal } from '../kernel/seal.ts'
import type { AnyStore } from '../store/open.ts'
import { addTerminal } from './add-terminal.ts'
import { designate } from './designate.ts'
import { listHospitals, listTerminals } from './list.ts'
import { allHospitals, allTerminals } from './queries.ts'
import { revokeTerminal } from './revoke-terminal.ts'
import { resume, suspend } from './suspend.ts'

const operator: Caller = { kind: 'operator', id: 'root' }
const keys = testKeys()
const depsOf = (store: AnyStore): Deps => ({ store, keys, now: Date.now })
const HOSPITAL = { code: 'H65400200001', name: '伊宁市人民医院', level: 2, admdvs: '654002' } as const

eachEngine((_, open) => {
  describe('定点医疗机构', () => {
    it('定点、暂停、恢复；重复办理被拒绝', async () => {
      const deps = depsOf(await open())
      const change = { code: HOSPITAL.code, reason: '整改' }
      expect(await designate(deps, operator, HOSPITAL)).toEqual({ ...HOSPITAL, suspended: false })
      expect(await designate(deps, operator, HOSPITAL)).toMatchObject({ refusal: 'already_done' })
      expect(await resume(deps, operator, change)).toMatchObject({ refusal: 'already_done' })
      expect(await suspend(deps, operator, change)).toMatchObject({ suspended: true })
      expect(await allHospitals(deps.store)).toEqual([{ ...HOSPITAL, suspended: true }])
      expect(await suspend(deps, operator, change)).toMatchObject({ refusal: 'already_done' })
      expect(await resume(deps, operator, change)).toMatchObject({ suspended: false })
      expect(await suspend(deps, operator, { code: 'H65400299999', reason: 'x' })).toMatchObject({
        refusal: 'record_not_found',
      })
    })

    it('同时定点同一家医院，只成一次', async () => {
      const deps = depsOf(await open())
      const all = await Promise.all(Array.from({ length: 5 }, () => designate(deps, operator, HOSPITAL)))
      expect(all.filter((r) => 'code' in r)).toHaveLength(1)
      expect(all.filter((r) => 'refusal' in r && r.refusal === 'already_done')).toHaveLength(4)
    })
  })

  describe('终端', () => {
    it('密钥只出现一次，库里只有它的摘要；停用后不再认得', async () => {
      const deps = depsOf(await open())
      await done(designate(deps, operator, HOSPITAL))
      const { id, key } = await done(
        addTerminal(deps, operator, { hospital: HOSPITAL.code, label: '住院 1 窗', signed: false }),
      )
      expect(key).toMatch(/^mak_[0-9A-HJKMNP-TV-Z]{32}$/)
      const [stored] = await allTerminals(deps.store)
      expect(stored).toMatchObject({ id, key_hash: sha256(key), signing_key: null, revoked: false })
      const everything = JSON.stringify([
        await auditPage(deps.store, 'office', 0, 10),
        stored,
        await listTerminals(deps, operator, HOSPITAL.code),
      ])
      expect(everything).not.toContain(key)
      await done(revokeTerminal(deps, operator, id))
      expect((await keepDirectory(deps.store).recent()).terminalByKey.get(sha256(key))?.revoked).toBe(true)
      expect(await revokeTerminal(deps, operator, id)).toMatchObject({ refusal: 'already_done' })
      expect(await revokeTerminal(deps, operator, 'T0')).toMatchObject({ refusal: 'record_not_found' })
    })

    it('须签名的终端，签名密钥封存，离开这一行就打不开', async () => {
      const deps = depsOf(await open())
      await done(designate(deps, operator, HOSPITAL))
      const { id, key } = await done(addTerminal(deps, operator, { hospital: HOSPITAL.code, label: '2', signed: true }))
      const [stored] = await allTerminals(deps.store)
      expect(unseal(keys, `terminal.signing_key:${id}`, stored?.signing_key ?? '')).toBe(key)
      expect(() => unseal(keys, 'terminal.signing_key:T0', stored?.signing_key ?? '')).toThrow()
    })

    it('没有定点的医院不能有终端', async () => {
      const deps = depsOf(await open())
      expect(await addTerminal(deps, operator, { hospital: HOSPITAL.code, label: '1', signed: false })).toMatchObject({
        refusal: 'record_not_found',
      })
    })
  })

  describe('工作人员', () => {
    it('令牌只出现一次；可以有几个角色；停用后不再认得', async () => {
      const deps = depsOf(await open())
      const { id, token } = await done(
        addStaff(deps, operator, { name: '王审批', roles: ['auditor', 'approver', 'auditor'] }),
      )
      expect(token).toMatch(/^mas_/)
      const known = (await keepDirectory(deps.store).recent()).staffByToken.get(sha256(token))
      expect(known).toMatchObject({ id, roles: ['approver', 'auditor'], revoked: false })
      await done(revokeStaff(deps, operator, id))
      expect((await keepDirectory(deps.store).recent()).staffByToken.get(sha256(token))?.revoked).toBe(true)
      const log = JSON.stringify(await auditPage(deps.store, 'office', 0, 10))
      expect(log).not.toContain('王审批')
      expect(log).not.toContain(token)
    })
  })

  it('不是管理员的人什么也办不了，也不留下任何东西', async () => {
    const deps = depsOf(await open())
    const editor: Caller = { kind: 'staff', id: 'S1', roles: ['rule_editor', 'register_clerk', 'approver', 'auditor'] }
    const terminal: Caller = { kind: 'terminal', id: 'T1', hospital: HOSPITAL.code }
    for (const caller of [editor, terminal]) {
      expect(await designate(deps, caller, HOSPITAL)).toMatchObject({ refusal: 'forbidden' })
      expect(await addStaff(deps, caller, { name: 'x', roles: ['approver'] })).toMatchObject({ refusal: 'forbidden' })
    }
    expect(await listHospitals(deps, terminal)).toMatchObject({ refusal: 'forbidden' })
    expect(await auditPage(deps.store, 'office', 0, 10)).toEqual([])
  })

  it('每一次办理都在同一事务里留下一条记录，全部核对得上', async () => {
    const deps = depsOf(await open())
    await done(designate(deps, operator, HOSPITAL))
    const terminal = await done(addTerminal(deps, operator, { hospital: HOSPITAL.code, label: '1', signed: true }))
    await done(revokeTerminal(deps, operator, terminal.id))
    await done(suspend(deps, operator, { code: HOSPITAL.code, reason: '整改' }))
    const staff = await done(addStaff(deps, operator, { name: 'x', roles: ['auditor'] }))
    await done(revokeStaff(deps, operator, staff.id))
    await designate(deps, operator, HOSPITAL)
    expect(await done(verifyAudit(deps, operator))).toEqual({ links: 6, settlements: 0, faults: [], faultCount: 0 })
  })
})
