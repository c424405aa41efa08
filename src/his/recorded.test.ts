import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isRefusal } from '../kernel/refusal.ts'
import { assistedOutput, previewOutput } from './assisted.ts'
import { settlementStumbles } from './clients.fixture.ts'
import { answerOf, readEnvelope } from './envelope.ts'
import type { Node } from './read-node.ts'
import { read3201 } from './requests-clearing.ts'
import { read1101 } from './requests-query.ts'
import { read2601, readSettle } from './requests-settle.ts'
import { read2301 } from './requests-visit.ts'
import { readInsured, type Stage } from './setlinfo.ts'

/** Messages recorded at hospitals are not ours to publish: they are read where somebody keeps them. */
const FOLDER = process.env.HIS_MESSAGES ?? new URL('../../../shared/reference/his-messages', import.meta.url).pathname
interface Recorded {
  readonly infno: string
  readonly body: Record<string, unknown>
}
const names = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.json')) : []
const recorded = (name: string): Recorded => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Recorded
if (names.length === 0)
  process.stdout.write('no recorded messages at hand: set HIS_MESSAGES to the folder that holds them\n')

const READERS: Readonly<Record<string, (input: Node) => unknown>> = {
  '1101': read1101,
  '2206': (input) => readSettle('2206', input),
  '2207': (input) => readSettle('2207', input),
  '2301': read2301,
  '2601': read2601,
  '3201': read3201,
}
const requests = names.filter((name) => /^(req|derived)-/.test(name) && READERS[recorded(name).infno])
const stageOf = (name: string): Stage =>
  name.includes('cancel') ? 'cancelled' : name.includes('presettle') ? 'presettled' : 'settled'
const answers = names.filter((name) => /^resp-(22|23)/.test(name) && 'output' in recorded(name).body)

describe.skipIf(names.length === 0)('实录报文', () => {
  test('有请求，也有答复', () => expect([requests.length > 0, answers.length > 0]).toEqual([true, true]))
  test.each(requests)('%s：信封和输入都读得懂', (name) => {
    const { infno, body } = recorded(name)
    const envelope = readEnvelope(body, null)
    if (isRefusal(envelope)) throw new Error(envelope.detail)
    expect(envelope).toMatchObject({ infno, msgid: body.msgid, fixmedins_code: body.fixmedins_code || null })
    const input = READERS[infno]?.(envelope.input)
    expect(isRefusal(input) ? input.detail : 'read').toBe('read')
  })
  test.each(answers)('%s：三个等式成立，加上零救助每一家都读得懂', (name) => {
    const output = recorded(name).body.output as Node
    const insured = readInsured(output, stageOf(name))
    if (isRefusal(insured)) throw new Error(insured.detail)
    const added = { assistance: 0, left: null, working: '', settlement_no: null, msgid: 'M' }
    const again = (stageOf(name) === 'presettled' ? previewOutput : assistedOutput)(insured, added)
    for (const [column, value] of Object.entries(output.setlinfo as Node)) {
      if (typeof value === 'number') expect([column, again.setlinfo[column]]).toEqual([column, value])
    }
    const stumbles = settlementStumbles(answerOf({ ...again }, { refmsgid: '1', received: 0, answered: 0 }))
    expect(stumbles).toEqual([])
  })
})
