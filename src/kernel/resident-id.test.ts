import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bornOn, checkCharacter, modernResidentId, readResidentId } from './resident-id.ts'

const id = (first17: string) => first17 + checkCharacter(first17)

describe('身份证号的两种写法', () => {
  test.each<[string, string, string | null]>([
    ['18 位', id('65400219620101000'), id('65400219620101000')],
    ['15 位旧号码', '654002620101000', id('65400219620101000')],
    ['前后空格', ' 654002620101000 ', id('65400219620101000')],
    ['小写 x', '11010519491231002x', '11010519491231002X'],
    ['校验码错', '654002196201010001', null],
    ['15 位，没有的生日', '654002620230000', null],
    ['护照', 'E12345678', null],
    ['空', '', null],
  ])('%s', (_, text, expected) => expect(readResidentId(text)).toBe(expected))

  test('不是 15 位的原样留下', () => expect(modernResidentId(' e1234 ')).toBe('E1234'))

  test('18 位去掉世纪和校验码，补得回来', () => {
    const day = fc.date({ min: new Date('1900-01-01'), max: new Date('1999-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(day, fc.integer({ min: 110000, max: 659999 }), fc.integer({ min: 0, max: 999 }), (born, place, n) => {
        const whole = id(`${place}${born.toISOString().slice(0, 10).replaceAll('-', '')}${String(n).padStart(3, '0')}`)
        const old = whole.slice(0, 6) + whole.slice(8, 17)
        expect(readResidentId(old)).toBe(whole)
        expect(bornOn(modernResidentId(old))).toBe(born.toISOString().slice(0, 10))
      }),
    )
  })
})
