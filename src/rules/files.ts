import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isDay } from '../kernel/day.ts'
import { type Checked, checkAllCodes, checkFiles, type RuleFault, type RuleFile, readFiles } from './check.ts'
import type { CodeDocument } from './codes.ts'
import { gatherSchemes, type Scheme } from './in-force.ts'

/** The YAML files of every scheme's folder below a directory, in the order of their names. */
export function readDirectory(directory: string): readonly RuleFile[] {
  const folders = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders
    .map((folder) => folder.name)
    .toSorted()
    .flatMap((folder) =>
      readdirSync(join(directory, folder))
        .filter((name) => name.endsWith('.yaml'))
        .toSorted()
        .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(directory, folder, name), 'utf8') })),
    )
}

interface LoadedDirectory {
  readonly schemes: readonly Scheme[]
  readonly codes: readonly CodeDocument[]
  readonly faults: readonly RuleFault[]
}

/** Reads a directory, checking of schemes form and names, of code tables everything; for boot and for explaining. */
export function loadDirectory(directory: string): LoadedDirectory {
  const { loaded, codes, faults } = readFiles(readDirectory(directory))
  const schemes = gatherSchemes(loaded.map((one) => one.version))
  return {
    schemes,
    codes: codes.map((one) => one.document),
    faults: [...faults, ...checkAllCodes(codes, schemes)],
  }
}

/** The whole static proof of a directory: versions, changes of version and cases. */
export function checkDirectory(directory: string): Checked {
  const misplaced = misplacedIn(directory)
  if (misplaced.length > 0) return { schemes: [], codes: [], faults: misplaced, cases: 0 }
  return checkFiles(readDirectory(directory))
}

const isRules = (name: string): boolean => /\.ya?ml$/i.test(name)

/** What stands where no scheme is looked for: a check that passes them over would pass rules it never read. */
export function misplacedIn(directory: string): readonly RuleFault[] {
  const fault = (file: string, message: string): RuleFault => ({ file, line: 0, path: '', message })
  if (!existsSync(directory) || !statSync(directory).isDirectory()) return [fault(directory, '没有这个目录')]
  const entries = readdirSync(directory, { withFileTypes: true })
  const loose = entries.filter((entry) => !entry.isDirectory() && isRules(entry.name)).map((entry) => entry.name)
  if (loose.includes('cases.yaml') || loose.some((name) => isDay(name.replace(/\.ya?ml$/i, ''))))
    return [fault(directory, `这是一个办法自己的文件夹；请给它的上一级：${dirname(resolve(directory))}`)]
  if (loose.length > 0) return loose.map((name) => fault(name, '规则文件要放在办法自己的文件夹里：办法/生效日.yaml'))
  const files = entries.flatMap((entry) =>
    entry.isDirectory() ? readdirSync(join(directory, entry.name)).map((name) => `${entry.name}/${name}`) : [],
  )
  if (!files.some(isRules))
    return [
      fault(
        directory,
        '里面一个办法也没有；请给放着各办法文件夹的目录，例如 rules（其中有 rules/某地/2024-01-01.yaml）',
      ),
    ]
  return files
    .filter((name) => isRules(name) && !name.endsWith('.yaml'))
    .map((name) => fault(name, '文件名要以 .yaml 结尾，否则读不到'))
}
