import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { bookSketches, sketches } from '../../fixtures/booked.ts'
import { tamper } from '../../fixtures/tamper.ts'
import { type Engine, eachEngine, freshPlace, type Place } from '../../test/engines.ts'
import { residentId } from '../../test/people.ts'
import { allStaff } from '../access/queries.ts'
import { allHospitals, allTerminals } from '../hospitals/queries.ts'
import { sha256 } from '../kernel/canonical.ts'
import { openStore } from '../store/open.ts'
import { runCli } from './run.ts'

const HOSPITAL = ['--code', 'H65400200001', '--name', '伊宁市人民医院', '--level', '2', '--admdvs', '654002']

/** One command line, with what it wrote. */
async function cli(place: Place, ...argv: string[]) {
  const [out, err]: [string[], string[]] = [[], []]
  const env = {
    DATA_DIR: place.dataDir,
    RULES_DIR: 'rules',
    ...(place.databaseUrl ? { DATABASE_URL: place.databaseUrl } : {}),
  }
  const code = await runCli(argv, env, { out: (line) => out.push(line), err: (line) => err.push(line) })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

const lastLine = (text: string): string => text.split('\n').at(-1) ?? ''
const scratch = (): string => mkdtempSync(join(tmpdir(), 'cli-'))
const WEAK = join(scratch(), 'weak')
writeFileSync(WEAK, 'secret')

function places(engine: Engine): () => Promise<Place> {
  const made: (() => Promise<void>)[] = []
  afterAll(async () => {
    for (const remove of made) await remove()
  })
  return async () => {
    const place = await freshPlace(engine)
    made.push(place.remove)
    return place
  }
}

eachEngine((engine) => {
  const place = places(engine)

  describe('命令行：医院、终端、人员', () => {
    it('定点、建终端、停用；密钥独占最后一行，库里只有摘要；服务开着也能办', async () => {
      const at = await place()
      const running = await openStore(at)
      expect(await cli(at, 'hospital', 'add', ...HOSPITAL)).toMatchObject({ code: 0 })
      const added = await cli(at, 'terminal', 'add', '--hospital', 'H65400200001')
      expect(lastLine(added.out)).toMatch(/^mak_[0-9A-Z]{32}$/)
      const [terminal] = await allTerminals(running)
      expect(terminal).toMatchObject({ key_hash: sha256(lastLine(added.out)), revoked: false })
      expect(await cli(at, 'terminal', 'revoke', '--id', terminal?.id ?? '')).toMatchObject({ code: 0 })
      expect((await allTerminals(running))[0]?.revoked).toBe(true)
      expect(await cli(at, 'terminal', 'revoke', '--id', terminal?.id ?? '')).toMatchObject({ code: 1 })
      await cli(at, 'hospital', 'suspend', '--code', 'H65400200001', '--reason', '整改')
      expect((await allHospitals(running))[0]?.suspended).toBe(true)
      await cli(at, 'hospital', 'resume', '--code', 'H65400200001')
      expect((await cli(at, 'hospital', 'list')).out).toContain('定点')
      expect((await cli(at, 'terminal', 'list', '--hospital', 'H65400200001')).out).not.toContain('mak_')
      await running.close()
    })

    it('国家接口：接入方式、医保平台、终端的名字和密钥；密钥只从文件来，列表里没有', async () => {
      const at = await place()
      const file = join(scratch(), 'secret')
      writeFileSync(file, 'f3b1c0a98e7d46d2a1ce-secret\n', { mode: 0o600 })
      await cli(at, 'hospital', 'add', ...HOSPITAL)
      const between = ['--code', 'H65400200001', '--mode', 'in_between']
      expect(await cli(at, 'hospital', 'his', ...between)).toMatchObject({ code: 0 })
      expect(await cli(at, 'hospital', 'his', ...between)).toMatchObject({ code: 1 })
      const platform = ['--admdvs', '654000', '--url', 'http://10.0.0.1/api', '--style', 'fsi', '--timeout', '30000']
      const signed = ['--paasid', 'p1', '--secret-file', file]
      expect(await cli(at, 'his', 'upstream', ...platform, ...signed)).toMatchObject({ code: 0 })
      const window = ['terminal', 'add', '--hospital', 'H65400200001']
      const made = await cli(at, ...window, '--tif')
      expect(made.out).toMatch(/x-tif-paasid：T\w{10}\n密钥 secret：mts_\w{32}\nmak_\w{32}$/)
      const given = await cli(at, ...window, '--paasid', 'fsi_H654', '--secret-file', file, '--key-file', file)
      expect(lastLine(given.out)).toBe('f3b1c0a98e7d46d2a1ce-secret')
      const list = await cli(at, 'his', 'list')
      expect(list.out).toBe('H65400200001\tin_between\n654000\tfsi\t30000 ms\t签名 signed\thttp://10.0.0.1/api')
      const terminals = await cli(at, 'terminal', 'list', '--hospital', 'H65400200001')
      expect(terminals.out).toContain('tif fsi_H654')
      expect(list.out + terminals.out).not.toContain('f3b1c0a9')
    })

    it('医保的人员编号属于谁：号码从文件来；说不清的退出码 2，已登记的 1', async () => {
      const at = await place()
      const file = join(scratch(), 'psn.json')
      const write = (change: object) =>
        writeFileSync(file, JSON.stringify({ psn_no: '6540001', id_number: residentId(5), reason: '函件', ...change }))
      write({ id_number: '123' })
      expect(await cli(at, 'register', 'psn-no', file)).toMatchObject({ code: 2 })
      expect(await cli(at, 'register', 'psn-no', 'none.json')).toMatchObject({ code: 2 })
      write({})
      expect(await cli(at, 'register', 'psn-no', file)).toMatchObject({ code: 0, out: '已登记 stated：6540001' })
      expect(await cli(at, 'register', 'psn-no', file)).toMatchObject({ code: 1 })
      expect((await cli(at, 'audit', 'verify')).code).toBe(0)
    })

    it.each([
      ['只有名字', ['--paasid', 'p1']],
      ['两种密钥', ['--paasid', 'p1', '--secret-file', 'x', '--key-file', 'x']],
      ['没有这个文件', ['--key-file', 'none']],
      ['超时太短', ['--timeout', '5']],
      ['没有这种样式', ['--style', 'two']],
    ])('医保平台说不清的（%s），不办，退出码 2', async (_, more) => {
      const at = await place()
      const typed = ['--admdvs', '654000', '--url', 'http://10.0.0.1', ...more]
      expect(await cli(at, 'his', 'upstream', ...typed)).toMatchObject({ code: 2 })
    })

    it.each([
      ['不是公钥', ['--sm2', 'none']],
      ['太短的密钥', ['--key-file', WEAK]],
    ])('终端说不清的（%s），不办，退出码 2', async (_, more) => {
      const at = await place()
      await cli(at, 'hospital', 'add', ...HOSPITAL)
      expect(await cli(at, 'terminal', 'add', '--hospital', 'H65400200001', ...more)).toMatchObject({ code: 2 })
      expect((await cli(at, 'terminal', 'list', '--hospital', 'H65400200001')).out).toBe('')
    })

    it('人员可以有几个角色；令牌独占最后一行；停用后不再认得', async () => {
      const at = await place()
      const added = await cli(at, 'staff', 'add', '--name', '王', '--role', 'auditor', '--role', 'approver')
      const store = await openStore(at)
      const [staff] = await allStaff(store)
      expect(staff).toMatchObject({ token_hash: sha256(lastLine(added.out)), roles: ['approver', 'auditor'] })
      expect(await cli(at, 'staff', 'revoke', '--id', staff?.id ?? '')).toMatchObject({ code: 0 })
      expect((await allStaff(store))[0]?.revoked).toBe(true)
      await store.close()
    })
  })

  describe('命令行：名册与规则', () => {
    it('名册先试算，加 --apply 才写入；第二次没有变化', async () => {
      const at = await place()
      const file = join(scratch(), 'roster.csv')
      const head = '姓名,身份证号,救助类别,起始日期,截止日期,户主身份证号,乡镇街道,参保地'
      writeFileSync(
        file,
        `${head}\n张三,${residentId(7)},低保对象,2024-01-01,,,巴彦岱镇,654002\n李四,123,低保对象,2024-01-01,,,巴彦岱镇,654002\n`,
      )
      const rejects = join(scratch(), 'rejects.csv')
      const dry = await cli(at, 'register', 'import', file, '--rejects', rejects)
      expect(dry).toMatchObject({ code: 0 })
      expect(dry.out).toContain('新增 new 1')
      expect(dry.out).toContain('未写入')
      expect(statSync(rejects).mode & 0o777).toBe(0o600)
      expect((await cli(at, 'register', 'import', file, '--apply')).out).toContain('已写入')
      expect((await cli(at, 'register', 'import', file, '--apply')).out).toContain('不变 unchanged 1')
      expect(dry.out).not.toContain('张三')
      expect(dry.out).not.toContain(residentId(7))
      expect(await cli(at, 'audit', 'verify')).toMatchObject({ code: 0 })
    })

    it('还没有建表的库：说明不建表，只说该怎样做', async () => {
      const at = await place()
      expect((await cli(at, 'rules', 'explain', 'ili-yining', '2026-01-01')).err).toContain('还没有已发布的办法')
      expect((await cli(at, 'rules', 'explain', 'ili-yining', '2026-01-01')).code).toBe(1)
      expect(existsSync(join(at.dataDir, 'assistance.db'))).toBe(false)
    })

    it('空库由 RULES_DIR 填满；导出逐字相同；说明某日的办法', async () => {
      const at = await place()
      const dir = scratch()
      expect(await cli(at, 'rules', 'export', dir)).toMatchObject({ code: 0 })
      const name = 'ili-yining/2023-01-01.yaml'
      expect(readFileSync(join(dir, name), 'utf8')).toBe(readFileSync(join('rules', name), 'utf8'))
      expect((await cli(at, 'rules', 'explain', 'ili-yining', '2026-01-01')).out).toContain('救助对象')
      expect(await cli(at, 'rules', 'explain', 'ili-yining', '2020-01-01')).toMatchObject({ code: 1 })
      const codes = 'codes-national/2021-01-01.yaml'
      expect(readFileSync(join(dir, codes), 'utf8')).toBe(readFileSync(join('rules', codes), 'utf8'))
      expect((await cli(at, 'rules', 'explain', 'codes-national', '2021-01-01')).out).toContain('- 7131 特困人员')
      expect(await cli(at, 'rules', 'explain', 'codes-national', '2020-12-31')).toMatchObject({ code: 1 })
      expect(await cli(at, 'rules', 'explain', 'nowhere', '2026-01-01')).toMatchObject({ code: 1 })
      expect(await cli(at, 'rules', 'explain', 'ili-yining', '2026-02-30')).toMatchObject({ code: 2 })
    })
  })

  describe('命令行：核对', () => {
    it('账簿和审计链没有毛病时退出码为 0，被动过手脚为 1', async () => {
      const at = await place()
      await cli(at, 'hospital', 'add', ...HOSPITAL)
      const store = await openStore(at)
      await bookSketches(store, sketches(5))
      const checkpoint = join(scratch(), 'checkpoint.json')
      expect(await cli(at, 'audit', 'checkpoint', checkpoint)).toMatchObject({ code: 0, out: '' })
      expect(await cli(at, 'ledger', 'verify')).toMatchObject({ code: 0 })
      expect(await cli(at, 'audit', 'verify', '--checkpoint', checkpoint)).toMatchObject({ code: 0 })
      expect(await cli(at, 'settlement', 'recompute', '--no', 'N9')).toMatchObject({ code: 1 })
      await tamper(
        store,
        'settlement',
        'UPDATE settlement SET assistance_fen = assistance_fen + 1 WHERE ledger_seq = 2',
      )
      expect(await cli(at, 'ledger', 'verify')).toMatchObject({ code: 1 })
      expect((await cli(at, 'audit', 'verify')).out).toContain('ledger 2 N000002')
      await store.close()
    })
  })
})

describe('命令行的用法', () => {
  const nowhere: Place = { dataDir: join(scratch(), 'never-made'), databaseUrl: null }

  it('不带参数或要帮助时说明用法，退出码 0', async () => {
    for (const argv of [[], ['help'], ['--help'], ['hospital', 'add', '--help']]) {
      const { code, out } = await cli(nowhere, ...argv)
      expect(code).toBe(0)
      expect(out).toContain('hospital add')
    }
  })

  it.each([
    [['nothing', 'here']],
    [['hospital']],
    [['hospital', 'add', '--code', 'H1']],
    [['hospital', 'add', ...HOSPITAL, '--colour', 'red']],
    [['staff', 'add', '--name', 'x', '--role', 'king']],
    [['rules', 'export']],
    [['rules', 'check', 'a', 'b']],
  ])('%j：听不懂的退出码 2，数据一点不碰', async (argv) => {
    const { code, err } = await cli(nowhere, ...argv)
    expect(code).toBe(2)
    expect(err).toContain('usage')
    expect(existsSync(nowhere.dataDir)).toBe(false)
  })

  it('检查规则文件不需要数据库；有错时退出码 1，并指出文件和行号', async () => {
    const dir = scratch()
    execFileSync('cp', ['-r', 'rules/ili-yining', dir])
    const file = join(dir, 'ili-yining', '2023-01-01.yaml')
    expect(await cli(nowhere, 'rules', 'check', dir)).toMatchObject({ code: 0 })
    writeFileSync(file, readFileSync(file, 'utf8').replace('choose:', 'chose:'))
    const { code, out } = await cli(nowhere, 'rules', 'check', dir)
    expect(code).toBe(1)
    expect(out).toMatch(/ili-yining\/2023-01-01.yaml:\d+ /)
  })

  it('说明文件里的办法、没有库时要说明，都不建库；有错的文件说错在哪里', async () => {
    const explain = (...more: string[]) => cli(nowhere, 'rules', 'explain', 'ili-yining', '2026-01-01', ...more)
    const read = await explain('rules')
    expect([read.code, read.out.includes('一、救助对象')]).toEqual([0, true])
    expect((await cli(nowhere, 'rules', 'explain', 'codes-ili', '2026-01-01', 'rules')).out).toContain(
      '- 654002 伊宁市',
    )
    expect(await cli(nowhere, 'rules', 'explain', 'ili-yining', '2020-01-01', 'rules')).toMatchObject({ code: 1 })
    const none = await explain()
    expect(none).toMatchObject({ code: 1, out: '' })
    expect(none.err).toContain('rules explain ili-yining 2026-01-01 rules')
    expect((await explain('rules/ili-yining')).out).toContain('请给它的上一级')
    const dir = scratch()
    execFileSync('cp', ['-r', 'rules/ili-yining', dir])
    const file = join(dir, 'ili-yining', '2023-01-01.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('choose:', 'chose:'))
    const wrong = await explain(dir)
    expect([wrong.code, wrong.out.includes('chose')]).toEqual([1, true])
    expect(existsSync(nowhere.dataDir)).toBe(false)
  })

  it('给错了目录：检查不当作通过，说该给哪一级', async () => {
    const check = async (dir: string) => {
      const { code, out } = await cli(nowhere, 'rules', 'check', dir)
      return `${code} ${out.split('\n')[0]?.replaceAll(process.cwd(), '.')}`
    }
    expect(await check('rules/ili-yining')).toBe(
      '1 rules/ili-yining:0  这是一个办法自己的文件夹；请给它的上一级：./rules',
    )
    expect(await check('drizzle')).toMatch(/^1 drizzle:0 {2}里面一个办法也没有；请给放着各办法文件夹的目录/)
    expect(await check('nowhere')).toBe('1 nowhere:0  没有这个目录')
    const dir = scratch()
    writeFileSync(join(dir, 'kaifeng.yaml'), '')
    expect(await check(dir)).toBe('1 kaifeng.yaml:0  规则文件要放在办法自己的文件夹里：办法/生效日.yaml')
    const other = scratch()
    execFileSync('cp', ['-r', 'rules/ili-yining', other])
    execFileSync('mv', [join(other, 'ili-yining/2023-01-01.yaml'), join(other, 'ili-yining/2023-01-01.yml')])
    expect(await check(other)).toBe('1 ili-yining/2023-01-01.yml:0  文件名要以 .yaml 结尾，否则读不到')
  })

  it('作为程序运行：npm run cli 的那一条', () => {
    const dataDir = scratch()
    const out = execFileSync('node', ['src/cli.ts', 'staff', 'add', '--name', '王', '--role', 'auditor'], {
      encoding: 'utf8',
      env: { ...process.env, DATA_DIR: dataDir },
    })
    expect(lastLine(out.trimEnd())).toMatch(/^mas_[0-9A-Z]{32}$/)
    expect(statSync(join(dataDir, 'keys.json')).mode & 0o777).toBe(0o600)
  })
})
