import { Agent, request } from 'node:http'
import type { Json } from './wire.ts'

export interface Heard {
  readonly status: number
  readonly text: string
  readonly bytes: Buffer
  readonly headers: NodeJS.Dict<string | string[]>
}
/** An answer of the platform, read. */
export interface Told {
  readonly infcode: string | number
  readonly err_msg: string | null
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape, and name what they expect
  readonly output: any
}

export const HOSPITAL = { code: 'H65400200001', name: '测试定点医院' }

/** The envelope as the specification composes it. */
export const envelope = (infno: string, msgid: string, input: unknown, more: Json = {}): Json => ({
  infno,
  msgid,
  mdtrtarea_admvs: '654002',
  insuplc_admdvs: '654002',
  recer_sys_code: 'YBXT',
  dev_no: '',
  dev_safe_info: '',
  cainfo: '',
  signtype: '',
  infver: 'V1.0',
  opter_type: '1',
  opter: '1001',
  opter_name: '测试操作员',
  inf_time: '2026-03-12 10:15:30',
  fixmedins_code: HOSPITAL.code,
  fixmedins_name: HOSPITAL.name,
  sign_no: '',
  input,
  ...more,
})

/** A line of a HIS to any server that speaks the interface: rejects when the line breaks or nothing comes in time. */
export function openHospital(url: string, timeout = 5_000) {
  const agent = new Agent({ keepAlive: true })
  const { host } = new URL(url)
  // Unlike any other line of this process, so that no two tests share a message number.
  const line = String(process.pid).padStart(7, '0').slice(-7) + String(performance.now()).replace('.', '').slice(-5)
  let sent = 0
  const newMsgid = () => `${HOSPITAL.code}${line}${String(++sent).padStart(6, '0')}`
  const post = (path: string, body: string, headers: Record<string, string> = {}): Promise<Heard> =>
    new Promise((resolve, reject) => {
      const options = { method: 'POST', agent, timeout, headers: { 'content-type': 'application/json', ...headers } }
      const asking = request(`http://${host}${path}`, options, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part) => parts.push(part))
        response.on('error', reject)
        response.on('end', () => {
          const bytes = Buffer.concat(parts)
          const { statusCode: status = 0, headers } = response
          resolve({ status, text: bytes.toString('utf8'), bytes, headers })
        })
      })
      asking.on('timeout', () => asking.destroy(new Error('no answer in time')))
      asking.on('error', reject)
      asking.end(body)
    })
  /** Says a message at the one address and reads the answer. */
  const say = async (infno: string, input: unknown, msgid = newMsgid(), more: Json = {}): Promise<Told> =>
    JSON.parse((await post('/his', JSON.stringify(envelope(infno, msgid, input, more)))).text) as Told
  return { post, say, newMsgid, close: () => agent.destroy() }
}

/** A 2207 or 2206 of one batch; with no rows uploaded the platform takes the whole bill for within the scope. */
export const charge = (psn_no: string, mdtrt_id: string, chrg_bchno: string, medfee_sumamt: string | number): Json => ({
  data: {
    psn_no,
    mdtrt_cert_type: '02',
    mdtrt_cert_no: '',
    med_type: '11',
    medfee_sumamt,
    psn_setlway: '01',
    mdtrt_id,
    chrg_bchno,
    acct_used_flag: '1',
    insutype: '',
  },
})
