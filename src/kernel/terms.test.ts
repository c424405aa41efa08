import { describe, expect, it } from 'vitest'
import facts from './terms.json' with { type: 'json' }
import { directionOf, isLang, isTermKey, LANGS, langTag, type TermFacts, term, translate } from './terms.ts'

const words = Object.entries(facts as Record<string, TermFacts>)
const UYGHUR = /^[ئاەبپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىي]$/u
const KAZAKH = /^[اٴبۆگعدەجزيكقلمنڭوپرستۋۇفحھچشى]$/u

const foreignLetters = (text: string, alphabet: RegExp): string[] =>
  [...text].filter((letter) => /\p{Script=Arabic}/u.test(letter) && /\p{L}/u.test(letter) && !alphabet.test(letter))

describe('the words of the field', () => {
  it('are the same word in every language', () => {
    expect(term('zh', 'assistance_paid').text).toBe('医疗救助支付')
    expect(term('en', 'assistance_paid').text).toBe('Medical assistance paid')
    expect(term('ug', 'hospital').text).toBe('دوختۇرخانا')
    expect(term('kk', 'hospital').text).toBe('شيپاحانا')
  })

  it('say which way they run and which language they are in', () => {
    expect(LANGS.map((lang) => [lang, langTag(lang), directionOf(lang)])).toEqual([
      ['zh', 'zh-CN', 'ltr'],
      ['ug', 'ug', 'rtl'],
      ['kk', 'kk-Arab', 'rtl'],
      ['en', 'en', 'ltr'],
    ])
  })

  it('fall back to Chinese, and say that it is Chinese', () => {
    expect(translate({ zh: '暂无译文' }, 'ug')).toEqual({ text: '暂无译文', lang: 'zh-CN', dir: 'ltr' })
    expect(translate({ zh: '暂无译文', kk_arab: '' }, 'kk')).toEqual({ text: '暂无译文', lang: 'zh-CN', dir: 'ltr' })
  })

  it('are known by key and by language, not by what every object has', () => {
    expect(isTermKey('assistance_paid')).toBe(true)
    expect(isTermKey('toString')).toBe(false)
    expect(isLang('kk')).toBe(true)
    expect(isLang('kk-Cyrl')).toBe(false)
  })

  it.each(words)('%s is translated everywhere', (_key, word) => {
    expect(
      [word.zh, word.en, word.ug, word.kk_arab, word.kk_cyrl].every((text) => text !== undefined && text !== ''),
    ).toBe(true)
  })

  it.each(words)('%s is spelt with the letters of its alphabet', (_key, word) => {
    expect(foreignLetters(word.ug ?? '', UYGHUR)).toEqual([])
    expect(foreignLetters(word.kk_arab ?? '', KAZAKH)).toEqual([])
  })
})
