import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { REFUSALS } from '../src/kernel/refusal.ts'
import { STAGES } from '../src/rules/words.ts'
import { filesUnder, ROOT, SOURCES, type Source, textOf } from './sources.ts'

/** Every exception from a rule stands here, with its reason, or it does not exist. */
const EXCEPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a noun imports nothing of node': {
    'src/kernel/canonical.ts': 'hashing is arithmetic: node:crypto without effect',
    'src/kernel/seal.ts': 'the one place of ciphers',
    'src/kernel/ids.ts': 'the one source of randomness',
    'src/rules/files.ts': 'reads RULES_DIR, for the boot and the command line',
    'src/his/post.ts': 'the one place that speaks HTTP, to insurance platforms',
    'src/his/lines.ts': 'the one place that opens connections, to insurance platforms',
  },
  'a line imports only what stands before it': {
    'src/audit/chain.ts': 'how a link is hashed rests on the kernel alone, and bookings as well as acts append links',
  },
  'drizzle only in queries and store': {
    'src/settlement/open-booking.ts': 'chooses the adapter of booking by engine',
  },
  'files of at most 300 lines': {
    'src/store/tables.ts': 'every table, once, in one place',
  },
  'functions of at most 70 lines': {
    'src/store/tables.ts defineTables': 'a list of tables',
    'src/store/tables.his.ts defineHisTables': 'a list of tables',
  },
  'clock and randomness come as arguments': {
    'src/store/postgres-writer.ts Math.random': 'spreads the retries of one lock',
  },
}
const excepted = (rule: string, what: string): boolean => Object.hasOwn(EXCEPTIONS[rule] ?? {}, what)
const breaches = (rule: string, found: readonly string[]): string[] =>
  found.filter((what) => !excepted(rule, what.split(' -> ')[0] ?? what))

const ours = SOURCES.filter((s) => s.path.startsWith('src/') && !/\.(test|fixture)\.ts$/.test(s.path))
const byPath = new Map(SOURCES.map((s) => [s.path, s]))

type Kind = 'kernel' | 'noun' | 'store' | 'query' | 'access' | 'verb' | 'door' | 'app' | 'main'
const NOUNS = ['access', 'rules', 'register', 'hospitals', 'settlement', 'ledger', 'audit', 'clearing', 'his', 'public']

/**
 * The kind of a file: by its folder and name; a verb is a file of a noun's folder that reaches for queries or `act`,
 * or is handed them as every HIS transaction is.
 */
function kindOf(path: string): Kind {
  const [, folder, name = ''] = path.split('/')
  if (!name) return folder === 'app.ts' ? 'app' : 'main'
  if (folder === 'kernel' || folder === 'store' || folder === 'door') return folder
  if (folder === 'cli' || folder === 'terminal') return 'main'
  if (/^(queries|booking\.(sqlite|postgres)|open-booking)\b/.test(name)) return 'query'
  if (/^(routes|.*pages?)\.tsx?$/.test(name)) return 'door'
  if (folder === 'access' && /^(act|directory)\.ts$/.test(name)) return 'access'
  return (byPath.get(path)?.imports ?? []).some((i) => i.ours && REACHES.test(i.target)) ? 'verb' : 'noun'
}
const REACHES = /^src\/(access\/|store\/|[a-z]+\/queries|[a-z]+\/open-booking|his\/transaction\.ts)/
const RANK: Record<Kind, number> = {
  kernel: 0,
  noun: 1,
  store: 2,
  query: 3,
  access: 4,
  verb: 5,
  door: 6,
  app: 7,
  main: 8,
}
const folderRank = (path: string) => NOUNS.indexOf(path.split('/')[1] ?? '')

/** Whether a file may import another: lower kinds, its own kind, and among nouns only its own and lower folders. */
function mayImport(from: string, to: string): boolean {
  const [a, b] = [kindOf(from), kindOf(to)]
  if (a === 'noun' && b === 'noun') return folderRank(to) <= folderRank(from)
  return RANK[b] <= RANK[a]
}

const importsOf = (s: Source, pattern: RegExp, typesToo = true) =>
  s.imports.filter((i) => pattern.test(i.target) && (typesToo || !i.typeOnly)).map((i) => i.target)
const files = (kind: Kind) => ours.filter((s) => kindOf(s.path) === kind)

describe('the house', () => {
  test('a line imports only what stands before it', () => {
    const found = ours.flatMap((s) =>
      s.imports
        .filter((i) => i.ours && i.target.endsWith('.ts') && !mayImport(s.path, i.target))
        .filter((i) => !excepted('a line imports only what stands before it', i.target))
        .map((i) => `${s.path} -> ${i.target}`),
    )
    expect(found).toEqual([])
  })

  test('a noun imports nothing with an effect: no store, hono, drizzle or node:*', () => {
    const found = [...files('kernel'), ...files('noun')].flatMap((s) =>
      importsOf(s, /^(src\/store\/|hono|drizzle|@hono|pino|pg$|better-sqlite3|node:)/).map((i) => `${s.path} -> ${i}`),
    )
    expect(breaches('a noun imports nothing of node', found)).toEqual([])
  })

  test('drizzle is spoken in queries and in the store only, hono at doors only', () => {
    const found = ours.flatMap((s) => {
      const kind = kindOf(s.path)
      const drizzle = kind === 'query' || kind === 'store' ? [] : importsOf(s, /^drizzle/)
      const hono = ['door', 'app', 'main'].includes(kind) ? [] : importsOf(s, /^(hono|@hono)/)
      return [...drizzle, ...hono].map((i) => `${s.path} -> ${i}`)
    })
    expect(breaches('drizzle only in queries and store', found)).toEqual([])
  })

  test('doors reach the store through their verbs', () => {
    const found = files('door').flatMap((s) =>
      importsOf(s, /^src\/(store\/(?!store\.ts)|[a-z]+\/queries)/, false).map((i) => `${s.path} -> ${i}`),
    )
    expect(found).toEqual([])
  })

  test('the terminal is a program of its own: it knows the service by its address, and nobody imports it', () => {
    const own = /^(src\/(terminal|kernel)\/|src\/(node-version|quick-resolve)\.ts$|node:|zod$)/
    const found = ours.flatMap((s) =>
      s.path.startsWith('src/terminal/')
        ? s.imports.filter((i) => !own.test(i.target)).map((i) => `${s.path} -> ${i.target}`)
        : importsOf(s, /^src\/terminal\//).map((i) => `${s.path} -> ${i}`),
    )
    expect(found).toEqual([])
    expect(ours.some((s) => s.path === 'src/terminal/main.ts')).toBe(true)
  })

  test('decimal.js is imported by kernel/money.ts alone', () => {
    expect(SOURCES.filter((s) => importsOf(s, /^decimal\.js/).length > 0).map((s) => s.path)).toEqual([
      'src/kernel/money.ts',
    ])
  })

  test('only access/act.ts writes, beside the booking adapters and the opening of the store', () => {
    const writers = ours.filter((s) => /\bstore \. (write|writeSync|withClient) \(/.test(s.code)).map((s) => s.path)
    expect(writers.sort()).toEqual([
      'src/access/act.ts',
      'src/settlement/booking.postgres.ts',
      'src/settlement/booking.sqlite.ts',
      'src/store/open.ts',
    ])
  })
})

/** Words nobody writes here; the pattern is looked for in code without comments. */
const BANNED: readonly [string, RegExp, (s: Source) => boolean][] = [
  ['@ts-ignore and its kin: mend the type', /@ts-(ignore|expect-error|nocheck)/, () => true],
  ['console.log: the log is one line of JSON by pino', /\bconsole \. log\b/, (s) => s.path.startsWith('src/')],
  [
    '2999-12-31: absence is an answer',
    /(2999|9999)-12-31/,
    (s) => ours.includes(s) && s.path !== 'src/register/cells.ts',
  ],
  ['Math.random: nobody can run it again', /\bMath \. random\b/, (s) => ours.includes(s)],
  ['parseFloat: money is text or fen', /\bparseFloat\b/, () => true],
  ['toFixed: money is rounded in kernel/money.ts', /\. toFixed \( \d/, (s) => ours.includes(s)],
  [
    'the clock is an argument',
    /\bnew Date \( \)|\bDate \. now \( \)/,
    (s) => ours.includes(s) && kindOf(s.path) !== 'main',
  ],
]

describe('words', () => {
  test.each(BANNED)('%s', (_, pattern, holds) => {
    const found = SOURCES.filter((s) => s.path !== 'test/tidy.test.ts' && holds(s) && pattern.test(s.code))
    const names = found.map((s) => (pattern.source.includes('random') ? `${s.path} Math.random` : s.path))
    expect(breaches('clock and randomness come as arguments', names)).toEqual([])
  })

  test('no `any`: say what it is, or unknown', () => {
    const found = SOURCES.filter((s) => s.usesAny && !/biome-ignore lint\/suspicious\/noExplicitAny: ./.test(s.text))
    expect(found.map((s) => s.path)).toEqual([])
  })

  test('no default exports', () => {
    expect(SOURCES.filter((s) => s.hasDefaultExport && !s.path.endsWith('.config.ts')).map((s) => s.path)).toEqual([])
  })

  test('no notes to self', () => {
    const note = new RegExp(`\\b(${['TO', 'FIX', 'XX'].map((w, i) => w + ['DO', 'ME', 'X'][i]).join('|')})\\b`)
    expect(SOURCES.filter((s) => note.test(s.text)).map((s) => s.path)).toEqual([])
  })

  test('no paths of anybody’s machine', () => {
    const path = new RegExp(`(^|[\\s'"\`(=])/(${['work', 'home', 'root', 'Users'].join('|')})/`, 'm')
    const text = ['src', 'test', 'fixtures', 'bench', 'rules', '.ci', 'drizzle']
      .filter((folder) => existsSync(join(ROOT, folder)))
      .flatMap(filesUnder)
      .filter((f) => /\.(ts|tsx|md|ya?ml|json|sql|sh|css|js)$/.test(f))
    expect([...text, 'README.md', 'package.json'].filter((f) => path.test(textOf(f)))).toEqual([])
  })
})

describe('size', () => {
  test('files of at most 300 lines', () => {
    const found = SOURCES.filter((s) => s.lines > 300).map((s) => s.path)
    expect(breaches('files of at most 300 lines', found)).toEqual([])
  })

  test('functions of at most 70 lines', () => {
    const found = SOURCES.flatMap((s) => s.functions.filter((f) => f.lines > 70).map((f) => `${s.path} ${f.name}`))
    expect(breaches('functions of at most 70 lines', found)).toEqual([])
  })
})

describe('nothing is left unsaid', () => {
  const tests = SOURCES.filter((s) => s.path.endsWith('.test.ts') && s.path !== 'test/tidy.test.ts')

  test.each(Object.keys(REFUSALS))('a test names the refusal %s', (code) => {
    expect(tests.some((s) => new RegExp(`['"\`]${code}['"\`]`).test(s.text))).toBe(true)
  })

  test.each(STAGES)('the rule stage %s is described', (stage) => {
    expect(textOf('rules/README.md')).toMatch(new RegExp(`^#+ .*\\b${stage}\\b`, 'm'))
  })

  test('every dependency is introduced in README', () => {
    const { dependencies, optionalDependencies } = JSON.parse(textOf('package.json'))
    const readme = textOf('README.md')
    const missing = Object.keys({ ...dependencies, ...optionalDependencies }).filter(
      (d) => !readme.includes(`\`${d}\``),
    )
    expect(missing).toEqual([])
  })

  test('every dependency has one exact version', () => {
    const p = JSON.parse(textOf('package.json'))
    const versions = Object.values({ ...p.dependencies, ...p.devDependencies, ...p.optionalDependencies })
    expect(versions.filter((v) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(v)))).toEqual([])
  })

  test('the lock file names no registry: it installs from whichever one is at hand', () => {
    expect(textOf('package-lock.json')).not.toContain('"resolved"')
  })
})

test('every exception is still needed', () => {
  const stale = Object.values(EXCEPTIONS).flatMap((list) =>
    Object.keys(list).filter((what) => !byPath.has(what.split(' ')[0] ?? '')),
  )
  expect(stale).toEqual([])
})
