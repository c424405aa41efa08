import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { tamper } from '../../fixtures/tamper.ts'
import { eachEngine } from '../../test/engines.ts'
import { fresh } from '../../test/his-desk.ts'
import { publishCodes, refusedFor } from '../../test/his-message.ts'
import { hisWindow } from '../../test/his-window.ts'
import { checkLedger } from '../../test/oracle.ts'
import { done, OPERATOR, type Person } from '../../test/people.ts'
import {
  type Asking,
  HOSPITAL,
  OTHER_HOSPITAL,
  openWorld,
  SOMEBODY,
  UNCATEGORISED,
  type World,
} from '../../test/world.ts'
import { verifyAudit } from '../audit/verify.ts'
import { psnBlind } from '../his/kept.ts'
import { personOfPsn } from '../his/queries.ts'
import { REFUSALS } from '../kernel/refusal.ts'
import { statePsnNo } from './state-psn-no.ts'

const [WRONG, OWNER] = [UNCATEGORISED, SOMEBODY]
interface Window {
  readonly at: ReturnType<typeof hisWindow>
  readonly fixmedins_code: string
}
const REASON = '医保经办系统截图，2026年第11号函'

eachEngine((engine, open) => {
  let w: World
  let a: Window
  let b: Window
  let [clerk, approver, both]: Asking[] = []
  beforeAll(async () => {
    w = await openWorld(engine, open)
    await publishCodes(w)
    a = { at: hisWindow(w), fixmedins_code: HOSPITAL }
    b = { at: hisWindow(w, w.stranger), fixmedins_code: OTHER_HOSPITAL }
    clerk = { token: (await w.addStaff('register_clerk')).token }
    approver = { token: (await w.addStaff('approver')).token }
    both = { token: (await w.addStaff('register_clerk', 'approver')).token }
  })

  const ask = ({ at, ...envelope }: Window, p: Person, psn_no: string) =>
    at.send('1101', { data: { mdtrt_cert_type: '02', mdtrt_cert_no: p.id, psn_name: p.name, psn_no } }, envelope)
  /** With a certificate, or by the insurer's number alone. */
  const settle = ({ at, ...envelope }: Window, p: Person, psn_no: string, certified = true) => {
    const shown = certified ? {} : { mdtrt_cert_type: '03', mdtrt_cert_no: 'K1' }
    const info = certified ? { psn_no } : { psn_no, certno: '' }
    return at.settleStay(p, fresh('MD'), { data: { psn_no, ...shown }, info, envelope })
  }
  const bodyOf = (psn_no: string, p: Person, change: object = {}) => ({
    ...{ source: 'psn_no', psn_no, id_number: p.id, reason: REASON },
    ...change,
  })
  const draft = (body: object, as = clerk) => w.call('POST', '/v1/register/drafts', { ...as, body })
  const approve = (id: string, as = approver) =>
    w.call('POST', `/v1/register/drafts/${id}/approval`, { ...as, body: {} })
  const correct = async (psn_no: string, p: Person) => {
    const { json } = await draft(bodyOf(psn_no, p))
    expect((await approve(json.id)).status).toBe(200)
  }
  const rowsOf = (psn_no: string) => {
    const t = w.store.tables.register_psn_no
    const of = eq(t.psn_blind, psnBlind(w.service.deps.keys, psn_no))
    return w.store.read.select().from(t).where(of).orderBy(t.id)
  }
  /** Hospital A gives the owner's number to somebody else. */
  const boundWrongly = async () => {
    const psn_no = fresh('65409')
    expect(refusedFor(await ask(a, WRONG, psn_no))).toBeNull()
    return psn_no
  }

  describe('甲医院把人员编号登记给了别人', () => {
    test('本人凭证件到乙医院照样结算；编号仍归原登记，什么也不改', async () => {
      const psn_no = await boundWrongly()
      const before = await personOfPsn(w.store, psnBlind(w.service.deps.keys, psn_no))
      expect((await settle(b, OWNER, psn_no)).json.output.setlinfo.maf_pay).toBe(750)
      expect(await personOfPsn(w.store, psnBlind(w.service.deps.keys, psn_no))).toBe(before)
    })

    test('只凭编号的认成别人，1101 拒绝并请其致电经办机构；更正后两样都成', async () => {
      const psn_no = await boundWrongly()
      expect(refusedFor(await settle(b, OWNER, psn_no, false))).toBe('name_mismatch')
      const refused = await ask(b, OWNER, psn_no)
      expect(refusedFor(refused)).toBe('psn_no_conflict')
      expect(refused.json.err_msg).toContain('请致电医保经办机构更正')

      await correct(psn_no, OWNER)
      expect(refusedFor(await ask(b, OWNER, psn_no))).toBeNull()
      expect((await settle(b, OWNER, psn_no, false)).json.output.setlinfo.maf_pay).toBe(750)
      expect(refusedFor(await ask(a, WRONG, psn_no))).toBe('psn_no_conflict')
    })
  })

  test('经办机构登记了的，以经办机构为准：证件不符的结算拒绝，再更正后成功，历次登记都在', async () => {
    const psn_no = fresh('65409')
    await correct(psn_no, WRONG)
    expect(refusedFor(await settle(b, OWNER, psn_no))).toBe('psn_no_conflict')
    await correct(psn_no, OWNER)
    expect((await settle(b, OWNER, psn_no)).json.output.setlinfo.maf_pay).toBe(750)
    const rows = await rowsOf(psn_no)
    expect(rows.map((r) => [r.by.startsWith('staff:'), r.draft_id === null])).toEqual([
      [true, false],
      [true, false],
    ])
    expect(JSON.stringify(rows)).not.toContain(REASON)
  })

  test('须由两人办理；审批人看到遮盖的号码和依据，看不到全号', async () => {
    const psn_no = await boundWrongly()
    const { json: made, status } = await draft(bodyOf(psn_no, OWNER), both)
    expect([status, made.counts.changed]).toEqual([201, 1])
    expect((await approve(made.id, both)).json.code).toBe('own_change')
    expect(await rowsOf(psn_no)).toEqual([])
    const view = await w.call('GET', `/v1/register/drafts/${made.id}`, { ...approver })
    expect(view.json.rows).toEqual([
      {
        row: 1,
        outcome: 'changed',
        name: '阿*·买*',
        id_number: `${'*'.repeat(14)}${OWNER.id.slice(-4)}`,
        reason: REASON,
        differences: [
          {
            field: 'psn_no',
            before: `${'*'.repeat(14)}${WRONG.id.slice(-4)}`,
            after: `${'*'.repeat(14)}${OWNER.id.slice(-4)}`,
            psn_no: `${'*'.repeat(psn_no.length - 4)}${psn_no.slice(-4)}`,
          },
        ],
      },
    ])
    expect((await approve(made.id)).json).toMatchObject({ counts: { changed: 1 }, faults: [] })
    expect((await approve(made.id)).json.code).toBe('already_done')
    expect((await draft(bodyOf(psn_no, OWNER))).json.code).toBe('already_done')
  })

  test.each([
    ['身份证号校验不符', { id_number: `${OWNER.id.slice(0, 17)}?` }],
    ['没有依据', { reason: ' ' }],
    ['编号里有空格', { psn_no: '65 4' }],
  ])('%s：不收', async (_, change) => {
    expect((await draft(bodyOf(fresh('65409'), OWNER, change))).json.code).toBe('invalid_request')
  })

  test('终端、只能审批的人、没有登录的都不能起草', async () => {
    const body = bodyOf(fresh('65409'), OWNER)
    const codes = [approver, { terminal: w.terminal }, {}].map(async (as) => (await draft(body, as)).json.code)
    expect(await Promise.all(codes)).toEqual(['forbidden', 'forbidden', 'unauthenticated'])
  })

  test('服务器上的运维人员一人即可，留下是谁；经办人员不能绕过审批', async () => {
    const psn_no = await boundWrongly()
    const statement = { psn_no, id_number: OWNER.id, reason: REASON }
    const { deps } = w.service
    const staff = { kind: 'staff', id: 's', roles: ['approver'] } as const
    expect(await statePsnNo(deps, staff, statement)).toMatchObject({ refusal: 'own_change' })
    expect(await statePsnNo(deps, OPERATOR, statement)).toEqual({ psn_no })
    expect(await statePsnNo(deps, OPERATOR, statement)).toMatchObject({ refusal: 'already_done' })
    expect(await rowsOf(psn_no)).toMatchObject([{ draft_id: null, by: 'operator:test' }])
    expect(refusedFor(await ask(b, OWNER, psn_no))).toBeNull()
  })

  test('收费员看到的办法：致电经办机构', () => {
    expect(REFUSALS.psn_no_conflict.action).toContain('致电医保经办机构')
  })

  test('账是平的，审计记录连得上；有人直接改库，查得出', async () => {
    await checkLedger(w.store)
    const { deps } = w.service
    expect((await done(verifyAudit(deps, OPERATOR))).faults).toEqual([])
    await tamper(w.store, 'register_psn_no', "UPDATE register_psn_no SET person_blind = 'x' WHERE id = 1")
    const { faults } = await done(verifyAudit(deps, OPERATOR))
    expect(faults.map((f) => [f.lane, f.what.includes('register_psn_no')])).toEqual([
      ['desk', true],
      ['desk', true],
    ])
  })
})
