import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DocShell, openDocShell, stepsOf, unlike, unlikeShown } from './doc-shell.ts'
import { refusalsTable, transactionsTable } from './doc-tables.ts'

const FILE = new URL('../docs/his.md', import.meta.url)
const STEPS = stepsOf(readFileSync(FILE, 'utf8'))

describe('docs/his.md 里的命令，在新的数据库上依次执行', () => {
  let shell: DocShell
  beforeAll(async () => {
    shell = await openDocShell()
  })
  afterAll(() => shell.close())

  test.each(STEPS.map((step) => [step.line, step] as const))('第 %i 行', async (_, step) => {
    const { out, err, status } = await shell.type(step.typed)
    expect(status, err).toBe(0)
    expect(unlikeShown(step, out)).toEqual([])
  })
})

test('凡是有答复的，都写了出来', () => {
  const silent = STEPS.filter(
    ({ typed, shown }) => /^(send|curl) /m.test(typed) && !/ (-o|>) \S/.test(typed) && shown === null,
  )
  expect(silent.map(({ line }) => line)).toEqual([])
  expect(STEPS.length).toBeGreaterThan(15)
})

const TABLES = { refusals: refusalsTable(), transactions: transactionsTable() }
const placeOf = (name: string) => new RegExp(`(<!-- ${name} -->\\n)([^]*?)(\\n<!-- /${name} -->)`)

describe('docs/his.md 里的表与程序一致（UPDATE_DOCS=1 重写）', () => {
  test.each(Object.entries(TABLES))('%s', (name, table) => {
    if (process.env.UPDATE_DOCS)
      writeFileSync(
        FILE,
        readFileSync(FILE, 'utf8').replace(placeOf(name), (_, head, __, foot) => head + table + foot),
      )
    expect(placeOf(name).exec(readFileSync(FILE, 'utf8'))?.[2]).toBe(table)
  })
})

test('比较本身：数额、多出的键、行数不对，都看得出', () => {
  expect(unlike({ a: 1.5, '…': '…' }, { a: 1.5, b: 2 })).toEqual([])
  expect(unlike({ a: '20…', b: ['x', '…'] }, { a: '2025', b: ['x', 'y'] })).toEqual([])
  expect(unlike({ a: 1 }, { a: '1', b: 2 })).toEqual(['.b: not shown', '.a: shown 1, came "1"'])
  expect(unlike({ a: [1], b: 'x…' }, { a: [1, 2], b: 'y' })).toHaveLength(2)
  expect(unlikeShown({ line: 1, typed: '', shown: { kind: 'text', text: 'a…c\n' } }, 'a b d\n')).toHaveLength(1)
})
