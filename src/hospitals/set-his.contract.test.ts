import { describe, expect, it } from 'vitest'
import { tamper } from '../../fixtures/tamper.ts'
import { eachEngine, testKeys } from '../../test/engines.ts'
import { done } from '../../test/people.ts'
import type { Deps } from '../access/act.ts'
import type { Caller } from '../access/caller.ts'
import { keepDirectory } from '../access/directory.ts'
import { auditPage } from '../audit/queries.ts'
import { verifyAudit } from '../audit/verify.ts'
import { sha256 } from '../kernel/canonical.ts'
import type { AnyStore } from '../store/open.ts'
import { addTerminal } from './add-terminal.ts'
import { designate } from './designate.ts'
import { credentialOf, secretOf } from './his.ts'
import { listHis, listTerminals, listUpstreams } from './list.ts'
import { setHis, setUpstream } from './set-his.ts'

const operator: Caller = { kind: 'operator', id: 'root' }
const auditor: Caller = { kind: 'staff', id: 'S1', roles: ['auditor'] }
const keys = testKeys()
const depsOf = (store: AnyStore): Deps => ({ store, keys, now: Date.now })
const HOSPITAL = { code: 'H65400200001', name: '伊宁市人民医院', level: 2, admdvs: '654002' } as const
const SECRET = 'f3b1c0a98e7d46d2a1ce-secret'
const SM2 =
  '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13'
const terminal = { hospital: HOSPITAL.code, label: '1', signed: false }
const PLATFORM = { admdvs: '654000', url: 'http://10.0.0.1/api', style: 'one', timeout_ms: 20_000 } as const

eachEngine((_, open) => {
  const furnished = async () => {
    const deps = depsOf(await open())
    await done(designate(deps, operator, HOSPITAL))
    return deps
  }
  const directory = (deps: Deps) => keepDirectory(deps.store).recent()

  describe('医院在链中的位置', () => {
    it('没有说的在第二步；说了就改；再说一遍被拒绝；没有定点的被拒绝', async () => {
      const deps = await furnished()
      const between = { code: HOSPITAL.code, mode: 'in_between' } as const
      expect(await listHis(deps, auditor)).toEqual([{ code: HOSPITAL.code, mode: 'second_step' }])
      expect(await setHis(deps, operator, { ...between, mode: 'second_step' })).toMatchObject({
        refusal: 'already_done',
      })
      expect(await setHis(deps, operator, between)).toEqual(between)
      expect(await setHis(deps, operator, between)).toMatchObject({ refusal: 'already_done' })
      expect(await listHis(deps, auditor)).toEqual([between])
      expect((await directory(deps)).his.get(HOSPITAL.code)).toBe('in_between')
      await done(setHis(deps, operator, { ...between, mode: 'second_step' }))
      expect((await directory(deps)).his.get(HOSPITAL.code)).toBe('second_step')
      expect(await setHis(deps, operator, { ...between, code: 'H65400299999' })).toMatchObject({
        refusal: 'record_not_found',
      })
    })
  })

  describe('医保平台', () => {
    it('最新的一行算数；凭据封存，换一个统筹区就打不开，列表和记录里都没有', async () => {
      const deps = await furnished()
      await done(setUpstream(deps, operator, PLATFORM))
      await done(setUpstream(deps, operator, { ...PLATFORM, style: 'fsi', credential: { apikey: SECRET } }))
      const told = await done(
        setUpstream(deps, operator, {
          ...PLATFORM,
          url: 'https://10.0.0.2',
          credential: { paasid: 'p1', secret: SECRET },
        }),
      )
      expect(told).toMatchObject({ admdvs: '654000', url: 'https://10.0.0.2', style: 'one', credential: true })
      const upstream = (await directory(deps)).upstreams.get('654000')
      if (!upstream) throw new Error('the area has a platform')
      expect(upstream).toMatchObject({ url: 'https://10.0.0.2', style: 'one', timeout_ms: 20_000 })
      expect(credentialOf(keys, upstream)).toEqual({ paasid: 'p1', secret: SECRET })
      expect(() => credentialOf(keys, { ...upstream, admdvs: '654002' })).toThrow()
      const rows = await deps.store.read.select().from(deps.store.tables.his_upstream)
      const everything = [rows, told, await listUpstreams(deps, auditor), await auditPage(deps.store, 'office', 0, 9)]
      expect(rows).toHaveLength(3)
      expect(JSON.stringify(everything)).not.toContain(SECRET)
    })

    it('不带凭据的，就是没有', async () => {
      const deps = await furnished()
      await done(setUpstream(deps, operator, PLATFORM))
      const upstream = (await directory(deps)).upstreams.get('654000')
      expect(upstream && credentialOf(keys, upstream)).toBeNull()
      expect(await listUpstreams(deps, auditor)).toMatchObject([{ admdvs: '654000', credential: false }])
    })
  })

  describe('终端的另几把钥匙', () => {
    it('名字和密钥可以由我们造，也可以是医院已有的；密钥封存', async () => {
      const deps = await furnished()
      const made = await done(addTerminal(deps, operator, { ...terminal, tif: {} }))
      expect(made.tif?.secret).toMatch(/^mts_[0-9A-HJKMNP-TV-Z]{32}$/)
      const given = await done(
        addTerminal(deps, operator, { ...terminal, tif: { paasid: 'fsi_H654', secret: SECRET }, sm2: SM2 }),
      )
      expect(given.tif).toEqual({ paasid: 'fsi_H654', secret: SECRET })
      const known = await directory(deps)
      const tif = known.tifByPaasid.get('fsi_H654')
      if (!tif) throw new Error('the terminal has a name')
      expect(known.tifByTerminal.get(given.id)).toBe(tif)
      expect(secretOf(keys, tif)).toBe(SECRET)
      expect(() => secretOf(keys, { ...tif, terminal_id: made.id })).toThrow()
      expect(known.sm2ByTerminal).toEqual(new Map([[given.id, SM2]]))
      const list = await done(listTerminals(deps, auditor, HOSPITAL.code))
      expect(list.map((t) => [t.paasid, t.sm2])).toEqual(
        expect.arrayContaining([
          [made.tif?.paasid, null],
          ['fsi_H654', SM2],
        ]),
      )
      const everything = JSON.stringify([list, tif, await auditPage(deps.store, 'office', 0, 9)])
      expect(everything).not.toContain(SECRET)
      expect(everything).not.toContain(made.tif?.secret)
    })

    it('已有的密钥收下，只存摘要；同一把密钥、同一个名字只属于一台终端', async () => {
      const deps = await furnished()
      const one = await done(addTerminal(deps, operator, { ...terminal, key: SECRET, tif: { paasid: 'fsi_H654' } }))
      expect(one.key).toBe(SECRET)
      expect((await directory(deps)).terminalByKey.get(sha256(SECRET))?.id).toBe(one.id)
      for (const again of [{ key: SECRET }, { tif: { paasid: 'fsi_H654' } }])
        expect(await addTerminal(deps, operator, { ...terminal, ...again })).toMatchObject({
          refusal: 'already_done',
          detail: expect.stringContaining(one.id),
        })
    })
  })

  it('不是管理员的人什么也办不了', async () => {
    const deps = await furnished()
    const window: Caller = { kind: 'terminal', id: 'T1', hospital: HOSPITAL.code }
    for (const caller of [auditor, window]) {
      expect(await setHis(deps, caller, { code: HOSPITAL.code, mode: 'in_between' })).toMatchObject({
        refusal: 'forbidden',
      })
      expect(await setUpstream(deps, caller, PLATFORM)).toMatchObject({ refusal: 'forbidden' })
    }
    expect(await listHis(deps, window)).toMatchObject({ refusal: 'forbidden' })
    expect(await listUpstreams(deps, window)).toMatchObject({ refusal: 'forbidden' })
  })

  describe('每一行都由一次办理担保', () => {
    const all = async () => {
      const deps = await furnished()
      await done(setHis(deps, operator, { code: HOSPITAL.code, mode: 'in_between' }))
      await done(setUpstream(deps, operator, { ...PLATFORM, credential: { apikey: SECRET } }))
      await done(addTerminal(deps, operator, { ...terminal, tif: { paasid: 'p1' }, sm2: SM2 }))
      return deps
    }

    it('没有动过的，核对得上', async () => {
      const deps = await all()
      expect(await done(verifyAudit(deps, operator))).toMatchObject({ links: 4, faults: [], faultCount: 0 })
    })

    it.each([
      ['hospital_his', `UPDATE hospital_his SET mode = 'second_step'`],
      ['his_upstream', `UPDATE his_upstream SET url = 'http://10.9.9.9'`],
      ['his_upstream', 'DELETE FROM his_upstream'],
      ['terminal_tif', `UPDATE terminal_tif SET paasid = 'p2'`],
      ['terminal_sm2', `UPDATE terminal_sm2 SET public_key = '04'`],
      ['terminal_sm2', 'DELETE FROM terminal_sm2'],
    ])('动了 %s（%s），查得出', async (table, statement) => {
      const deps = await all()
      await tamper(deps.store as AnyStore, table, statement)
      const { faults } = await done(verifyAudit(deps, operator))
      expect(faults.map((f) => f.lane)).toContain('office')
    })
  })
})
