import { randomDigits } from '../kernel/ids.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { clockTime } from './fields.ts'
import { isNode } from './read-node.ts'
import { read9001, read9002 } from './requests-query.ts'
import type { MakeTransaction } from './transaction.ts'

/**
 * 签到: every client signs in first and keeps the number it is given, so it is given one. Nothing hangs on it here:
 * many send none later, and who calls is known by the key. A platform behind us may ask for the number of its own.
 */
export const t9001: MakeTransaction = () => ({
  infno: '9001',
  name: '签到',
  async run({ at, envelope: { input } }) {
    const read = read9001(input)
    if (isRefusal(read)) return read
    const sign_time = clockTime(at)
    const signinoutb = { sign_time, sign_no: sign_time.replace(/\D/g, '') + randomDigits(6) }
    // The client that sends `data` reads its answer from `result`.
    return { output: isNode(input.data) ? { signinoutb, result: signinoutb } : { signinoutb } }
  },
})

/** 签退 */
export const t9002: MakeTransaction = () => ({
  infno: '9002',
  name: '签退',
  async run({ at, envelope: { input } }) {
    const read = read9002(input)
    if (isRefusal(read)) return read
    return { output: { signoutoutb: { sign_time: clockTime(at) } } }
  },
})
