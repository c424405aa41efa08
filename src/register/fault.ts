/** Everything that can be wrong with a row of a roster or a change, and what the clerk does about it. */
const FAULTS = {
  ENCODING: { rejects: true, action: '请在表格软件中“另存为 CSV UTF-8（逗号分隔）”后重新导入' },
  FILE_TOO_LARGE: { rejects: true, action: '请按乡镇拆分后分别导入' },
  TOO_MANY_ROWS: { rejects: true, action: '请按乡镇拆分后分别导入' },
  LINE_TOO_LONG: { rejects: true, action: '请检查该行是否缺少换行或引号' },
  CSV_FORMAT: { rejects: true, action: '请检查该行的引号是否成对' },
  HEADER_MISSING: { rejects: true, action: '请使用模板的表头，并放在前 10 行之内' },
  EMPTY_ROW: { rejects: false, action: '无须处理' },
  TOTAL_ROW_SKIPPED: { rejects: false, action: '无须处理；合计行不导入' },
  NAME_INVALID: { rejects: true, action: '请按身份证填写姓名' },
  ID_SCIENTIFIC: { rejects: true, action: '请把该列设为“文本”格式，从原始资料重新录入证件号' },
  ID_PRECISION_LOST: { rejects: true, action: '请把该列设为“文本”格式，从原始资料重新录入证件号' },
  ID_15: { rejects: true, action: '请填写 18 位公民身份号码' },
  ID_FORMAT: { rejects: true, action: '请核对身份证原件后重新录入' },
  ID_CHECKSUM: { rejects: true, action: '请核对身份证原件后重新录入' },
  ID_DUP_IN_FILE: { rejects: true, action: '请删除重复的一行，或更正证件号' },
  NAME_MISMATCH_REGISTER: { rejects: true, action: '请核对证件与姓名；登记有误的，先办理姓名更正' },
  CATEGORY_UNKNOWN: { rejects: true, action: '请填写救助类别的代码或规范名称' },
  TOWN_UNKNOWN: { rejects: true, action: '请填写乡镇（街道）的规范名称' },
  TOWN_NEW: { rejects: false, action: '登记册中尚无此乡镇（街道），请核对是否写错' },
  PLACE_INVALID: { rejects: true, action: '请填写 6 位参保地统筹区编码' },
  DATE_INVALID: { rejects: true, action: '请按 2026-01-31 的形式填写日期' },
  DATE_REVERSED: { rejects: true, action: '请核对起止日期' },
  PERIOD_OVERLAP: { rejects: true, action: '请合并为一行，或更正起止日期' },
  ALREADY_DEAD: { rejects: true, action: '请核对；死亡登记有误的，先办理更正' },
  HOUSEHOLD_HEAD_MISSING: { rejects: false, action: '请核对户主证件号；户主不是救助对象的无须处理' },
  PERSON_KNOWN: { rejects: true, action: '请改用变更，不要重复登记' },
  PERSON_UNKNOWN: { rejects: true, action: '请核对证件号，或先登记此人' },
  NOT_HELD: { rejects: true, action: '请核对类别与日期' },
} as const satisfies Record<string, { rejects: boolean; action: string }>

export type FaultCode = keyof typeof FAULTS

/** One fault, with the row number the clerk sees; 0 is the file as a whole. It never repeats a name or a number. */
export interface RowFault {
  readonly row: number
  /** The column as the template names it; null: the row as a whole. */
  readonly column: string | null
  readonly code: FaultCode
  /** False: a remark; the row is taken. */
  readonly rejects: boolean
  readonly reason: string
  readonly action: string
}

export const fault = (row: number, column: string | null, code: FaultCode, reason: string): RowFault => ({
  row,
  column,
  code,
  rejects: FAULTS[code].rejects,
  reason,
  action: FAULTS[code].action,
})
