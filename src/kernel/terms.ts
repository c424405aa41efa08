import facts from './terms.json' with { type: 'json' }

/** The languages people are served in; kk is Kazakh in the Arabic script, as it is written in Xinjiang. */
export const LANGS = ['zh', 'ug', 'kk', 'en'] as const
export type Lang = (typeof LANGS)[number]

export type Direction = 'ltr' | 'rtl'

/** The standard name of a word of the field. */
export type TermKey = keyof typeof facts

/** A word as shown: `lang` is the tag of the language it really is in, which is zh-CN where a translation is missing. */
export interface Term {
  readonly text: string
  readonly lang: string
  readonly dir: Direction
}

/** Every translation is a machine draft that no native speaker has reviewed, so Chinese alone is required. */
export interface TermFacts {
  readonly zh: string
  readonly en?: string
  readonly ug?: string
  readonly kk_arab?: string
  readonly kk_cyrl?: string
}

const TAGS: Readonly<Record<Lang, string>> = { zh: 'zh-CN', ug: 'ug', kk: 'kk-Arab', en: 'en' }
const COLUMNS = { zh: 'zh', ug: 'ug', kk: 'kk_arab', en: 'en' } as const

export const isLang = (text: string): text is Lang => (LANGS as readonly string[]).includes(text)

/** The BCP 47 tag for the `lang` attribute. */
export const langTag = (lang: Lang): string => TAGS[lang]

export const directionOf = (lang: Lang): Direction => (lang === 'ug' || lang === 'kk' ? 'rtl' : 'ltr')

/** One word in one language, or in Chinese where the translation is missing. */
export function translate(word: TermFacts, lang: Lang): Term {
  const text = word[COLUMNS[lang]]
  const shown: Lang = text ? lang : 'zh'
  return { text: text || word.zh, lang: langTag(shown), dir: directionOf(shown) }
}

export const term = (lang: Lang, key: TermKey): Term => translate(facts[key], lang)

export const isTermKey = (text: string): text is TermKey => Object.hasOwn(facts, text)
