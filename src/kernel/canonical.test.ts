import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonical } from './canonical.ts'

/** The same by the book: every member sorted by code units, every text and name written by JSON itself. */
function plainly(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(plainly).join(',')}]`
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${plainly(inner)}`).join(',')}}`
}

test('every JSON value: the text JSON would write with its members sorted', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      expect(canonical(value)).toBe(plainly(value))
      expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
    { numRuns: 2000 },
  )
})

test('whatever stands in a text or a name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' }), (name, text) => {
      expect(canonical({ [text]: name, [`${name}1`]: text })).toBe(plainly({ [text]: name, [`${name}1`]: text }))
    }),
    { numRuns: 2000 },
  )
})

test.each<[string, unknown, string]>([
  [
    'members in the order of code units',
    { b: 1, a: 2, é: 3, Z: 4, '10': 5, '9': 6 },
    '{"10":5,"9":6,"Z":4,"a":2,"b":1,"é":3}',
  ],
  ['what is undefined is left out, or null in a list', { a: undefined, b: [undefined, 1] }, '{"b":[null,1]}'],
  ['zero has no sign', [-0, 0], '[0,0]'],
  ['quotes, strokes and control characters', '"\\\u0001\u007f', '"\\"\\\\\\u0001\u007f"'],
])('%s', (_, value, text) => expect(canonical(value)).toBe(text))
