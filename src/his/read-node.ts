import { type Fault, type Refusal, refuse } from '../kernel/refusal.ts'
import { type Reader, Wrong } from './fields.ts'
import { columnName } from './names.ts'
import { ERR_MSG_MAX, listFaults } from './say-refusal.ts'

export type Node = Readonly<Record<string, unknown>>
type Shape = Readonly<Record<string, Reader<unknown>>>
/** Columns of a node by their names; see `fields.ts` for the readers. */
export interface Columns<S extends Shape = Shape> {
  readonly shape: S
  readonly list: readonly (readonly [name: string, read: Reader<unknown>])[]
}
/** What is read of a node. */
export type Row<C> = C extends Columns<infer S> ? { [K in keyof S]: Exclude<ReturnType<S[K]>, Wrong> } : never

export const columns = <S extends Shape>(shape: S): Columns<S> => ({ shape, list: Object.entries(shape) })

/** Spellings met in the wild, by the right one. Read, never written. */
const MISSPELT: Readonly<Record<string, readonly string[]>> = {
  psn_cash_pay: ['pdn_cash_pay'],
  hifp_pay: ['hlfp_pay'],
  exp_content: ['expContent'],
  cash_payamt: ['cashPayamt'],
  psn_part_amt: ['psn_part_am'],
  medfee_sumamt: ['med_fee_sumamt'],
  dscgTime: ['dscg_time'],
}
/** More faults than anybody reads. */
const MAX_FAULTS = 40

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands under a column, however it is spelt; absent is null. */
export function cell(node: Node, name: string): unknown {
  const own = node[name]
  if (own !== undefined && own !== null) return own
  for (const spelling of MISSPELT[name] ?? []) {
    const other = node[spelling]
    if (other !== undefined && other !== null) return other
  }
  return null
}

const WRONG_SPELLINGS = new Set(Object.values(MISSPELT).flat())

/** The same node with every column under its right name: what was misspelt on the way in is never sent on. */
export function rightlySpelt(node: Node): Node {
  const keys = Object.keys(node)
  if (!keys.some((key) => WRONG_SPELLINGS.has(key))) return node
  const kept = Object.fromEntries(keys.filter((key) => !WRONG_SPELLINGS.has(key)).map((key) => [key, node[key]]))
  const mended = Object.keys(MISSPELT).filter((name) => kept[name] === undefined && cell(node, name) !== null)
  return { ...kept, ...Object.fromEntries(mended.map((name) => [name, cell(node, name)])) }
}

/** The transaction's own node: most clients write `data`, one writes `mdtrtinfo` for the same. */
export const DATA_NODES = ['data', 'mdtrtinfo'] as const
export const dataOf = (input: Node): Node | null => DATA_NODES.map((name) => input[name]).find(isNode) ?? null

export const inputInvalid = (faults: readonly Fault[]): Refusal =>
  refuse('his_input_invalid', listFaults(faults, ERR_MSG_MAX), { errors: faults })

const sayNames = (names: readonly string[]): string => names.join(' 或 ')

function readColumns<S extends Shape>(schema: Columns<S>, node: Node, path: string, row: string) {
  const read: Record<string, unknown> = {}
  const faults: Fault[] = []
  for (const [name, reader] of schema.list) {
    const value = reader(cell(node, name))
    if (value instanceof Wrong)
      faults.push({ path: `${path}.${name}`, message: `${row}${columnName(name)}：${value.why}` })
    else read[name] = value
  }
  return faults.length === 0 ? (read as Row<Columns<S>>) : faults
}

/** Reads the first of the named nodes that is there; every fault of it at once. */
export function readNode<S extends Shape>(
  schema: Columns<S>,
  input: Node,
  names: readonly string[],
): Row<Columns<S>> | Refusal {
  const name = names.find((one) => input[one] !== undefined && input[one] !== null)
  const node = name === undefined ? undefined : input[name]
  if (name === undefined || !isNode(node)) {
    return inputInvalid([{ path: names[0] ?? '', message: `输入须有对象 ${sayNames(names)}` }])
  }
  const read = readColumns(schema, node, name, '')
  return Array.isArray(read) ? inputInvalid(read) : read
}

/** Reads a list of rows; a client that sends its only row without a list is understood. */
export function readRows<S extends Shape>(
  schema: Columns<S>,
  input: Node,
  name: string,
  least: 0 | 1,
): Row<Columns<S>>[] | Refusal {
  const given = input[name] ?? []
  const rows: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (rows.length < least) return inputInvalid([{ path: name, message: `${columnName(name)}：至少一行` }])
  const faults: Fault[] = []
  const read: Row<Columns<S>>[] = []
  for (const [i, row] of rows.entries()) {
    const path = `${name}[${i}]`
    const one = isNode(row) ? readColumns(schema, row, path, `第${i + 1}行 `) : notARow(path, i)
    if (Array.isArray(one)) faults.push(...one)
    else read.push(one)
    if (faults.length >= MAX_FAULTS) break
  }
  return faults.length > 0 ? inputInvalid(faults) : read
}
const notARow = (path: string, i: number): Fault[] => [{ path, message: `第${i + 1}行：须为对象` }]
