import { isLost } from '../line.ts'
import { infoIn } from './his-check.ts'
import { SMALL_WANTED, smallBill } from './his-dialect-cases.ts'
import { type HisStage, heard } from './his-stage.ts'
import { PARTS, townsman } from './people.ts'
import type { NativeStage } from './stage.ts'

/** People whose part in the town is to have no open category, or to be insured elsewhere, have no limits to look at. */
const AS_THEY_ARE = new Set<string>(['ended', 'died_before', 'no_category', 'elsewhere'])

/**
 * Whether this is a service to practise on: the made-up people are in its register and nothing of their limits is
 * used. A real register knows none of them, so a kit pointed at the wrong service stops before it settles anything.
 */
export async function notReady(stage: NativeStage): Promise<readonly string[]> {
  const probe = await stage.line.send({ method: 'GET', path: '/healthz' })
  if (isLost(probe)) return [`连不上 ${stage.line.url.href}：${probe.lost}`]
  const faults: string[] = []
  for (const who of PARTS) {
    const answer = await stage.post('/v1/eligibility', { patient: townsman(who), on: '2024-05-06' })
    const { status, limits } = answer.json
    if (answer.status === 401) return [`密钥不被接受：${answer.json.title}`]
    if (answer.status !== 200) return [`资格查询没有正常答复：HTTP ${answer.status} ${answer.json.title ?? ''}`]
    if (status === 'unknown_person') faults.push(`登记册里没有练习人员 ${townsman(who).name}`)
    else if (!AS_THEY_ARE.has(who) && Array.isArray(limits))
      for (const { pool, used } of limits as { pool: string; used: string }[])
        if (!/^0(\.00)?$/.test(used)) faults.push(`练习人员 ${townsman(who).name} 的限额 ${pool} 已用 ${used}`)
  }
  return faults
}

export const NOT_READY = `这里不是干净的练习环境，没有做任何结算。
请先运行 npm run practice，再对它给出的地址验收；不要对正式环境运行。`

/** The same by the HIS door: the made-up people must be known, so that no real register is settled upon. */
export async function hisNotReady(stage: HisStage): Promise<readonly string[]> {
  const { url, hospital } = stage.reached
  const signIn = await stage.send('9001', { signIn: { opter_no: '1001', mac: '', ip: '' } })
  if (isLost(signIn)) return [`连不上 ${url.href}：${signIn.lost}`]
  const said = heard(signIn)
  if (said.infcode !== '0') return [`${hospital} 的密钥不被接受：${said.errMsg || `HTTP ${said.status}`}`]
  const bill = smallBill()
  const trial = await stage.ask('2206', stage.settling(bill, await stage.nextIds(bill.patient)))
  const maf = Number(infoIn(trial).maf_pay)
  const wanted = Number(SMALL_WANTED[stage.reached.mode].maf_pay)
  if (maf === wanted) return []
  return [`练习人员 ${bill.patient.name} 的试算不对：救助 ${maf}，应为 ${wanted} ${trial.errMsg}`]
}

/** A run that was cut short may have left something settled; it is told, for the next run would stumble over it. */
export async function leftOver(stage: { restore(): Promise<readonly string[]> }): Promise<readonly string[]> {
  const left = await stage.restore().catch((error: unknown) => [error instanceof Error ? error.message : '?'])
  return left.map((one) => `试结没有撤销：${one}`)
}
