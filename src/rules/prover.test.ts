import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Place } from '../../test/engines.ts'
import { ask, billOf, newKey, openWorld, patientOf, RULE, SOMEBODY, type World } from '../../test/world.ts'
import { createApp } from '../app.ts'
import { openStore } from '../store/open.ts'
import { proveDraft } from './prove.ts'
import { openProver } from './prover.ts'

const LEAKY = RULE.replace(
  '{ category: dibao, ratio: "0.75" }',
  '{ category: dibao, hospital_level: 1, ratio: "0.75" }',
)
const RIVAL = RULE.replace('scheme: ili-yining', 'scheme: rival')
type App = World['service']['app']
const inForce = [{ scheme: 'ili-yining', version: '2023-01-01', text: RULE }]

describe('a proof in a process of its own', () => {
  test.each([
    ['sound', RULE],
    ['leaky', LEAKY],
    ['misspelt', RULE.replace('choose:', 'chose:')],
    ['in a place already taken', RIVAL],
  ])('finds of a text that is %s what it finds anywhere', async (_, text) => {
    expect(await openProver()({ text, inForce })).toEqual(proveDraft(text, inForce))
  })

  test('one at a time; who comes when enough are waiting is refused, and may come again', async () => {
    const prove = openProver({ inHand: 2, ms: 60_000 })
    const asked = [LEAKY, RIVAL, RULE].map((text) => prove({ text, inForce }))
    const [leaky, rival, refused] = await Promise.all(asked)
    expect([leaky, rival]).toEqual([proveDraft(LEAKY, inForce), proveDraft(RIVAL, inForce)])
    expect(refused).toMatchObject({ refusal: 'overloaded', retryAfter: 10 })
    expect(await prove({ text: RULE, inForce })).toEqual([])
  })

  test('what takes too long is ended, and so is the waiting for it; the next proof is not harmed', async () => {
    const prove = openProver({ inHand: 3, ms: 30 })
    const [running, waiting] = await Promise.all([RULE, RULE].map((text) => prove({ text, inForce })))
    expect([running, waiting]).toMatchObject([{ refusal: 'overloaded' }, { refusal: 'overloaded' }])
    const patient = openProver()
    expect(await patient({ text: RULE, inForce })).toEqual([])
  })

  test('what breaks the proof is a fault of ours, not a verdict', async () => {
    await expect(openProver()({ text: null as never, inForce })).rejects.toThrow()
  })
})

describe('while a rule editor has texts checked', () => {
  let w: World
  let token: string
  beforeAll(async () => {
    w = await openWorld('sqlite', async (place?: Place) => openStore(place as Place))
    token = (await w.addStaff('rule_editor')).token
  })
  afterAll(async () => {
    await w.store.close()
    rmSync(w.place.dataDir, { recursive: true, force: true })
  })

  /** Asks and settles, one after the other, until `end`; ms an answer, rising. */
  async function answersUntil(app: App, end: Promise<unknown>): Promise<number[]> {
    const { terminal } = w
    const took: number[] = []
    let over = false
    const isOver = () => {
      over = true
    }
    void end.then(isOver, isOver)
    while (!over) {
      const start = performance.now()
      const answer =
        took.length % 2 === 0
          ? await ask(app, 'POST', '/v1/eligibility', { terminal, body: { patient: patientOf(SOMEBODY) } })
          : await ask(app, 'POST', '/v1/settlements', { terminal, key: newKey(), body: billOf(SOMEBODY, '1.00') })
      took.push(performance.now() - start)
      expect([200, 201]).toContain(answer.status)
      // Terminals come through sockets: the loop goes round between two of them; and no faster than they may ask.
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    await end
    return took.sort((a, b) => a - b)
  }
  const median = (rising: readonly number[]) => rising[Math.floor(rising.length / 2)] ?? Number.NaN
  const checks = (app: App) =>
    Promise.all(
      [RULE, LEAKY, RIVAL].map(async (text) => {
        // On a machine that has no time for it a check is put off, and asked for again.
        for (let tries = 0; ; tries++) {
          const { status, json } = await ask(app, 'POST', '/v1/rules/check', { token, body: { text } })
          if (status === 503 && tries < 5) continue
          expect([status, Array.isArray(json.faults)]).toEqual([200, true])
          return
        }
      }),
    )

  test('terminals are answered as if nobody did', async () => {
    const { app, deps } = w.service
    const here = createApp({ ...deps, prove: async ({ text, inForce: others }) => proveDraft(text, others) })
    await checks(here)
    const alone = await answersUntil(app, new Promise((resolve) => setTimeout(resolve, 500)))
    const apart = await answersUntil(app, checks(app))
    const blocked = await answersUntil(here, checks(here))
    const shown = Object.entries({ alone, apart, blocked }).map(
      ([name, took]) =>
        `${name}: ${took.length} answers, median ${median(took).toFixed(1)}, longest ${took.at(-1)?.toFixed(1)} ms`,
    )
    console.info(shown.join('\n'))
    expect(apart.length).toBeGreaterThan(20)
    expect(median(apart)).toBeLessThan(Math.max(50, 10 * median(alone)))
    expect(apart.at(-1)).toBeLessThan((blocked.at(-1) ?? 0) / 2)
  }, 180_000)
})
