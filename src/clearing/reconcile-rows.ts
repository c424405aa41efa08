import { act, type Deps } from '../access/act.ts'
import type { Caller } from '../access/caller.ts'
import { rowDigest } from '../audit/chain.ts'
import { openDocument, psnBlind } from '../his/kept.ts'
import { msgidOf } from '../his/told.ts'
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts'
import { terminalOf } from '../settlement/settle.ts'
import type { DetailLine } from './detail-file.ts'
import { keepReconciliation } from './keep-reconciliation.ts'
import { periodFault } from './period.ts'
import {
  documentsByNumber,
  type Group,
  groupDocuments,
  groupTotals,
  insertFile,
  type NamedDocument,
  type OwnDocument,
} from './queries.ts'
import { type Difference, reconcile, STMT_RSLT } from './reconcile.ts'
import { type OwnDetail, type ResultRow, resultRow, resultText, zipOfText } from './result-file.ts'
import { type FileInfo, infoOf, sealFile } from './stored-file.ts'
import { differingFields, type OwnTotals, type StatedTotals, sayDifferences } from './totals.ts'

export interface RowsAsk {
  readonly group: Omit<Group, 'hospital'>
  readonly stated: StatedTotals
  readonly lines: readonly DetailLine[]
  /** What the insurer's platform found on its side, where it was asked too. */
  readonly platform?: readonly ResultRow[]
}

export interface RowsAnswer {
  readonly id: string
  readonly stmt_rslt: string
  readonly ours: OwnTotals
  readonly rows: readonly ResultRow[]
  readonly file: FileInfo
}

/**
 * A file that does not add up to what was stated of it is not reconciled: every row that got lost on the way would
 * come back as one the centre has more, and hospitals take those back.
 */
function fileFault(lines: readonly DetailLine[], stated: StatedTotals): Refusal | null {
  const held = { count: lines.length, medfee: 0, fund: 0, acct: 0, cash: stated.cash ?? 0 }
  for (const line of lines) {
    held.medfee += line.medfee
    held.fund += line.fund
    held.acct += line.acct
  }
  if (differingFields(stated, held).length === 0) return null
  return refuse('file_faulty', `明细的合计与申报的不一致：${sayDifferences(stated, held, { sides: ['申报', '文件'] })}`)
}

/** Our side of a group, whole: what the rows for the insurer's platform are made with as well. */
export async function ownSide(deps: Deps, group: Omit<Group, 'refunded'>): Promise<OwnDocument[]> {
  const ours: OwnDocument[] = []
  for await (const page of groupDocuments(deps.store, group)) ours.push(...page)
  return ours
}

/** Their rows with persons in our form; the same person comes many times. */
function blinded(deps: Deps, lines: readonly DetailLine[]): DetailLine[] {
  const known = new Map<string, string>()
  return lines.map((line) => {
    if (line.psn_no === null) return line
    const person = known.get(line.psn_no) ?? psnBlind(deps.keys, line.psn_no)
    known.set(line.psn_no, person)
    return { ...line, person }
  })
}

const AT_ONCE = 500

async function namedDocuments(
  deps: Deps,
  hospital: string,
  ids: readonly string[],
): Promise<Map<string, NamedDocument>> {
  const found = new Map<string, NamedDocument>()
  for (let i = 0; i < ids.length; i += AT_ONCE)
    for (const document of await documentsByNumber(deps.store, hospital, ids.slice(i, i + AT_ONCE)))
      found.set(document.id, document)
  return found
}

type Tree = { readonly [name: string]: Tree } | string | number | null | undefined
const at = (tree: Tree, ...path: string[]): Tree =>
  path.reduce<Tree>((node, name) => (typeof node === 'object' && node !== null ? node[name] : undefined), tree)

/** The insurer's number of a person as the words of a document hold it. */
function psnNoOf(deps: Deps, hospital: string, { key, sealed }: NamedDocument): string | null {
  if (sealed === '') return null
  const words = JSON.parse(openDocument(deps.keys, hospital, key, sealed)) as Tree
  const no =
    at(words, 'container', 'setlinfo', 'psn_no') ?? at(words, 'data', 'psn_no') ?? at(words, 'setlinfo', 'psn_no')
  return typeof no === 'string' ? no : null
}

/** Where a document is that the hospital lists and this group does not hold. */
const sayElsewhere = (d: NamedDocument): string =>
  d.neverWas
    ? '中心已按 2601 冲正'
    : `不在本次范围：中心记在 ${d.day}，险种 ${d.insutype}，清算类别 ${d.clr_type}，经办机构 ${d.setl_optins}`

type Found = Difference<DetailLine, OwnDocument>

/** Differences as rows of the result, with what only the documents themselves tell. */
async function resultRows(deps: Deps, hospital: string, differences: readonly Found[]): Promise<ResultRow[]> {
  const ids = differences.map((d) => (d.ours ?? d.theirs).id)
  const named = await namedDocuments(deps, hospital, [...new Set(ids)])
  const elsewhere = new Map([...named].map(([id, document]) => [id, sayElsewhere(document)]))
  const detail = (own: OwnDocument): OwnDetail => {
    const document = named.get(own.id)
    return { ...own, psn_no: document ? psnNoOf(deps, hospital, document) : null, msgid: msgidOf(own.key) }
  }
  return differences.map((d) =>
    resultRow((d.ours === null ? d : { ...d, ours: detail(d.ours) }) as Difference<DetailLine, OwnDetail>, elsewhere),
  )
}

/** What all rows together say: one kind of difference, or that the data differ. */
function overall(rows: readonly ResultRow[]): string {
  const [first, ...others] = new Set(rows.map((row) => row.stmt_rslt ?? ''))
  return first === undefined ? STMT_RSLT.equal : others.length === 0 ? first : STMT_RSLT.differs
}

/** A hospital's rows of a period held against ours (3202); the differences are a file it may fetch. */
export async function reconcileRows(deps: Deps, caller: Caller, ask: RowsAsk): Promise<RowsAnswer | Refusal> {
  const terminal = terminalOf(caller, 'clearing.reconcile')
  if (isRefusal(terminal)) return terminal
  const group = { ...ask.group, hospital: terminal.hospital }
  const fault = periodFault(group.from, group.to) ?? fileFault(ask.lines, ask.stated)
  if (fault) return fault
  const found = reconcile(blinded(deps, ask.lines), await ownSide(deps, group), group.refunded)
  const own = await resultRows(deps, group.hospital, found.differences)
  const told = new Set(own.map((row) => row.setl_id))
  const rows = [...own, ...(ask.platform ?? []).filter((row) => !told.has(row.setl_id))]
  const name = `3202_${group.from}_${group.to}`.replaceAll('-', '')
  // Before the transaction, which others wait for.
  const bytes = zipOfText(`${name}.txt`, resultText(rows), deps.now())
  return act(deps, caller, 'clearing.reconcile', async (tx, t, at) => {
    const { visits: _, ...ours } = await groupTotals(tx, t, group)
    const result = overall(rows)
    const file = sealFile(deps.keys, group.hospital, `${name}.zip`, bytes, at)
    await insertFile(tx, t, file)
    const theirs = { ...ask.stated, refunded: group.refunded }
    const sums = { ...ours, rows: rows.length, file_qury_no: file.file_qury_no }
    const kept = await keepReconciliation(tx, t, { infno: '3202', group, theirs, ours: sums, result }, at)
    const { from, to } = group
    const digests = [kept.digest, rowDigest('his_file', file)]
    const detail = { did: 'rows', from, to, result, differences: rows.length, rows: digests }
    const answer = { id: kept.id, stmt_rslt: result, ours, rows, file: infoOf(file) }
    return { result: answer, deed: { subject: `reconciliation:${kept.id}`, detail } }
  })
}
