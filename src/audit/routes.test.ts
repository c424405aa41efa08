import { beforeAll, describe, expect, it } from 'vitest'
import { eachEngine } from '../../test/engines.ts'
import { done, OPERATOR } from '../../test/people.ts'
import { bill, HOSPITAL, openWorld, type World } from '../../test/world.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { verifyAudit } from './verify.ts'

eachEngine((engine, open) => {
  describe('经办各处，从接口看', () => {
    let world: World
    let tokens: Record<'auditor' | 'administrator' | 'editor' | 'approver' | 'clerk', string>

    beforeAll(async () => {
      world = await openWorld(engine, open)
      const token = async (...roles: Parameters<World['addStaff']>) => (await world.addStaff(...roles)).token
      tokens = {
        auditor: await token('auditor'),
        administrator: await token('administrator'),
        editor: await token('rule_editor'),
        approver: await token('approver'),
        clerk: await token('register_clerk'),
      }
      for (let i = 0; i < 4; i++) {
        const settled = await world.settle(bill())
        expect(settled.status).toBe(201)
        if (i === 1) expect((await world.reverse(settled.json.settlement_no)).status).toBe(201)
      }
    })

    it('真实的结算与冲销，审计链和账簿都核对得上', async () => {
      expect((await done(verifyAudit(world.service.deps, OPERATOR))).faults).toEqual([])
      expect((await done(verifyLedger(world.service.deps, OPERATOR))).faults).toEqual([])
      const answer = await world.call('POST', '/v1/audit/verification', { token: tokens.auditor, body: {} })
      expect(answer.json).toMatchObject({
        audit: { settlements: 5, fault_count: 0 },
        ledger: { settlements: 5, faults: [] },
      })
    })

    it('审计人员导出全部行；带文件名，不缓存；不存在的条件被拒绝', async () => {
      const csv = await world.call('GET', '/v1/reports/settlements.csv', { token: tokens.auditor })
      expect(csv.status).toBe(200)
      expect(csv.headers.get('content-type')).toContain('text/csv')
      expect(csv.headers.get('content-disposition')).toContain('settlements-5.csv')
      expect(csv.headers.get('cache-control')).toContain('no-store')
      expect(csv.text.split('\r\n').filter((l) => /^\d+,/.test(l))).toHaveLength(5)
      const jsonl = await world.call('GET', `/v1/reports/settlements.jsonl?hospital=${HOSPITAL}&state=settled`, {
        token: tokens.auditor,
      })
      expect(jsonl.text.trim().split('\n')).toHaveLength(3 + 3)
      for (const query of ['from=yesterday', 'limit=1000', 'state=x', 'upto=99']) {
        const refused = await world.call('GET', `/v1/reports/settlements.csv?${query}`, { token: tokens.auditor })
        expect([400, 404]).toContain(refused.status)
      }
    })

    it('审计记录按页读完；检查点可以带回来核对', async () => {
      const first = await world.call('GET', '/v1/audit/records?lane=office&limit=3', { token: tokens.auditor })
      expect(first.json.records).toHaveLength(3)
      const second = await world.call('GET', `/v1/audit/records?lane=office&limit=1000&after=${first.json.next}`, {
        token: tokens.auditor,
      })
      expect(second.json.records[0].seq).toBe(4)
      expect(second.json.next).toBeNull()
      const checkpoint = await world.call('GET', '/v1/audit/checkpoint', { token: tokens.auditor })
      const ok = await world.call('POST', '/v1/audit/verification', {
        token: tokens.auditor,
        body: { checkpoints: [checkpoint.json] },
      })
      expect(ok.json.audit.fault_count).toBe(0)
      const forged = { ...checkpoint.json, at: 1 }
      const bad = await world.call('POST', '/v1/audit/verification', {
        token: tokens.auditor,
        body: { checkpoints: [forged] },
      })
      expect(bad.json.audit.fault_count).toBeGreaterThan(0)
    })

    it('管理员定点、建终端；停用的终端被拒绝结算，暂停的医院也是', async () => {
      const token = tokens.administrator
      const body = { code: 'H65400200009', name: '新医院', level: 1, admdvs: '654002' }
      expect((await world.call('POST', '/v1/hospitals', { token, body })).status).toBe(201)
      expect((await world.call('POST', '/v1/hospitals', { token, body })).status).toBe(409)
      const added = await world.call('POST', `/v1/hospitals/${body.code}/terminals`, { token, body: { label: '1 窗' } })
      expect(added.status).toBe(201)
      const terminal = { ...added.json, hospital: body.code }
      await new Promise((resolve) => setTimeout(resolve, 1100))
      expect((await world.settle(bill(), undefined, terminal)).status).toBe(201)
      await world.call('POST', `/v1/hospitals/${body.code}/status`, {
        token,
        body: { suspended: true, reason: '整改' },
      })
      expect((await world.settle(bill(), undefined, terminal)).json.code).toBe('hospital_suspended')
      await world.call('POST', `/v1/hospitals/${body.code}/status`, {
        token,
        body: { suspended: false, reason: '整改完成' },
      })
      const revoked = await world.call('POST', `/v1/terminals/${terminal.id}/revocation`, { token, body: {} })
      expect(revoked.status).toBe(200)
      await new Promise((resolve) => setTimeout(resolve, 1100))
      expect((await world.settle(bill(), undefined, terminal)).json.code).toBe('terminal_revoked')
      const list = await world.call('GET', `/v1/hospitals/${body.code}/terminals`, { token })
      expect(list.json.terminals).toMatchObject([{ id: terminal.id, label: '1 窗', signed: false }])
      expect(list.text).not.toContain(terminal.key)
    })

    it('起草、检查、比较、他人批准，都在接口上', async () => {
      const list = await world.call('GET', '/v1/rules', { token: tokens.editor })
      const current = list.json.rules[0]
      const read = await world.call('GET', `/v1/rules/drafts/${current.id}`, { token: tokens.editor })
      const text = read.json.text.replace('{ category: dibao, ratio: "0.75" }', '{ category: dibao, ratio: "0.78" }')
      expect((await world.call('POST', '/v1/rules/check', { token: tokens.editor, body: { text } })).json).toEqual({
        faults: [],
      })
      const draft = await world.call('POST', '/v1/rules/drafts', { token: tokens.editor, body: { text } })
      expect(draft.status).toBe(201)
      const diff = await world.call('GET', `/v1/rules/diff?from=${current.id}&to=${draft.json.id}`, {
        token: tokens.approver,
      })
      expect(diff.text).toContain('ratio: "0.78"')
      const path = `/v1/rules/drafts/${draft.json.id}/approval`
      expect((await world.call('POST', path, { token: tokens.editor, body: {} })).status).toBe(403)
      expect((await world.call('POST', path, { token: tokens.approver, body: {} })).status).toBe(201)
      expect((await world.call('POST', path, { token: tokens.approver, body: {} })).status).toBe(409)
    })

    it('各人只能办各人的事', async () => {
      const get = (path: string) => (token?: string) => world.call('GET', path, token ? { token } : {})
      const reads: [string, (keyof typeof tokens)[]][] = [
        ['/v1/hospitals', ['auditor', 'administrator']],
        [`/v1/hospitals/${HOSPITAL}/terminals`, ['auditor', 'administrator']],
        ['/v1/rules', ['auditor', 'editor', 'approver']],
        ['/v1/audit/records', ['auditor']],
        ['/v1/audit/checkpoint', ['auditor']],
        ['/v1/reports/settlements.csv', ['auditor']],
        ['/v1/reports/settlements.jsonl', ['auditor']],
      ]
      for (const [path, allowed] of reads) {
        for (const who of Object.keys(tokens) as (keyof typeof tokens)[]) {
          expect((await get(path)(tokens[who])).status, `${who} ${path}`).toBe(allowed.includes(who) ? 200 : 403)
        }
        expect((await get(path)()).status).toBe(401)
        expect((await world.call('GET', path, { terminal: world.terminal })).status).toBe(403)
      }
      for (const path of ['/v1/hospitals', '/v1/staff', '/v1/rules/drafts', '/v1/audit/verification']) {
        expect((await world.call('POST', path, { token: tokens.clerk, body: {} })).status).toBe(403)
        expect((await world.call('POST', path, { terminal: world.terminal, body: {} })).status).toBe(403)
      }
    })

    it('经办人员的令牌停用后不再认得', async () => {
      const token = tokens.administrator
      const added = await world.call('POST', '/v1/staff', { token, body: { name: '王', roles: ['auditor'] } })
      expect(added.status).toBe(201)
      await new Promise((resolve) => setTimeout(resolve, 1100))
      expect((await world.call('GET', '/v1/audit/records', { token: added.json.token })).status).toBe(200)
      expect((await world.call('POST', `/v1/staff/${added.json.id}/revocation`, { token, body: {} })).status).toBe(200)
      await new Promise((resolve) => setTimeout(resolve, 1100))
      expect((await world.call('GET', '/v1/audit/records', { token: added.json.token })).status).toBe(401)
    })
  })
})
