import { expect, test } from 'vitest'
import { eachEngine } from './engines.ts'
import { residentId } from './people.ts'
import { openWorld, patientOf, SOMEBODY, UNCATEGORISED } from './world.ts'

const BURST = 200
const A_SECOND = 20

eachEngine((engine, open) => {
  test('a terminal that tries out numbers is held back, the next one is not, and what was told is counted', async () => {
    const w = await openWorld(engine, open)
    const ask = (terminal: typeof w.terminal, patient: object) =>
      w.call('POST', '/v1/eligibility', { terminal, body: { patient } })
    const start = performance.now()
    const answers = []
    for (let n = 0; n < 2 * BURST; n++) {
      answers.push(await ask(w.terminal, patientOf({ id: residentId(1000 + n), name: '无名' })))
      if (answers.at(-1)?.status === 429) break
    }
    const refused = answers.at(-1)
    const allowed = BURST + Math.ceil(((performance.now() - start) / 1000) * A_SECOND)
    expect([refused?.status, refused?.json.code]).toEqual([429, 'too_many_requests'])
    expect(answers.length - 1).toBeGreaterThanOrEqual(BURST)
    expect(answers.length - 1).toBeLessThanOrEqual(allowed)

    expect((await ask(w.second, patientOf(SOMEBODY))).json.status).toBe('eligible')
    expect((await ask(w.second, patientOf(UNCATEGORISED))).json.status).toBe('not_eligible')
    expect((await ask(w.second, patientOf({ ...SOMEBODY, name: '无名' }))).json.code).toBe('name_mismatch')
    await new Promise((resolve) => setTimeout(resolve, Number(refused?.headers.get('retry-after')) * 1000))
    expect((await ask(w.terminal, patientOf(SOMEBODY))).status).toBe(200)

    const { text } = await w.call('GET', '/metrics')
    const counted = (status: string) =>
      Number(new RegExp(`^eligibility_answers_total{status="${status}"} (\\d+)$`, 'm').exec(text)?.[1])
    expect(['eligible', 'not_eligible', 'unknown_person', 'name_mismatch'].map(counted)).toEqual([
      2,
      1,
      answers.length - 1,
      1,
    ])
    expect(text).toContain('http_requests_total{operation="eligibility",status="429"} 1')
  })
})
