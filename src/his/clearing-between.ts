import { type DetailLine, detailText } from '../clearing/detail-file.ts'
import { lessAssistance } from '../clearing/reconcile.ts'
import { ownSide } from '../clearing/reconcile-rows.ts'
import { type ResultRow, readResultFile, zipOfText } from '../clearing/result-file.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { handOn, NO_PLATFORM, noAnswer } from './between.ts'
import { yuan } from './fields.ts'
import { credentials, notesOf, platformOf, sendOwn } from './own-call.ts'
import { type Outcome, sendTo } from './platform.ts'
import { dataOf, isNode, type Node } from './read-node.ts'
import { SERVICE_OF } from './services.ts'
import type { HisCall, HisDeps, Said } from './transaction.ts'

/** The platform's output, or what the hospital is told instead: its refusal word for word, or that it did not answer. */
export type Asked = { readonly output: Node } | { readonly said: Said }

function askedOf(outcome: Outcome): Asked {
  if (outcome.kind !== 'answered') return { said: noAnswer(outcome) }
  const { answer } = outcome
  return answer.success ? { output: answer.output ?? {} } : { said: { text: answer.text } }
}

/** The hospital's own proof, unless it covers the words we change. */
const proofOf = (forward: HisCall['forward']): Record<string, string> =>
  Object.fromEntries(Object.entries(forward).filter(([name]) => !name.startsWith('x-ca-')))

/** The hospital's own question with other values in its data; as it came, where none is another. */
export async function askPlatform(deps: HisDeps, call: HisCall, change: Node): Promise<Asked> {
  const { parameters, input, infno } = call.envelope
  const data = dataOf(input) ?? {}
  const same = Object.entries(change).every(([name, value]) =>
    typeof value === 'number' ? Number(data[name]) === value : data[name] === value,
  )
  if (same) return askedOf(await handOn(call))
  const platform = await platformOf(deps, call.terminal.hospital)
  if (!platform) return askedOf(NO_PLATFORM)
  const ours = credentials(deps, platform)
  const headers = Object.keys(ours).length > 0 ? ours : proofOf(call.forward)
  // What a hospital writes beside its data (rows of a file) is not what the platform is asked.
  const body = JSON.stringify({ ...parameters, input: { data: { ...data, ...change } } })
  return askedOf(await sendTo(platform, { infno, service: SERVICE_OF(infno, call.path), headers, body }))
}

/** A question of our own in the hospital's name. */
async function askOwn(deps: HisDeps, call: HisCall, infno: string, input: Node): Promise<Outcome> {
  const platform = await platformOf(deps, call.terminal.hospital)
  if (!platform) return NO_PLATFORM
  return sendOwn(deps, platform, notesOf(call, { mdtrt_id: '', psn_no: '' }), infno, input)
}

export const textIn = (node: unknown, name: string): string =>
  isNode(node) && node[name] != null ? String(node[name]) : ''

/** Sends a file to the platform; the number it is kept under there. */
async function upload(deps: HisDeps, call: HisCall, filename: string, bytes: Uint8Array): Promise<string | Said> {
  const fixmedins_code = call.terminal.hospital
  const fsUploadIn = { in: Buffer.from(bytes).toString('base64'), filename, fixmedins_code }
  const sent = askedOf(await askOwn(deps, call, '9101', { fsUploadIn }))
  if ('said' in sent) return sent.said
  return textIn(sent.output, 'file_qury_no') || textIn(sent.output.fsUploadOut, 'file_qury_no')
}

/** What the platform finds in the hospital's rows, once they are without what we added to them. */
export async function platformRows(
  deps: HisDeps,
  call: HisCall,
  asked: {
    readonly lines: readonly DetailLine[]
    readonly group: Parameters<typeof ownSide>[1]
    readonly fund: number
    readonly cash: number
  },
): Promise<readonly ResultRow[] | { readonly said: Said }> {
  const lines = lessAssistance(asked.lines, await ownSide(deps, asked.group))
  const less = asked.lines.reduce((sum, line, i) => sum + line.fund - (lines[i]?.fund ?? 0), 0)
  const name = `3202_${call.envelope.msgid.replace(/\W/g, '')}`
  const file_qury_no = await upload(deps, call, `${name}.zip`, zipOfText(`${name}.txt`, detailText(lines), call.at))
  if (typeof file_qury_no !== 'string') return { said: file_qury_no }
  const change = { file_qury_no, fund_pay_sumamt: yuan(asked.fund - less), cash_payamt: yuan(asked.cash + less) }
  const told = await askPlatform(deps, call, change)
  if ('said' in told) return told
  const { fileinfo } = told.output
  const fsDownloadIn = {
    file_qury_no: textIn(fileinfo, 'file_qury_no'),
    filename: textIn(fileinfo, 'filename'),
    fixmedins_code: call.terminal.hospital,
  }
  const fetched = await askOwn(deps, call, '9102', { fsDownloadIn })
  if (fetched.kind !== 'bytes') {
    const instead = askedOf(fetched)
    return 'said' in instead ? instead : { said: noAnswer({ kind: 'unknown', why: '对账结果文件不是文件' }) }
  }
  const rows = readResultFile(fetched.bytes, '医保平台')
  return isRefusal(rows) ? { said: rows } : rows
}
