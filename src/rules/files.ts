import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Checked, checkFiles, type RuleFile, readFiles } from './check.ts'
import { gatherSchemes, type Scheme } from './in-force.ts'
import type { FileFault } from './parse.ts'

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

/** Reads the schemes of a directory, checking form and names; for boot and for explaining. */
export function loadDirectory(directory: string): { schemes: readonly Scheme[]; faults: readonly FileFault[] } {
  const { loaded, faults } = readFiles(readDirectory(directory))
  return { schemes: gatherSchemes(loaded.map((one) => one.version)), faults }
}

/** The whole static proof of a directory: versions, changes of version and cases. */
export const checkDirectory = (directory: string): Checked => checkFiles(readDirectory(directory))
