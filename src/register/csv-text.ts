import { parse } from 'csv-parse/sync'
import { type FaultCode, fault, type RowFault } from './fault.ts'

/** A county's roster is a few thousand rows; these limits keep one import within a short transaction. */
export const MAX_BYTES = 32 * 1024 * 1024
export const MAX_ROWS = 100_000
const MAX_LINE_BYTES = 8192

export type Encoding = 'utf-8' | 'gb18030'

/** Rows of cells; the first is row 1, as a spreadsheet numbers them, and a blank line is a row without cells. */
export interface Sheet {
  readonly encoding: Encoding
  readonly rows: readonly (readonly string[])[]
}

const LF = 10
const NUL = 0
const HIGH = 128
const BOM_UTF8 = [0xef, 0xbb, 0xbf]
/** UTF-16 in either order, and a workbook, which is a zip. */
const FOREIGN: readonly (readonly [readonly number[], string])[] = [
  [[0xff, 0xfe], '文件是 UTF-16 编码'],
  [[0xfe, 0xff], '文件是 UTF-16 编码'],
  [[0x50, 0x4b, 0x03, 0x04], '文件是表格工作簿（xlsx），不是 CSV'],
  [[0xd0, 0xcf, 0x11, 0xe0], '文件是旧版表格工作簿（xls），不是 CSV'],
]
const startsWith = (bytes: Uint8Array, mark: readonly number[]) => mark.every((b, i) => bytes[i] === b)

const utf8 = new TextDecoder('utf-8', { fatal: true })
const gb18030 = new TextDecoder('gb18030', { fatal: true })
const decodes = (decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string | null => {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}

/** Lines with their numbers; limits are checked here, before anything is decoded. */
function* linesOf(bytes: Uint8Array): Generator<{ line: number; bytes: Uint8Array }> {
  let line = 1
  for (let start = 0; start < bytes.length; line++) {
    const lf = bytes.indexOf(LF, start)
    const end = lf === -1 ? bytes.length : lf
    yield { line, bytes: bytes.subarray(start, end) }
    start = end + 1
  }
}

/** Decodes a file that is UTF-8 or GB18030 as a whole; a mixture is refused, for no reading of it would be right. */
function decode(bytes: Uint8Array): { encoding: Encoding; text: string } | RowFault {
  const asUtf8 = decodes(utf8, bytes)
  if (asUtf8 !== null) return { encoding: 'utf-8', text: asUtf8 }
  const asGb = decodes(gb18030, bytes)
  let firstUtf8 = 0
  let firstOther = 0
  for (const { line, bytes: part } of linesOf(bytes)) {
    if (part.every((b) => b < HIGH)) continue
    const text = decodes(utf8, part)
    if (text === null) {
      firstOther ||= line
      if (asGb === null && decodes(gb18030, part) === null)
        return fault(line, null, 'ENCODING', `第 ${line} 行不是 UTF-8，也不是 GB18030`)
    } else if (/\p{Script=Han}/u.test(text)) firstUtf8 ||= line
  }
  if (firstUtf8 > 0)
    return fault(
      Math.max(firstUtf8, firstOther),
      null,
      'ENCODING',
      `第 ${firstUtf8} 行是 UTF-8，第 ${firstOther} 行却不是：文件混用了两种编码`,
    )
  return asGb === null
    ? fault(firstOther, null, 'ENCODING', '文件不是 UTF-8，也不是 GB18030')
    : { encoding: 'gb18030', text: asGb }
}

function limitFault(bytes: Uint8Array): RowFault | null {
  if (bytes.length > MAX_BYTES) return fault(0, null, 'FILE_TOO_LARGE', `文件超过 ${MAX_BYTES / 1024 / 1024} MiB`)
  for (const [mark, what] of FOREIGN) if (startsWith(bytes, mark)) return fault(0, null, 'ENCODING', what)
  for (const { line, bytes: part } of linesOf(bytes)) {
    if (line > MAX_ROWS) return fault(line, null, 'TOO_MANY_ROWS', `超过 ${MAX_ROWS} 行`)
    if (part.length > MAX_LINE_BYTES)
      return fault(line, null, 'LINE_TOO_LONG', `第 ${line} 行超过 ${MAX_LINE_BYTES} 字节`)
    if (part.includes(NUL)) return fault(line, null, 'ENCODING', `第 ${line} 行有空字符（NUL）`)
  }
  return null
}

const CSV_FAULTS: Readonly<Record<string, readonly [FaultCode, string]>> = {
  CSV_MAX_RECORD_SIZE: ['LINE_TOO_LONG', '一行的内容过长'],
  CSV_QUOTE_NOT_CLOSED: ['CSV_FORMAT', '引号没有成对'],
}

/** Reads bytes as a table, or says what is wrong with the file and in which line. */
export function readSheet(bytes: Uint8Array): Sheet | RowFault {
  const limit = limitFault(bytes)
  if (limit) return limit
  const decoded = decode(startsWith(bytes, BOM_UTF8) ? bytes.subarray(BOM_UTF8.length) : bytes)
  if ('code' in decoded) return decoded
  try {
    const records = parse(decoded.text, {
      relax_column_count: true,
      max_record_size: MAX_LINE_BYTES,
      // Blank lines cost the parser a hundred times what others do; the line numbers put them back.
      skip_empty_lines: true,
      info: true,
    }) as unknown as { info: { lines: number }; record: string[] }[]
    const rows: string[][] = []
    for (const { info, record } of records) {
      while (rows.length < info.lines - 1) rows.push([])
      rows.push(record)
    }
    return { encoding: decoded.encoding, rows }
  } catch (error) {
    const { code = '', lines = 0 } = error as { code?: string; lines?: number }
    const [known, reason] = CSV_FAULTS[code] ?? (['CSV_FORMAT', '引号的位置不对'] as const)
    return fault(lines, null, known, `第 ${lines} 行附近：${reason}`)
  }
}
