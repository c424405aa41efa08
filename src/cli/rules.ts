import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isDay } from '../kernel/day.ts'
import { isRefusal, refuse } from '../kernel/refusal.ts'
import type { RuleFault } from '../rules/check.ts'
import { explainVersion } from '../rules/explain.ts'
import { checkDirectory, loadDirectory, misplacedIn } from '../rules/files.ts'
import { type Scheme, versionOn } from '../rules/in-force.ts'
import { textsInForce } from '../rules/read.ts'
import type { Command, Io } from './command.ts'
import { publishedSchemes } from './office.ts'
import { Misused, sayRefusal } from './say.ts'

const NOTHING_PUBLISHED = (rulesDir: string, key: string, day: string): string =>
  `这里还没有已发布的办法。要读文件，请写明目录：rules explain ${key} ${day} ${rulesDir}；服务第一次启动时才把 RULES_DIR 中的办法放进库里`

const sayFault = (io: Io, f: RuleFault): void =>
  io.out(`${f.file}:${f.line} ${f.path} ${f.message}${f.bill === undefined ? '' : `\n    ${f.bill}`}`)

/** The schemes of a directory; null, with the reasons told, when the scheme asked for cannot be read. */
function schemesIn(directory: string, key: string, io: Io): readonly Scheme[] | null {
  const misplaced = misplacedIn(directory)
  const { schemes, faults } = misplaced.length > 0 ? { schemes: [], faults: misplaced } : loadDirectory(directory)
  const own = misplaced.length > 0 ? faults : faults.filter((one) => one.file.startsWith(`${key}/`))
  for (const one of own) sayFault(io, one)
  return own.length > 0 ? null : schemes
}

export const rulesCommands: readonly Command[] = [
  {
    name: 'rules check',
    usage: '[DIR]',
    does: '检查规则文件并运行全部例子（DIR 是放着各办法文件夹的目录，不写则为 RULES_DIR）· proves the rule files and runs their cases',
    options: {},
    words: [0, 1],
    needs: 'files',
    run: async ({ words }, config, io) => {
      const directory = words[0] ?? config.rulesDir
      const { schemes, faults, cases } = checkDirectory(directory)
      for (const f of faults) sayFault(io, f)
      const versions = schemes.reduce((sum, s) => sum + s.versions.length, 0)
      io.out(
        `${schemes.length} 个办法 schemes，${versions} 个版本 versions，${cases} 个例子 cases，${faults.length} 处有误 faults`,
      )
      return faults.length === 0 ? 0 : 1
    },
  },
  {
    name: 'rules explain',
    usage: 'SCHEME YYYY-MM-DD [DIR]',
    does: '用中文说明某日施行的办法；写 DIR 则读文件，不写则读库里已发布的 · says in plain Chinese what is in force on a day, from the files of DIR or as published in the store',
    options: {},
    words: [2, 3],
    needs: 'files',
    run: async ({ words: [key = '', day = '', directory] }, config, io) => {
      if (!isDay(day)) throw new Misused('DAY: YYYY-MM-DD')
      const schemes = directory === undefined ? await publishedSchemes(config) : schemesIn(directory, key, io)
      if (schemes === null || schemes.length === 0) {
        if (directory === undefined) io.err(NOTHING_PUBLISHED(config.rulesDir, key, day))
        return 1
      }
      const scheme = schemes.find((s) => s.key === key)
      if (!scheme) {
        return sayRefusal(
          io,
          refuse('record_not_found', `没有办法 ${key}；有：${schemes.map((s) => s.key).join('、')}`),
        )
      }
      const version = versionOn(scheme, day)
      if (!version) return sayRefusal(io, refuse('no_rule_in_force', `${key} 在 ${day} 没有生效的救助办法`))
      io.out(explainVersion(version))
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
