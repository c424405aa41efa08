import type { HisMode, Tif, Upstream } from '../hospitals/his.ts'
import type { Hospital, Terminal } from '../hospitals/hospital.ts'
import { allHisModes, allHospitals, allSm2, allTerminals, allTifs, allUpstreams } from '../hospitals/queries.ts'
import { type CodeDocument, compileCodesText, isCodesKey } from '../rules/codes.ts'
import type { CompiledVersion } from '../rules/compile.ts'
import { compileText } from '../rules/compile.ts'
import { gatherSchemes, type Scheme } from '../rules/in-force.ts'
import { type PublishedText, publishedTexts } from '../rules/queries.ts'
import type { Store } from '../store/store.ts'
import { allStaff, officeSeq, type Staff } from './queries.ts'

/** The reference data every request needs, as it was after `officeSeq` staff acts. */
export interface Directory {
  readonly officeSeq: number
  readonly hospitals: ReadonlyMap<string, Hospital>
  readonly terminals: ReadonlyMap<string, Terminal>
  readonly terminalByKey: ReadonlyMap<string, Terminal>
  readonly staffByToken: ReadonlyMap<string, Staff>
  /** How hospitals stand in the chain of the national interface; who is not here stands in the second step. */
  readonly his: ReadonlyMap<string, HisMode>
  /** Insurance platforms by area; credentials are unsealed where they are used. */
  readonly upstreams: ReadonlyMap<string, Upstream>
  readonly tifByTerminal: ReadonlyMap<string, Tif>
  readonly tifByPaasid: ReadonlyMap<string, Tif>
  /** SM2 public keys of terminals that must sign their envelopes. */
  readonly sm2ByTerminal: ReadonlyMap<string, string>
  readonly schemes: readonly Scheme[]
  /** The texts the schemes were compiled from. */
  readonly texts: readonly PublishedText[]
  /** The code tables of every area, as published. */
  readonly codeDocuments: readonly CodeDocument[]
}

export interface DirectoryKeeper {
  /** At most a second behind the store: good enough to know who calls. */
  recent(): Promise<Directory>
  /** Asks the store first whether the copy is still true. */
  now(): Promise<Directory>
  /** Reads again unless the copy already stands at this number of staff acts. A booking demands the exact one. */
  at(officeSeq: number): Promise<Directory>
}

/** Every category a scheme in force knows, with the name the law gives it. */
export const schemeCategories = ({ schemes }: Directory): Map<string, string> =>
  new Map(schemes.flatMap((s) => s.versions.flatMap((v) => v.categories.map((c) => [c.key, c.label] as const))))

const RECENT_MS = 1000

/** Each text compiled, those compiled before from memory. */
const keepBy = <C>(kept: Map<string, C>, texts: readonly PublishedText[], compile: (text: string, file: string) => C) =>
  texts.map((t) => {
    const known = kept.get(t.hash) ?? compile(t.text, `${t.scheme}/${t.version}.yaml`)
    kept.set(t.hash, known)
    return known
  })

/**
 * Keeps hospitals, terminals, staff and rules in memory. Every staff act moves the office's sequence number, so one
 * number tells whether the copy is still true; compiled rules are kept by the hash of their text.
 */
export function keepDirectory(store: Store, clock: () => number = Date.now): DirectoryKeeper {
  const compiled = new Map<string, CompiledVersion>()
  const compiledCodes = new Map<string, CodeDocument>()
  let current: Directory | null = null
  let checkedAt = Number.NEGATIVE_INFINITY
  let reading: Promise<Directory> | null = null

  async function read(): Promise<Directory> {
    // The number is read first: what is read after it can only be newer, never older.
    const seq = await officeSeq(store)
    if (current?.officeSeq === seq) return current
    const [hospitals, terminals, staff, published, his, upstreams, tifs, sm2ByTerminal] = await Promise.all([
      allHospitals(store),
      allTerminals(store),
      allStaff(store),
      publishedTexts(store),
      allHisModes(store),
      allUpstreams(store),
      allTifs(store),
      allSm2(store),
    ])
    const texts = published.filter((t) => !isCodesKey(t.scheme))
    const codeTexts = published.filter((t) => isCodesKey(t.scheme))
    return {
      officeSeq: seq,
      hospitals: new Map(hospitals.map((h) => [h.code, h])),
      terminals: new Map(terminals.map((t) => [t.id, t])),
      terminalByKey: new Map(terminals.map((t) => [t.key_hash, t])),
      staffByToken: new Map(staff.map((s) => [s.token_hash, s])),
      his,
      upstreams,
      tifByTerminal: new Map(tifs.map((t) => [t.terminal_id, t])),
      tifByPaasid: new Map(tifs.map((t) => [t.paasid, t])),
      sm2ByTerminal,
      schemes: gatherSchemes(keepBy(compiled, texts, compileText)),
      texts,
      codeDocuments: keepBy(compiledCodes, codeTexts, compileCodesText),
    }
  }

  function refresh(): Promise<Directory> {
    reading ??= read()
      .then((directory) => {
        current = directory
        checkedAt = clock()
        return directory
      })
      .finally(() => {
        reading = null
      })
    return reading
  }

  return {
    async recent() {
      return current && clock() - checkedAt < RECENT_MS ? current : refresh()
    },
    now: refresh,
    async at(seq) {
      if (current && current.officeSeq >= seq) return current
      // A reading under way may have begun before the act we must see.
      if (reading) await reading
      return current && current.officeSeq >= seq ? current : refresh()
    },
  }
}
