import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { personStumbles, settlementStumbles, takenForSuccess } from '../src/his/clients.fixture.ts'
import { eachEngine } from './engines.ts'
import { type Chain, openChain, outcomeOf } from './his-chain.ts'
import { FILES, type MessageSet, RECORDED_FOLDER, SETS } from './his-sets.ts'
import { checkLedger } from './oracle.ts'
import type { Answer } from './world.ts'

if (FILES.length === 0)
  process.stdout.write(
    `no recorded messages in ${RECORDED_FOLDER}: only the project's own are sent (see HIS_MESSAGES)\n`,
  )

/** Kept under their number, so that the same message again is answered with the same bytes. */
const isKept = (infno: string): boolean => /^(22|23|24|26)/.test(infno) && !/^(2206|2303)/.test(infno)

/** What clients of every kind make of an answer of ours: a success none of them stumbles over, or a failure to all. */
function heldByClients({ json, text }: Answer): void {
  // What the platform says goes through as it came: its hospitals read it already.
  if (typeof json.infcode !== 'string') return
  const taken = new Set(Object.values(takenForSuccess(text)))
  expect([json.infcode, ...taken]).toEqual([json.infcode, json.infcode === '0'])
  if (json.infcode === '0' && json.output.setlinfo) expect(settlementStumbles(text)).toEqual([])
  if (json.infcode === '0' && json.output.baseinfo) expect(personStumbles(text)).toEqual([])
}

test.skipIf(FILES.length === 0)('实录文件夹里的每个文件都有一行', () => {
  const { expected, answers, layouts } = SETS.recorded
  const rows = [...expected.map((row) => row.file), ...answers, ...layouts].sort()
  expect(rows).toEqual([...FILES].sort())
})
test('自编报文每条都有一行', () => {
  const { own } = SETS
  expect(own.expected.map((row) => row.file)).toEqual(own.messages.map((m) => m.name))
})

eachEngine((engine, open) => {
  let second: Chain
  let between: Chain
  beforeAll(async () => {
    const messages = [...SETS.own.messages, ...SETS.recorded.messages]
    second = await openChain([engine, open], 'second_step', messages)
    between = await openChain([engine, open], 'in_between', messages)
  })
  afterAll(() => Promise.all([second.stop(), between.stop()]))

  const sets = [SETS.own, ...(FILES.length > 0 ? [SETS.recorded] : [])]
  describe.each(sets.map((set): [string, MessageSet] => [set.name, set]))('%s', (_, set) => {
    test.each(set.expected.map((row) => [row.file, row.why, row] as const))('%s：%s', async (file, _why, row) => {
      const message = set.messages.find((m) => m.name === file)
      if (!message) throw new Error(`no message ${file}`)
      const asItIs = await second.send(message)
      const insured = row.insured === undefined ? null : await second.withInsurer(message)
      const withInsurer = insured && (await second.send(insured))
      const through = await between.send(message)
      expect({
        second_step: outcomeOf(asItIs),
        insured: withInsurer ? outcomeOf(withInsurer) : undefined,
        in_between: outcomeOf(through),
      }).toEqual({ second_step: row.second_step, insured: row.insured, in_between: row.in_between })
      if (row.says) expect(JSON.stringify(asItIs.json)).toContain(row.says)
      for (const answer of [asItIs, withInsurer, through]) if (answer) heldByClients(answer)
      if (!isKept(message.infno)) return
      const refused = /^(医保拒绝|[a-z_]+$)/
      if (!refused.test(row.second_step)) expect((await second.send(message)).text).toBe(asItIs.text)
      if (insured && !refused.test(row.insured ?? '')) expect((await second.send(insured)).text).toBe(withInsurer?.text)
      if (!refused.test(row.in_between)) expect((await between.send(message)).text).toBe(through.text)
    })
  })

  test('账平', async () => {
    await checkLedger(second.w.store)
    await checkLedger(between.w.store)
  })
})
