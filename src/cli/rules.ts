import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isDay } from '../kernel/day.ts'
import { isRefusal, refuse } from '../kernel/refusal.ts'
import { explainVersion } from '../rules/explain.ts'
import { checkDirectory } from '../rules/files.ts'
import { versionOn } from '../rules/in-force.ts'
import { schemesInForce, textsInForce } from '../rules/read.ts'
import type { Command } from './command.ts'
import { Misused, sayRefusal } from './say.ts'

export const rulesCommands: readonly Command[] = [
  {
    name: 'rules check',
    usage: '[DIR]',
    does: '检查规则文件并运行全部例子（不写 DIR 则为 RULES_DIR）· proves the rule files and runs their cases',
    options: {},
    words: [0, 1],
    needs: 'files',
    run: async ({ words }, config, io) => {
      const directory = words[0] ?? config.rulesDir
      const { schemes, faults, cases } = checkDirectory(directory)
      for (const f of faults)
        io.out(`${f.file}:${f.line} ${f.path} ${f.message}${f.bill === undefined ? '' : `\n    ${f.bill}`}`)
      const versions = schemes.reduce((sum, s) => sum + s.versions.length, 0)
      io.out(
        `${schemes.length} 个办法 schemes，${versions} 个版本 versions，${cases} 个例子 cases，${faults.length} 处有误 faults`,
      )
      return faults.length === 0 ? 0 : 1
    },
  },
  {
    name: 'rules explain',
    usage: 'SCHEME YYYY-MM-DD',
    does: '用中文说明某日施行的办法 · says in plain Chinese what is in force on a day',
    options: {},
    words: [2, 2],
    needs: 'store',
    plan: ({ words: [key = '', day = ''] }) => {
      if (!isDay(day)) throw new Misused('DAY: YYYY-MM-DD')
      return async ({ deps, caller }, io) => {
        const schemes = await schemesInForce(deps, caller)
        if (isRefusal(schemes)) return sayRefusal(io, schemes)
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
      }
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
