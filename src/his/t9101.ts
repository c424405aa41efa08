import { fetchFile, receiveFile } from '../clearing/exchange-file.ts'
import type { FileInfo } from '../clearing/stored-file.ts'
import { isRefusal } from '../kernel/refusal.ts'
import { handOnQuestion, isBetween } from './between.ts'
import { clockTime } from './fields.ts'
import { read9101, read9102 } from './requests-clearing.ts'
import type { MakeTransaction } from './transaction.ts'

export const fileinfoOf = ({ file_qury_no, filename, dld_endtime }: FileInfo) => ({
  file_qury_no,
  filename,
  dld_endtime: clockTime(dld_endtime),
})

/** 文件上传 */
export const t9101: MakeTransaction = (deps) => ({
  infno: '9101',
  name: '文件上传',
  async run(call) {
    const file = read9101(call.envelope.input)
    if (isRefusal(file)) return file
    const kept = await receiveFile(deps, call.caller, file)
    if (isRefusal(kept)) return kept
    return { output: { ...fileinfoOf(kept), fixmedins_code: call.terminal.hospital } }
  },
})

/** 文件下载: the bytes themselves; only a refusal is a message. */
export const t9102: MakeTransaction = (deps) => ({
  infno: '9102',
  name: '文件下载',
  async run(call) {
    const asked = read9102(call.envelope.input)
    if (isRefusal(asked)) return asked
    const file = await fetchFile(deps, call.caller, asked.file_qury_no)
    if (!isRefusal(file)) return { bytes: file.bytes, media: 'application/octet-stream' }
    // A file of the platform's own making is there.
    return isBetween(call) && file.refusal === 'record_not_found' ? handOnQuestion(call) : file
  },
})
