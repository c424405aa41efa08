import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isDay } from '../kernel/day.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import type { RuleFault } from '../rules/check.ts'
import { explainVersion } from '../rules/explain.ts'
import { explainCodes } from '../rules/explain-codes.ts'
import { checkDirectory, loadDirectory, misplacedIn } from '../rules/files.ts'
import { versionOn } from '../rules/in-force.ts'
import { textsInForce } from '../rules/read.ts'
import type { Command, Io } from './command.ts'
import { publishedRules, type Rules } from './office.ts'
import { Misused, sayRefusal } from './say.ts'

const NOTHING_PUBLISHED = (rulesDir: string, key: string, day: string): string =>
  `这里还没有已发布的办法。要读文件，请写明目录：rules explain ${key} ${day} ${rulesDir}；服务第一次启动时才把 RULES_DIR 中的办法放进库里`

const sayFault = (io: Io, f: RuleFault): void =>
  io.out(`${f.file}:${f.line} ${f.path} ${f.message}${f.bill === undefined ? '' : `\n    ${f.bill}`}`)

/** What a directory holds; null, with the reasons told, when the one asked for cannot be read. */
function rulesIn(directory: string, key: string, io: Io): Rules | null {
  const misplaced = misplacedIn(directory)
  for (const one of misplaced) sayFault(io, one)
  if (misplaced.length > 0) return null
  const { faults, ...rules } = loadDirectory(directory)
  const own = faults.filter((one) => one.file.startsWith(`${key}/`))
  for (const one of own) sayFault(io, one)
  return own.length > 0 ? null : rules
}

/** The document of a name on a day in Chinese; a refusal where there is none. */
function explainOn({ schemes, codes }: Rules, key: string, day: string): string | Refusal {
  const names = [...schemes.map((s) => s.key), ...new Set(codes.map((one) => one.codes))]
  if (!names.includes(key)) return refuse('record_not_found', `没有办法或码表 ${key}；有：${names.join('、')}`)
  const scheme = schemes.find((s) => s.key === key)
  const version = scheme && versionOn(scheme, day)
  if (version) return explainVersion(version)
  const begun = codes.filter((one) => one.codes === key && one.start <= day)
  const newest = begun.toSorted((a, b) => (a.start < b.start ? 1 : -1))[0]
  if (newest) return explainCodes(newest)
  return refuse('no_rule_in_force', `${key} 在 ${day} 没有生效的版本`)
}

export const rulesCommands: readonly Command[] = [
  {
    name: 'rules check',
    usage: '[DIR]',
    does: '检查规则和码表文件并运行全部例子（DIR 是放着各办法文件夹的目录，不写则为 RULES_DIR）· proves the rules and code tables, and runs the cases',
    options: {},
    words: [0, 1],
    needs: 'files',
    run: async ({ words }, config, io) => {
      const directory = words[0] ?? config.rulesDir
      const { schemes, codes, faults, cases } = checkDirectory(directory)
      for (const f of faults) sayFault(io, f)
      const versions = schemes.reduce((sum, s) => sum + s.versions.length, 0)
      io.out(
        `${schemes.length} 个办法 schemes，${versions} 个版本 versions，${codes.length} 份码表 code tables，${cases} 个例子 cases，${faults.length} 处有误 faults`,
      )
      return faults.length === 0 ? 0 : 1
    },
  },
  {
    name: 'rules explain',
    usage: 'SCHEME YYYY-MM-DD [DIR]',
    does: '用中文说明某日施行的办法或码表；写 DIR 则读文件，不写则读库里已发布的 · says in plain Chinese what is in force on a day, from the files of DIR or as published in the store',
    options: {},
    words: [2, 3],
    needs: 'files',
    run: async ({ words: [key = '', day = '', directory] }, config, io) => {
      if (!isDay(day)) throw new Misused('DAY: YYYY-MM-DD')
      const rules = directory === undefined ? await publishedRules(config) : rulesIn(directory, key, io)
      if (rules === null || (rules.schemes.length === 0 && rules.codes.length === 0)) {
        if (directory === undefined) io.err(NOTHING_PUBLISHED(config.rulesDir, key, day))
        return 1
      }
      const said = explainOn(rules, key, day)
      if (isRefusal(said)) return sayRefusal(io, said)
      io.out(said)
      return 0
    },
  },
  {
    name: 'rules export',
    usage: 'DIR',
    does: '把库里施行的办法逐字写回文件 · writes the texts in force back to files, byte for byte',
    options: {},
    words: [1, 1],
    needs: 'store',
    plan:
      ({ words: [directory = ''] }) =>
      async ({ deps, caller }, io) => {
        const texts = await textsInForce(deps, caller)
        if (isRefusal(texts)) return sayRefusal(io, texts)
        for (const { scheme, version, text } of texts) {
          const path = join(directory, scheme, `${version}.yaml`)
          mkdirSync(dirname(path), { recursive: true })
          writeFileSync(path, text)
          io.out(path)
        }
        io.out(`${texts.length} 个文件 files`)
        return 0
      },
  },
]
