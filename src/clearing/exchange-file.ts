import { act, type Deps } from '../access/act.ts'
import type { Caller } from '../access/caller.ts'
import { rowDigest } from '../audit/chain.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { terminalOf } from '../settlement/settle.ts'
import { fileOf, insertFile } from './queries.ts'
import { type FileInfo, infoOf, openFile, sealFile } from './stored-file.ts'

const MAX_NAME = 100

/** The name a file is kept under: no path, nothing that ends a line or a header. */
export const plainName = (name: string): string =>
  name
    .replace(/^.*[/\\]/s, '')
    .replace(/[^\p{L}\p{N}._ -]/gu, '_')
    .slice(-MAX_NAME) || 'file'

/** Keeps a file of the hospital (9101), sealed and unopened: what it holds is judged by the message that names it. */
export async function receiveFile(
  deps: Deps,
  caller: Caller,
  { filename, bytes }: { readonly filename: string; readonly bytes: Uint8Array },
): Promise<FileInfo | Refusal> {
  const terminal = terminalOf(caller, 'clearing.reconcile')
  if (isRefusal(terminal)) return terminal
  if (bytes.length === 0) return refuse('file_faulty', '文件是空的')
  return act(deps, caller, 'clearing.reconcile', async (tx, t, at) => {
    const file = sealFile(deps.keys, terminal.hospital, plainName(filename), bytes, at)
    await insertFile(tx, t, file)
    const detail = { did: 'receive', bytes: bytes.length, rows: [rowDigest('his_file', file)] }
    return { result: infoOf(file), deed: { subject: `his_file:${file.file_qury_no}`, detail } }
  })
}

/** A file of the hospital's own, or of our making for it (9102). */
export async function fetchFile(
  deps: Deps,
  caller: Caller,
  no: string,
): Promise<(FileInfo & { readonly bytes: Uint8Array<ArrayBuffer> }) | Refusal> {
  const terminal = terminalOf(caller, 'clearing.reconcile')
  if (isRefusal(terminal)) return terminal
  const file = await fileOf(deps.store, terminal.hospital, no)
  if (!file) return refuse('record_not_found', '本院没有这个文件，请核对文件查询号')
  const info = infoOf(file)
  if (deps.now() > info.dld_endtime) return refuse('record_not_found', '文件已过下载期限，请重新对账')
  return { ...info, bytes: openFile(deps.keys, file) }
}
