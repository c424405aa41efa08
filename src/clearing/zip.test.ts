import fc from 'fast-check'
import { Zip, ZipDeflate, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { isRefusal } from '../kernel/refusal.ts'
import { textOfZip } from './zip.ts'

const MAX = 1024 * 1024
const encode = (text: string) => new TextEncoder().encode(text)
const TEXT = encode('300000000001\t654002A0001\tnull\n'.repeat(1000))

/** What comes out as text, or what is said of the file. */
const read = (zip: Uint8Array, max = MAX): string => {
  const out = textOfZip(zip, max)
  return isRefusal(out) ? `${out.refusal} ${out.detail}` : new TextDecoder().decode(out)
}

/** As Java writes archives: sizes follow the file instead of standing before it. */
function streamed(name: string, bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  const zip = new Zip((_, part) => parts.push(part))
  const file = new ZipDeflate(name)
  zip.add(file)
  file.push(bytes, true)
  zip.end()
  return new Uint8Array(Buffer.concat(parts))
}

/** Changes one field of the first entry of the directory at the end of an archive. */
function forged(zip: Uint8Array, offset: number, value: number, bytes: 2 | 4): Uint8Array {
  const copy = zip.slice()
  const at = Buffer.from(copy).lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2])) + offset
  const view = new DataView(copy.buffer)
  if (bytes === 4) view.setUint32(at, value, true)
  else view.setUint16(at, value, true)
  return copy
}

describe('对账文件的压缩包', () => {
  const text = new TextDecoder().decode(TEXT)
  test.each<[string, Uint8Array]>([
    ['普通压缩', zipSync({ 'a.txt': TEXT })],
    ['不压缩', zipSync({ 'a.txt': [TEXT, { level: 0 }] })],
    ['流式写出的（Java）', streamed('a.txt', TEXT)],
    ['带目录：目录名不看', zipSync({ dir: { 'a.TXT': TEXT } })],
    ['想跳出目录：只读内容，什么也不写', zipSync({ '../../etc/a.txt': TEXT })],
    ['中文文件名', zipSync({ '对账.txt': TEXT })],
    ['macOS 压的', zipSync({ 'a.txt': TEXT, __MACOSX: { '._a.txt': encode('x') } })],
    ['另有说明文件', zipSync({ 'a.txt': TEXT, 'readme.md': encode('x') })],
    ['带注释', zipSync({ 'a.txt': TEXT }, { comment: '第 1 批' })],
  ])('%s', (_, zip) => expect(read(zip)).toBe(text))

  const bomb = zipSync({ 'a.txt': new Uint8Array(64 * MAX) })
  test.each<[string, Uint8Array, RegExp]>([
    ['空', new Uint8Array(), /不是 ZIP/],
    ['纯文本', TEXT, /不是 ZIP/],
    ['缺了开头', zipSync({ 'a.txt': TEXT }).slice(40), /不是 ZIP|损坏/],
    ['缺了末尾', zipSync({ 'a.txt': TEXT }).slice(0, -30), /不是 ZIP/],
    ['没有 .txt', zipSync({ 'a.csv': TEXT }), /没有 \.txt/],
    ['空压缩包', zipSync({}), /没有 \.txt/],
    ['两个 .txt', zipSync({ 'a.txt': TEXT, 'b.txt': TEXT }), /2 个 \.txt/],
    ['文件太多', zipSync(Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${i}.md`, TEXT]))), /200 个文件/],
    ['加了密码', forged(zipSync({ 'a.txt': TEXT }), 8, 1, 2), /加了密码/],
    ['别的压缩方法', forged(zipSync({ 'a.txt': TEXT }), 10, 12, 2), /压缩方法 12/],
    ['内容变了一位', damaged(), /损坏/],
    ['校验和不符', forged(zipSync({ 'a.txt': TEXT }), 16, 1, 4), /损坏/],
    ['解压后太大，目录说了实话', bomb, /67108864 字节，超过上限/],
    ['解压后太大，目录说了谎', forged(bomb, 24, 100, 4), /损坏/],
    ['目录说大了', forged(zipSync({ 'a.txt': TEXT }), 24, TEXT.length + 1, 4), /损坏/],
    ['压缩包里的压缩包不打开', zipSync({ 'a.zip': bomb }), /没有 \.txt/],
  ])('拒绝：%s', (_, zip, why) => {
    const start = performance.now()
    const said = read(zip)
    expect(said).toMatch(/^file_faulty /)
    expect(said).toMatch(why)
    expect(performance.now() - start).toBeLessThan(500)
  })

  function damaged(): Uint8Array {
    const zip = zipSync({ 'a.txt': [TEXT, { level: 0 }] })
    zip[60] = (zip[60] ?? 0) ^ 1
    return zip
  }

  test('任意的字节、任意改动过的压缩包，都有答复', () => {
    const good = zipSync({ 'a.txt': TEXT })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), fc.nat(255), (bytes, at, byte) => {
        read(bytes)
        const changed = good.slice()
        changed[at % good.length] = byte
        expect(read(changed)).toMatch(/^file_faulty |^300000000001/)
      }),
    )
  })
})
