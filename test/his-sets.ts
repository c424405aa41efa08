import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ACCOUNTS } from '../fixtures/his/accounts.ts'
import { INPATIENT } from '../fixtures/his/inpatient.ts'
import type { HisMessage } from '../fixtures/his/message.ts'
import { OUTPATIENT } from '../fixtures/his/outpatient.ts'
import { type Expected, OWN_ACCOUNTS, OWN_INPATIENT, OWN_OUTPATIENT, RECORDED } from './his-chain.rows.ts'

/** Messages recorded at hospitals are not ours to publish: they are read where somebody keeps them. */
export const RECORDED_FOLDER =
  process.env.HIS_MESSAGES ?? new URL('../../shared/reference/his-messages', import.meta.url).pathname
export const FILES: readonly string[] = existsSync(RECORDED_FOLDER)
  ? readdirSync(RECORDED_FOLDER).filter((name) => name.endsWith('.json'))
  : []

interface Kept {
  readonly infno: string
  readonly notes?: string
  readonly http?: HisMessage['http']
  readonly body: Record<string, unknown>
}
export const recorded = (file: string): Kept => JSON.parse(readFileSync(join(RECORDED_FOLDER, file), 'utf8')) as Kept

function requestIn(file: string): HisMessage {
  const { infno, http, notes = '', body } = recorded(file)
  return { name: file, infno, ...(http ? { http } : {}), indented: notes.includes('indented JSON'), body }
}

export interface MessageSet {
  readonly name: string
  readonly messages: readonly HisMessage[]
  readonly expected: readonly Expected[]
}

/** Answers of platforms that were recorded, and the layout of a file. */
export const ANSWERS = [
  'resp-1101-resident.json',
  'resp-2206-presettle.json',
  'resp-2207-settle.json',
  'resp-2208-cancel.json',
  'resp-2304-inpatient-settle.json',
  'resp-9001-signin.json',
  'resp-fail-minimal.json',
] as const
const LAYOUTS = ['file-3202-detail-upload-layout.json'] as const

const own: MessageSet = {
  name: '自编报文',
  messages: [...OUTPATIENT, ...INPATIENT, ...ACCOUNTS],
  expected: [...OWN_OUTPATIENT, ...OWN_INPATIENT, ...OWN_ACCOUNTS],
}
const known = RECORDED.map((row) => row.file).filter((file) => FILES.includes(file))

export const SETS = {
  own,
  recorded: {
    name: '实录报文',
    messages: known.map(requestIn),
    expected: RECORDED,
    answers: ANSWERS,
    layouts: LAYOUTS,
  },
} as const
