import { readFileSync } from 'node:fs'
import { Misused } from './say.ts'

/** A secret comes in a file: on the command line everybody at the machine would see it. */
export function secretIn(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    throw new Misused(`--${option}: 读不到文件 cannot be read: ${path}`)
  }
}
