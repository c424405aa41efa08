import { html, raw } from 'hono/html'
import QRCode from 'qrcode'
import { type Fen, formatYuan } from '../kernel/money.ts'
import { type Lang, type TermKey, term } from '../kernel/terms.ts'
import type { LimitLine, Statement } from './statement.ts'
import type { Value } from './statement-lines.ts'

/** Escaped HTML; `raw` marks a text as such. */
export type Markup = ReturnType<typeof raw>

/** Every value here is known, so the answer is too; a promise among them would be a bug. */
export function markup(strings: TemplateStringsArray, ...values: unknown[]): Markup {
  const made = html(strings, ...values)
  if (made instanceof Promise) throw new Error('a statement waits for nothing')
  return made
}

/** "-1140750" fen -> "-11,407.50". */
export const money = (fen: Fen): string => formatYuan(fen).replace(/\B(?=(\d{3})+\.)/g, ',')

/** Stored Chinese text: it runs left to right on every page. */
export const chinese = (text: string): Markup => markup`<bdi lang="zh-CN" dir="ltr">${text}</bdi>`

/** A whole Chinese sentence: lines begin on the left on every page. */
export const chineseProse = (text: string): Markup => markup`<p lang="zh-CN" dir="ltr">${text}</p>`

export const coded = (text: string): Markup => markup`<bdi class="code" dir="ltr">${text}</bdi>`

export const amount = (fen: Fen): Markup => markup`<bdi dir="ltr">${money(fen)}</bdi>`

/** A figure of a limit: yuan, or how many times. */
export const limitFigure = (line: LimitLine, figure: number): Markup =>
  line.times ? chinese(`${figure}次`) : amount(figure)

/** The authoritative Chinese, then the draft in the reader's language; a missing draft adds nothing. */
function bilingual(lang: Lang, key: TermKey, zh: string): Markup {
  const first = markup`<bdi class="zh" lang="zh-CN" dir="ltr">${zh}</bdi>`
  const second = term(lang, key)
  if (lang === 'zh' || second.lang === 'zh-CN') return first
  return markup`${first} <span class="tr" lang="${second.lang}" dir="${second.dir}">${second.text}</span>`
}

export const label = (lang: Lang, key: TermKey): Markup => bilingual(lang, key, term('zh', key).text)

export function shown(lang: Lang, value: Value): Markup {
  switch (value.as) {
    case 'term':
      return bilingual(lang, value.key, value.zh ?? term('zh', value.key).text)
    case 'text':
      return chinese(value.text)
    case 'code':
      return coded(value.text)
    case 'blank':
      return markup`—`
  }
}

/** The title, with the place before it in Chinese. */
export const title = (lang: Lang, statement: Statement): Markup =>
  markup`<h1>${bilingual(lang, statement.title, statement.place + term('zh', statement.title).text)}</h1>`

/** 正本, 补打第1次, 已冲销, 冲销 and 示例办法, each in its own frame. */
export function marks(lang: Lang, statement: Statement): Markup {
  const frames = statement.marks.map(({ key, nth }) => {
    const zh = nth === undefined ? term('zh', key).text : `${term('zh', key).text}第${nth}次`
    return markup`<span class="mark">${bilingual(lang, key, zh)}</span> `
  })
  const illustrative = statement.illustrative
    ? markup`<span class="mark">${label(lang, 'illustrative_scheme')}</span>`
    : ''
  return markup`<div class="marks">${frames}${illustrative}</div>`
}

export const banner = (lang: Lang, statement: Statement): Markup | '' =>
  statement.illustrative ? markup`<p class="banner">${label(lang, 'illustrative_note')}</p>` : ''

/** Across the whole sheet, so that a photograph of half of it shows it too. */
export function voidStamp(statement: Statement): Markup | '' {
  const key = statement.marks[0]?.key
  if (key !== 'reversed' && key !== 'reversal_copy') return ''
  return markup`<div class="void" aria-hidden="true"><span lang="zh-CN" dir="ltr">${term('zh', key).text}</span></div>`
}

/** A QR code as one path of runs: no script, no image file, no inline style. */
export function qr(lang: Lang, text: string): Markup {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' })
  const quiet = 4
  let path = ''
  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size; x++) {
      let run = 0
      while (x + run < modules.size && modules.get(y, x + run)) run++
      if (run > 0) path += `M${x + quiet} ${y + quiet}h${run}v1h-${run}z`
      x += run
    }
  }
  const side = modules.size + 2 * quiet
  const name = term(lang, 'scan_to_verify').text
  return markup`<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" role="img" aria-label="${name}"><path d="${raw(path)}"/></svg>`
}

/** What stands at the end of every paper: whom to ask, how to have it checked again, whose text prevails. */
export function notes(lang: Lang, statement: Statement): Markup {
  const draft = markup`<li class="line">${label(lang, 'zh_prevails')} ${label(lang, 'machine_draft')}</li>\n`
  return markup`<ul class="notes">
<li class="foot"><span>${label(lang, 'complaint_phone')} ${coded(statement.phone)}</span> <span>${label(lang, 'printed_at')} ${coded(statement.printed_at)}</span></li>
<li>${label(lang, 'recheck_how')}</li>
<li class="line">${label(lang, 'three_copies')}</li>
${lang === 'zh' ? '' : draft}</ul>`
}
