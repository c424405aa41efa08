import type { z } from 'zod'
import { type Fault, type Refusal, refuse } from '../kernel/refusal.ts'
import { columnName } from './names.ts'
import { ERR_MSG_MAX, listFaults } from './say-refusal.ts'

export type Node = Readonly<Record<string, unknown>>
/** Columns of a node by their names; see `fields.ts` for the readers. */
export type Columns = z.ZodObject<Record<string, z.ZodType>>

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
export const cell = (node: Node, name: string): unknown =>
  [name, ...(MISSPELT[name] ?? [])].map((key) => node[key]).find((v) => v !== undefined && v !== null) ?? null

/** The same node with every column under its right name: what was misspelt on the way in is never sent on. */
export function rightlySpelt(node: Node): Node {
  const wrong = new Set(Object.values(MISSPELT).flat())
  const kept = Object.fromEntries(Object.entries(node).filter(([key]) => !wrong.has(key)))
  const mended = Object.keys(MISSPELT).filter((name) => kept[name] === undefined && cell(node, name) !== null)
  return { ...kept, ...Object.fromEntries(mended.map((name) => [name, cell(node, name)])) }
}

/** The transaction's own node: most clients write `data`, one writes `mdtrtinfo` for the same. */
export const DATA_NODES = ['data', 'mdtrtinfo'] as const
export const dataOf = (input: Node): Node | null => DATA_NODES.map((name) => input[name]).find(isNode) ?? null

export const inputInvalid = (faults: readonly Fault[]): Refusal =>
  refuse('his_input_invalid', listFaults(faults, ERR_MSG_MAX), { errors: faults })

const sayNames = (names: readonly string[]): string => names.join(' 或 ')

function readColumns<S extends Columns>(schema: S, node: Node, path: string, row: string): z.output<S> | Fault[] {
  const cells = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, cell(node, name)]))
  const read = schema.safeParse(cells)
  if (read.success) return read.data
  return read.error.issues.map((issue) => ({
    path: `${path}.${issue.path.join('.')}`,
    message: `${row}${columnName(String(issue.path[0] ?? ''))}：${issue.message}`,
  }))
}

/** Reads the first of the named nodes that is there; every fault of it at once. */
export function readNode<S extends Columns>(schema: S, input: Node, names: readonly string[]): z.output<S> | Refusal {
  const name = names.find((one) => input[one] !== undefined && input[one] !== null)
  const node = name === undefined ? undefined : input[name]
  if (name === undefined || !isNode(node)) {
    return inputInvalid([{ path: names[0] ?? '', message: `输入须有对象 ${sayNames(names)}` }])
  }
  const read = readColumns(schema, node, name, '')
  return Array.isArray(read) ? inputInvalid(read) : read
}

/** Reads a list of rows; a client that sends its only row without a list is understood. */
export function readRows<S extends Columns>(
  schema: S,
  input: Node,
  name: string,
  least: 0 | 1,
): z.output<S>[] | Refusal {
  const given = input[name] ?? []
  const rows: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (rows.length < least) return inputInvalid([{ path: name, message: `${columnName(name)}：至少一行` }])
  const faults: Fault[] = []
  const read: z.output<S>[] = []
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
