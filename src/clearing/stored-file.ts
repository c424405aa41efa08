import type { Instant } from '../kernel/day.ts'
import { newSettlementNo } from '../kernel/ids.ts'
import { type Keys, seal, unseal } from '../kernel/seal.ts'

/** A file between a hospital and us as it is kept. */
export type StoredFile = {
  readonly file_qury_no: string
  readonly hospital_code: string
  readonly filename: string
  readonly sealed: string
  readonly at: Instant
}
/** A file as the hospital hears of it. */
export interface FileInfo {
  readonly file_qury_no: string
  readonly filename: string
  /** Until when it may be fetched. */
  readonly dld_endtime: Instant
}

const KEPT_MS = 30 * 86_400_000

const placeOf = (no: string): string => `his_file.sealed:${no}`

/** Sealed, because its rows name people; under a number that grows with time and cannot be guessed. */
export function sealFile(keys: Keys, hospital: string, filename: string, bytes: Uint8Array, at: Instant): StoredFile {
  const file_qury_no = `F${newSettlementNo(at)}`
  const sealed = seal(keys, placeOf(file_qury_no), Buffer.from(bytes).toString('base64'))
  return { file_qury_no, hospital_code: hospital, filename, sealed, at }
}

export const openFile = (keys: Keys, file: StoredFile): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(unseal(keys, placeOf(file.file_qury_no), file.sealed), 'base64'))

export const infoOf = ({ file_qury_no, filename, at }: StoredFile): FileInfo => ({
  file_qury_no,
  filename,
  dld_endtime: at + KEPT_MS,
})
