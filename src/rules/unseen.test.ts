import { describe, expect, it } from 'vitest'
import { checkFiles } from './check.ts'
import { readDirectory } from './files.ts'

// A city nobody had in mind when the format was made, written down from its two published texts alone
// (Wuhan: 2016-12-27, out of force from 2022-01-01; and January 2023), with a case at every edge the texts name.
const files = readDirectory('fixtures/schemes').filter(({ path }) => path.startsWith('unseen-wuhan/'))

describe('a city not read about before', () => {
  const checked = checkFiles(files)

  it('has no fault, and its published amounts come out', () => {
    expect(checked.faults).toEqual([])
    expect(checked.schemes).toHaveLength(1)
    expect(checked.cases).toBeGreaterThanOrEqual(48)
  })

  it('is refused when one published amount is another', () => {
    const changed = files.map((file) => ({ ...file, text: file.text.replaceAll('"26000.00"', '"26000.01"') }))
    expect(checkFiles(changed).faults.length).toBeGreaterThan(0)
  })
})
