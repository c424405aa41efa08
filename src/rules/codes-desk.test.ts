import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { eachEngine, testKeys } from '../../test/engines.ts'
import { done, OPERATOR } from '../../test/people.ts'
import { bill, openWorld, type World } from '../../test/world.ts'
import { keepDirectory } from '../access/directory.ts'
import { verifyAudit } from '../audit/verify.ts'
import { addDays } from '../kernel/day.ts'
import { recompute } from '../settlement/recompute.ts'
import { codesFor } from './codes.ts'
import { publishedTexts } from './queries.ts'
import { seedRules } from './seed.ts'

const RULES = new URL('../../rules/', import.meta.url).pathname
const NATION = readFileSync(join(RULES, 'codes-national/2021-01-01.yaml'), 'utf8')
const CITY = `codes: codes-yining
area: "654002"
start: "2026-12-01"
title: 伊宁市的代码
source: 试验
tables:
  hosp_lv:
    - { value: "A1", label: 一级, to: 1 }
    - { value: "A2", label: 二级, to: 2 }
    - { value: "A3", label: 三级, to: 3 }
`

eachEngine((engine, open) => {
  describe('码表的起草与审批，从接口看', () => {
    let world: World
    let editor: string
    let approver: string
    let both: string
    beforeAll(async () => {
      world = await openWorld(engine, open)
      editor = (await world.addStaff('rule_editor')).token
      approver = (await world.addStaff('approver')).token
      both = (await world.addStaff('rule_editor', 'approver')).token
    })
    const draft = (text: string, token = editor) => world.call('POST', '/v1/rules/drafts', { token, body: { text } })
    const check = (text: string) => world.call('POST', '/v1/rules/check', { token: editor, body: { text } })
    const approve = (id: string, token = approver) =>
      world.call('POST', `/v1/rules/drafts/${id}/approval`, { token, body: {} })
    const documents = async () => (await world.service.deps.directory.now()).codeDocuments

    it('有错的文本起草时拒绝，并指出行号', async () => {
      const refused = await draft(NATION.replace('to: resident', 'to: residents'))
      expect(refused.json).toMatchObject({ code: 'rule_unsound' })
      expect(refused.text).toMatch(/第 \d+ 行：只能是 resident、employee、none 之一/)
    })

    it('检查说出与架上别的码表的冲突；没有全国的，地区的不能批准', async () => {
      expect((await check(NATION)).json).toEqual({ faults: [] })
      const early = await draft(CITY)
      expect(early.status).toBe(201)
      const refused = await approve(early.json.id)
      expect(refused.json.code).toBe('rule_unsound')
      expect(refused.text).toContain('缺少码表 med_type')
      expect((await check(CITY)).json.faults[0]).toMatchObject({ file: 'codes-yining/2026-12-01.yaml', line: 6 })
    })

    it('一人起草，在待办里看得到；本人不能批准，另一人批准后才生效', async () => {
      const drafted = await draft(NATION, both)
      expect(drafted.json).toMatchObject({ scheme: 'codes-national', version: '2021-01-01' })
      const tasks = await world.call('GET', '/v1/tasks', { token: approver })
      expect(tasks.json.tasks).toContainEqual(
        expect.objectContaining({ kind: 'rules', id: drafted.json.id, source: 'codes-national/2021-01-01' }),
      )
      expect((await approve(drafted.json.id, both)).json.code).toBe('own_change')
      expect((await approve(drafted.json.id, editor)).status).toBe(403)
      expect(await documents()).toEqual([])
      expect((await approve(drafted.json.id)).status).toBe(201)
      expect((await documents()).map((one) => `${one.codes}/${one.start}`)).toEqual(['codes-national/2021-01-01'])
      expect((await approve(drafted.json.id)).json.code).toBe('already_done')
    })

    it('读得到原文和中文；改正一行后比较得出；新的一份取代旧的', async () => {
      const [old] = (await world.call('GET', '/v1/rules', { token: editor })).json.rules.filter(
        (one: { scheme: string; state: string }) => one.scheme === 'codes-national' && one.state === 'in_force',
      )
      const read = await world.call('GET', `/v1/rules/drafts/${old.id}`, { token: approver })
      expect(read.json.text).toBe(NATION)
      expect(read.json.explanation).toContain('- 24 急诊转住院 → 住院，急诊')
      const fresh = await draft(NATION.replace('label: 普通门诊,', 'label: 门诊,'))
      const diff = await world.call('GET', `/v1/rules/diff?from=${old.id}&to=${fresh.json.id}`, { token: approver })
      expect(diff.text.split('\n').filter((line) => /^[-+] /.test(line))).toHaveLength(2)
      expect((await approve(fresh.json.id)).status).toBe(201)
      const listed = (await world.call('GET', '/v1/rules', { token: editor })).json.rules
      expect(listed.find((one: { id: string }) => one.id === old.id).state).toBe('superseded')
      expect((await documents()).map((one) => one.lists.get('med_type')?.[0])).toEqual([{ value: '11', label: '门诊' }])
    })

    it('有了全国的，地区的可以批准，从它的开始日起用它', async () => {
      const drafted = await draft(CITY)
      expect((await approve(drafted.json.id)).status).toBe(201)
      const levels = ['2026-12-01', addDays('2026-12-01', -1)].map(async (day) =>
        codesFor(await documents(), '654002', day)?.levelCode(2),
      )
      expect(await Promise.all(levels)).toEqual(['A2', '02'])
    })

    it('结算照旧：码表不是办法，不进结算；重算和审计都对得上', async () => {
      const settled = await world.settle(bill())
      expect([settled.status, settled.json.assistance_paid]).toEqual([201, '750.00'])
      const { schemes, texts } = await world.service.deps.directory.now()
      expect(schemes.map((one) => one.key)).toEqual(['ili-yining'])
      expect(texts.map((one) => one.scheme)).toEqual(['ili-yining'])
      expect(await recompute(world.service.deps, null)).toEqual({ checked: 1, differences: [] })
      expect((await done(verifyAudit(world.service.deps, OPERATOR))).faults).toEqual([])
    })
  })

  describe('首次启动', () => {
    /** A rules directory with one scheme, and with the code tables where they are wanted. */
    const directory = (...folders: string[]): string => {
      const dir = mkdtempSync(join(tmpdir(), 'rules-'))
      for (const folder of folders) cpSync(join(RULES, folder), join(dir, folder), { recursive: true })
      return dir
    }
    const CODES = readdirSync(RULES).filter((name) => name.startsWith('codes-'))
    const depsOf = async () => ({ store: await open(), keys: testKeys(), now: () => 1 })
    const onShelf = async (deps: Awaited<ReturnType<typeof depsOf>>) =>
      (await publishedTexts(deps.store)).map((one) => one.scheme).toSorted()

    it('空库由文件填满，办法和码表一起，逐字相同', async () => {
      const deps = await depsOf()
      expect(await seedRules(deps, directory('ili-yining', ...CODES))).toEqual({ seeded: 1 + CODES.length })
      expect(await onShelf(deps)).toEqual([...CODES, 'ili-yining'])
      const { codeDocuments, schemes } = await keepDirectory(deps.store).now()
      expect(schemes.map((one) => one.key)).toEqual(['ili-yining'])
      expect(codeDocuments.find((one) => one.codes === 'codes-national')?.text).toBe(NATION)
    })

    it('从前没有码表的库，只补码表，补一次；办法文件以后写错了也不碍事', async () => {
      const deps = await depsOf()
      expect(await seedRules(deps, directory('ili-yining'))).toEqual({ seeded: 1 })
      const later = directory('ili-yining', 'kashgar', ...CODES)
      const file = join(later, 'ili-yining', '2023-01-01.yaml')
      writeFileSync(file, readFileSync(file, 'utf8').replace('choose:', 'chose:'))
      expect(await seedRules(deps, later)).toEqual({ seeded: CODES.length })
      expect(await seedRules(deps, later)).toEqual({ seeded: 0 })
      expect(await onShelf(deps)).toEqual([...CODES, 'ili-yining'])
      expect((await done(verifyAudit(deps, OPERATOR))).faults).toEqual([])
    })

    it('码表写错了就不填：重复的代码也算', async () => {
      const deps = await depsOf()
      const dir = directory('ili-yining', ...CODES)
      const file = join(dir, 'codes-ili', '2023-01-01.yaml')
      writeFileSync(file, readFileSync(file, 'utf8').replace('"654003"', '"654002"'))
      const refused = JSON.stringify(await seedRules(deps, dir))
      expect(refused).toMatch(/codes-ili\/2023-01-01.yaml.*第 \d+ 行：代码 654002 写了两次/)
      expect(await onShelf(deps)).toEqual([])
    })
  })
})
