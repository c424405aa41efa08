import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { envelope, type HisMessage, type Json } from '../fixtures/his/message.ts'
import { assistedOutput, previewOutput, type SettlementOutput } from '../src/his/assisted.ts'
import { settlementStumbles } from '../src/his/clients.fixture.ts'
import { answerOf } from '../src/his/envelope.ts'
import { amount, readable } from '../src/his/fields.ts'
import { readPlatformAnswer } from '../src/his/platform.ts'
import { identityFaults, readInsured, SETL_AMOUNTS, type SetlAmounts, type Stage } from '../src/his/setlinfo.ts'
import type { Fen } from '../src/kernel/money.ts'
import { isRefusal } from '../src/kernel/refusal.ts'
import { eachEngine } from './engines.ts'
import { type Chain, openChain } from './his-chain.ts'
import { ANSWERS, FILES, recorded, SETS } from './his-sets.ts'

const OWN = SETS.own.messages
const own = (name: string): HisMessage => {
  const message = OWN.find((one) => one.name === name)
  if (!message) throw new Error(`no message ${name}`)
  return message
}
const STAGES: Readonly<Record<string, Stage>> = { '2206': 'presettled', '2208': 'cancelled' }
const stageOf = (infno: string): Stage => STAGES[infno] ?? 'settled'
const STAMP = { refmsgid: '1', received: 0, answered: 0 }

/** What a client that reads `theirs` would miss in `ours`, or find of another kind. */
function missing(theirs: unknown, ours: unknown, path: string): string[] {
  // Nothing tells of what kind a value is that was not there.
  if (theirs === null || theirs === undefined) return []
  if (Array.isArray(theirs)) {
    if (!Array.isArray(ours)) return [`${path} is no list`]
    const [first] = theirs
    return ours.flatMap((row, i) => missing(theirs[i] ?? first, row, `${path}[${i}]`))
  }
  if (typeof theirs !== 'object') {
    return typeof ours === typeof theirs ? [] : [`${path}: ${typeof theirs} there, ${JSON.stringify(ours)} here`]
  }
  if (typeof ours !== 'object' || ours === null || Array.isArray(ours)) return [`${path} is no object`]
  return Object.entries(theirs).flatMap(([key, value]) =>
    key in ours ? missing(value, (ours as Json)[key], `${path}.${key}`) : [`${path}.${key} is missing`],
  )
}
/** `infcode` is text with us, because one client reads a number as a failure. */
const missingIn = ({ infcode: _, ...theirs }: Json, ours: Json): string[] => missing(theirs, ours, '')

const amountsOf = ({ setlinfo }: SettlementOutput): SetlAmounts =>
  Object.fromEntries(SETL_AMOUNTS.map((name) => [name, readable(amount, setlinfo[name]) ?? 0])) as Record<string, Fen> &
    SetlAmounts

const numbersOf = (node: unknown): Json =>
  Object.fromEntries(Object.entries(node as Json).filter(([, value]) => typeof value === 'number'))

/** An answer of the platform taken by our reader, and assistance of every size added to it. */
function takenAndAdded(body: Json, stage: Stage): void {
  const answer = readPlatformAnswer(JSON.stringify(body))
  if (!answer?.output) throw new Error('no answer, or no output')
  const insured = readInsured(answer.output, stage)
  if (isRefusal(insured)) throw new Error(insured.detail)
  expect(identityFaults(insured.amounts)).toEqual([])
  const cash = insured.amounts.psn_cash_pay
  for (const assistance of new Set([0, Math.sign(cash), Math.trunc(cash / 3), cash])) {
    const added = { assistance, left: 100_00, working: '算式', settlement_no: '20261101100000', msgid: 'M1' }
    const output = (stage === 'presettled' ? previewOutput : assistedOutput)(insured, added)
    const amounts = amountsOf(output)
    expect(identityFaults(amounts)).toEqual([])
    if (assistance === 0) expect(output.setlinfo).toMatchObject(numbersOf(answer.output.setlinfo))
    expect([amounts.maf_pay, amounts.psn_cash_pay]).toEqual([assistance, cash - assistance])
    expect(settlementStumbles(answerOf({ ...output }, STAMP))).toEqual([])
  }
}

const isSettling = (infno: string): boolean => /^2[23]/.test(infno)

describe.skipIf(FILES.length === 0)('实录答复', () => {
  test.each(ANSWERS)('%s：读得懂，成功是成功，失败是失败', (file) => {
    const { body } = recorded(file)
    expect(readPlatformAnswer(JSON.stringify(body))).toMatchObject({ success: body.infcode === 0 })
  })
  test.each(ANSWERS.filter((file) => /^resp-2/.test(file)))('%s：三个等式成立，加上救助仍成立', (file) => {
    const { infno, body } = recorded(file)
    takenAndAdded(body, stageOf(infno))
  })
})

/** One of each transaction of which answers were recorded; the settlement is taken back again. */
async function conversation(chain: Chain): Promise<Map<string, { readonly theirs: Json | null; readonly ours: Json }>> {
  const said = new Map<string, { readonly theirs: Json | null; readonly ours: Json }>()
  const second = chain.position === 'second_step'
  const settle = async (name: string) => {
    const message = own(name)
    const insured = second ? await chain.withInsurer(message) : message
    const { json } = await chain.send(insured)
    const { setlinfo, setldetail } = insured.body.input as Json
    const theirs = second ? { infcode: 0, output: { setlinfo, setldetail } } : null
    said.set(message.infno, { theirs, ours: json })
    return json.output.setlinfo as Json
  }
  const ask = async (message: HisMessage) => {
    const theirs = await chain.askPlatform(message)
    said.set(message.infno, { theirs, ours: (await chain.send(message)).json })
  }
  await ask(own('1101-social-card-as-cert'))
  await ask({
    name: '9001',
    infno: '9001',
    body: envelope('9001', { signIn: { opter_no: '1', mac: '00', ip: '1.1.1.1' } }),
  })
  await settle('2206-presettle-idcard')
  const { psn_no, mdtrt_id, setl_id } = await settle('2207-spec-style')
  for (const name of ['2403-admission-edited', '2402-discharge']) await chain.send(own(name))
  await settle('2304-med-type-of-four-digits')
  const cancel = { name: '2208', infno: '2208', body: envelope('2208', { data: { psn_no, mdtrt_id, setl_id } }) }
  const theirs = second ? await chain.askPlatform(cancel) : null
  said.set('2208', { theirs, ours: (await chain.send(cancel)).json })
  const refused = own('2207-three-decimals')
  said.set('any', { theirs: await chain.askPlatform(refused), ours: (await chain.send(refused)).json })
  return said
}

eachEngine((engine, open) => {
  describe.each(['second_step', 'in_between'] as const)('%s', (position) => {
    let chain: Chain
    let said: Awaited<ReturnType<typeof conversation>>
    beforeAll(async () => {
      chain = await openChain([engine, open], position, OWN)
      said = await conversation(chain)
    })
    afterAll(() => chain.stop())
    const ours = (infno: string): Json => said.get(infno)?.ours ?? {}

    test.each(['1101', '9001', '2206', '2207', '2208', '2304', 'any'])('%s：平台写的键我们都写，类型相同', (infno) => {
      const { theirs } = said.get(infno) ?? {}
      if (theirs) expect(missingIn(theirs, ours(infno))).toEqual([])
      if (theirs && isSettling(infno)) takenAndAdded(theirs, stageOf(infno))
      expect(Number(ours(infno).infcode)).toBe(infno === 'any' ? -1 : 0)
    })

    describe.skipIf(FILES.length === 0)('与实录答复比较', () => {
      test.each(ANSWERS)('%s', (file) => {
        const { infno, body } = recorded(file)
        expect(missingIn(body, ours(infno))).toEqual([])
      })
    })
  })
})

test('比较本身：少了键、换了类型、不是列表，都看得出', () => {
  expect(missingIn({ infcode: 0, a: 1, b: [{ c: '' }], d: null }, { infcode: '0', a: '1', b: [{}], d: 2 })).toEqual([
    '.a: number there, "1" here',
    '.b[0].c is missing',
  ])
  expect(missingIn({ b: [{}] }, { b: {} })).toEqual(['.b is no list'])
  expect(missingIn({ b: { c: 1 } }, { b: null })).toEqual(['.b is no object'])
})
