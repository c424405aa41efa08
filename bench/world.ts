import { readFileSync } from 'node:fs'
import { sha256 } from '../src/kernel/canonical.ts'
import { addDays } from '../src/kernel/day.ts'
import { checkCharacter } from '../src/kernel/resident-id.ts'

/** The place all figures are measured in: one county's register, its hospitals and their terminals. */
export const PERSONS = 20_000
export const TERMINALS = 256
const HOSPITALS = 16
export const SCHEME = 'ili-yining'
export const RULE_TEXT = readFileSync(new URL(`../rules/${SCHEME}/2023-01-01.yaml`, import.meta.url), 'utf8')

const SURNAMES = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗']
const GIVEN = [...'伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲红建华']
const FIRST_BIRTH = '1950-01-01'

const CATEGORIES = [
  'extremely_poor',
  'dibao',
  'dibao',
  'dibao',
  'dibao',
  'dibao',
  'poverty_monitored',
  'poverty_monitored',
  'poverty_monitored',
  'dibao_marginal',
] as const

const pick = <T>(of: readonly T[], n: number): T => of[n % of.length] as T

export interface BenchPerson {
  readonly idNumber: string
  /** Three characters of three bytes each, so that every bill is equally long. */
  readonly name: string
  readonly bornOn: string
  readonly category: string
}

/** The n-th person of the register, born on a day of their own. */
export function personAt(n: number): BenchPerson {
  const bornOn = addDays(FIRST_BIRTH, n)
  const first17 = `654002${bornOn.replaceAll('-', '')}001`
  return {
    idNumber: first17 + checkCharacter(first17),
    name: pick(SURNAMES, n) + pick(GIVEN, n >> 2) + pick(GIVEN, n >> 5),
    bornOn,
    category: pick(CATEGORIES, n),
  }
}

export const hospitalCode = (n: number): string => `H6540020${String(n % HOSPITALS).padStart(4, '0')}`
export const hospitalCodes = Array.from({ length: HOSPITALS }, (_, n) => hospitalCode(n))

export interface BenchTerminal {
  readonly id: string
  readonly hospital: string
  readonly bearer: string
}

/** The n-th terminal; its key can be made again by the load generator, for it opens nothing but a bench. */
export const terminalAt = (n: number): BenchTerminal => ({
  id: `T-bench-${String(n).padStart(4, '0')}`,
  hospital: hospitalCode(n),
  bearer: `bench-${sha256(`terminal ${n}`).slice(0, 32)}`,
})
