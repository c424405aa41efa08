import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DifferenceKind, type Line, lessAssistance, type OwnLine, reconcile, STMT_RSLT } from './reconcile.ts'

const line = (id: string, change: Partial<Line> = {}): Line => ({
  id,
  visit: `M-${id}`,
  person: 'P1',
  medfee: 32_650,
  fund: 21_000,
  acct: 0,
  refunded: false,
  ...change,
})
const own = (id: string, change: Partial<OwnLine> = {}): OwnLine => ({
  ...line(id),
  refunded: false,
  reverses: null,
  alias: null,
  assistance: 1000,
  ...change,
})
const negative = { medfee: -32_650, fund: -21_000, assistance: -1000 }
/** A settlement and its cancellation, as we keep them. */
const pair = (id: string, cancel: string): OwnLine[] => [
  own(id, { refunded: true }),
  own(cancel, { ...negative, refunded: true, reverses: id, visit: `M-${id}` }),
]
const found = (theirs: Line[], ours: OwnLine[], filter: boolean | null = null) =>
  reconcile(theirs, ours, filter).differences.map((d) => [
    STMT_RSLT[d.kind],
    (d.ours ?? d.theirs).id,
    ...(d.kind === 'differs' ? d.fields : []),
  ])
const minus = (id: string, change: Partial<Line> = {}) =>
  line(id, { medfee: -32_650, fund: -21_000, refunded: true, ...change })

describe('对明细账：每一行的结果', () => {
  test.each<[string, Line[], OwnLine[], unknown[]]>([
    ['双方一致', [line('1')], [own('1')], []],
    ['双方都没有', [], [], []],
    ['中心有、医院无', [], [own('1')], [['000101', '1']]],
    ['医院有、中心无', [line('1')], [], [['000102', '1']]],
    ['金额不一致', [line('1', { fund: 20_999, acct: 1 })], [own('1')], [['000103', '1', 'fund', 'acct']]],
    ['总费用不一致', [line('1', { medfee: 1 })], [own('1')], [['000103', '1', 'medfee']]],
    ['人不一致', [line('1', { person: 'P2' })], [own('1')], [['000103', '1', 'person']]],
    ['就诊不一致', [line('1', { visit: 'M-2' })], [own('1')], [['000103', '1', 'visit']]],
    ['医院没写就诊和人，不比', [line('1', { visit: null, person: null })], [own('1')], []],
    ['基金为零的单据也要对', [], [own('1', { fund: 0, assistance: 0 })], [['000101', '1']]],
    ['费用全为零的单据一致', [line('1', { medfee: 0, fund: 0 })], [own('1', { medfee: 0, fund: 0 })], []],
    ['同一单据列了两次', [line('1'), line('1')], [own('1')], [['000102', '1']]],
    ['列了两次，第二次才对：错的那一行多余', [line('1', { fund: 1 }), line('1')], [own('1')], [['000102', '1']]],
    [
      '中心没有的单据列了两次',
      [line('1'), line('1')],
      [],
      [
        ['000102', '1'],
        ['000102', '1'],
      ],
    ],
    ['用我们自己的结算单号', [line('20261101X')], [own('1', { alias: '20261101X', visit: 'M-20261101X' })], []],
  ])('%s', (_, theirs, ours, expected) => expect(found(theirs, ours)).toEqual(expected))

  test.each<[string, Line[], unknown[]]>([
    ['正负两行，各有单据号', [line('1', { refunded: true }), minus('2', { visit: 'M-1' })], []],
    ['负数行仍用原单据号', [line('1', { refunded: true }), minus('1')], []],
    ['只在负数行标退费', [line('1'), minus('2', { visit: 'M-1' })], []],
    ['没标退费', [line('1', { refunded: null }), minus('2', { visit: 'M-1', refunded: null })], []],
    ['医院不知道已退费', [line('1')], [['000101', '2']]],
    ['医院两行都没有', [], [['000101', '1'], ['000101', '2']]], // biome-ignore format: one case a line
    ['撤销写成正数', [line('1'), line('2', { visit: 'M-1' })], [['000103', '2', 'medfee', 'fund']]],
    ['撤销列了两次，一次用新号一次用原号', [line('1'), minus('2', { visit: 'M-1' }), minus('1')], [['000102', '2']]],
  ])('退费的一对单据：%s', (_, theirs, expected) => {
    expect(found(theirs, pair('1', '2'))).toEqual(expected)
  })

  test.each<[string, Line[], OwnLine[], boolean, unknown[]]>([
    ['只对未退费的：退费的一对不算中心多', [], pair('1', '2'), false, []],
    ['只对退费的：未退费的不算中心多', [], [own('3')], true, []],
    ['只对退费的：少了撤销那一行', [line('1', { refunded: true })], pair('1', '2'), true, [['000101', '2']]],
    ['只对未退费的：医院不知道已退费', [line('1')], pair('1', '2'), false, [['000103', '1', 'refunded']]],
    ['只对未退费的，没写标志', [line('1', { refunded: null })], pair('1', '2'), false, [['000103', '1', 'refunded']]],
    [
      '只对退费的，没写标志，其实没退',
      [line('1', { refunded: null })],
      [own('1')],
      true,
      [['000103', '1', 'refunded']],
    ],
  ])('按退费标志对账：%s', (_, theirs, ours, filter, expected) => {
    expect(found(theirs, ours, filter)).toEqual(expected)
  })

  test('医院标了退费，中心没有退', () => {
    expect(found([line('1', { refunded: true })], [own('1')])).toEqual([['000103', '1', 'refunded']])
    expect(found([line('1', { refunded: true }), minus('1')], [own('1')])).toEqual([
      ['000103', '1', 'refunded'],
      ['000102', '1'],
    ])
  })

  test('重复的行说出与哪一行重复；一致的行数得清', () => {
    const first = line('1')
    const { differences, equal } = reconcile([first, line('1'), line('2')], [own('1'), own('2')])
    expect(equal).toBe(2)
    expect(differences).toMatchObject([{ kind: 'duplicate', first }])
  })

  test('转给医保平台的行不含我们加上的救助，中心没有的行不变', () => {
    const rows = lessAssistance([line('1'), minus('1'), line('9')], pair('1', '2'))
    expect(rows.map((r) => r.fund)).toEqual([20_000, -20_000, 21_000])
  })
})

/** A period's documents and a hospital's list of them with known mistakes; `expected` is what must be found. */
function scene(seed: number, size: number) {
  let state = seed >>> 0
  const below = (n: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
  const ours: OwnLine[] = []
  const theirs: Line[] = []
  const expected: string[] = []
  const expect1 = (kind: DifferenceKind, id: string, fields: readonly string[] = []) =>
    expected.push([kind, id, ...fields].join(' '))
  const mistakes: ((row: Line, o: OwnLine) => void)[] = [
    (row) => void expect1('centre_only', row.id),
    (row) => {
      theirs.push({ ...row, fund: row.fund + (row.medfee < 0 ? -1 : 1) })
      expect1('differs', row.id, ['fund'])
    },
    (row) => {
      theirs.push({ ...row, person: `${row.person}x`, medfee: row.medfee * 2 + (row.medfee < 0 ? -1 : 1) })
      expect1('differs', row.id, ['person', 'medfee'])
    },
    (row) => {
      theirs.push(row, { ...row, acct: row.acct + 5 })
      expect1('duplicate', row.id)
    },
    (row) => {
      theirs.push({ ...row, acct: row.acct + 5 }, row)
      expect1('duplicate', row.id)
    },
    (row) => {
      theirs.push(row, line(`N${row.id}`))
      expect1('hospital_only', `N${row.id}`)
    },
    (row, o) => void theirs.push({ ...row, id: o.reverses ?? o.id }),
    (row) => void theirs.push({ ...row, visit: null, person: null, refunded: null }),
  ]
  const list = (o: OwnLine) => {
    ours.push(o)
    const { id, visit, person, medfee, fund, acct, refunded } = o
    const row = { id, visit, person, medfee, fund, acct, refunded }
    const mistake = mistakes[below(mistakes.length * 8)]
    if (mistake) mistake(row, o)
    else theirs.push(row)
  }
  for (let i = 0; ours.length < size; i++) {
    const amounts = { medfee: 1 + below(5_000_000), fund: below(3) * below(1_000_000), acct: below(100) }
    const common = { visit: `V${below(size)}`, person: `P${below(size)}` }
    const refunded = below(10) === 0
    list(own(`S${i}`, { ...common, ...amounts, refunded }))
    if (!refunded) continue
    const back = { medfee: -amounts.medfee, fund: -amounts.fund, acct: -amounts.acct }
    list(own(`C${i}`, { ...common, ...back, refunded, reverses: `S${i}` }))
  }
  // The order of a hospital's list is its own business.
  for (let i = theirs.length - 1; i > 0; i--) {
    const j = below(i + 1)
    const [a, b] = [theirs[i] as Line, theirs[j] as Line]
    theirs[i] = b
    theirs[j] = a
  }
  return { ours, theirs, expected: expected.sort() }
}

const told = (theirs: readonly Line[], ours: readonly OwnLine[]): string[] =>
  reconcile(theirs, ours)
    .differences.map((d) =>
      [
        d.kind,
        (d.kind === 'hospital_only' ? d.theirs : (d.ours ?? d.theirs)).id,
        ...('fields' in d ? d.fields : []),
      ].join(' '),
    )
    .sort()

describe('R26：每一处差异都找到，没有一处是错的', () => {
  test('任意的账', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 60 }), (seed, size) => {
        const { ours, theirs, expected } = scene(seed, size)
        expect(told(theirs, ours)).toEqual(expected)
      }),
    )
  })

  test('十万行，不到五秒', () => {
    const { ours, theirs, expected } = scene(20_261_101, 100_000)
    const start = performance.now()
    const result = told(theirs, ours)
    expect(performance.now() - start).toBeLessThan(5000)
    expect(theirs.length).toBeGreaterThan(95_000)
    expect(expected.length).toBeGreaterThan(5000)
    expect(result).toEqual(expected)
  })
})
