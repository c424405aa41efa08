import type { Lang, TermKey } from '../kernel/terms.ts'
import type { Field, LimitLine, Statement, Working } from './statement.ts'
import type { MoneyLine } from './statement-lines.ts'
import {
  amount,
  banner,
  chinese,
  chineseProse,
  coded,
  label,
  limitFigure,
  type Markup,
  marks,
  markup,
  money,
  notes,
  qr,
  shown,
  title,
  voidStamp,
} from './statement-pieces-page.ts'

const SLOTS = 3
const WIDE: readonly TermKey[] = ['category', 'township', 'designated_hospital']
/** How many of the three slots of a row a field takes; the last of a row takes what is left. */
const slots = ({ label: key }: Field): number => (key === 'diagnosis' ? SLOTS : WIDE.includes(key) ? 2 : 1)

function fieldRows(lang: Lang, fields: readonly Field[]): Markup[] {
  const rows: { field: Field; slots: number }[][] = []
  let free = 0
  for (const field of fields) {
    const wanted = slots(field)
    if (wanted > free) {
      const last = rows.at(-1)?.at(-1)
      if (last) last.slots += free
      rows.push([])
      free = SLOTS
    }
    rows.at(-1)?.push({ field, slots: wanted })
    free -= wanted
  }
  const last = rows.at(-1)?.at(-1)
  if (last) last.slots += free
  const cell = (entry: { field: Field; slots: number }) =>
    markup`<th scope="row">${label(lang, entry.field.label)}</th><td colspan="${entry.slots * 2 - 1}">${shown(lang, entry.field.value)}</td>`
  return rows.map((row) => markup`<tr>${row.map(cell)}</tr>\n`)
}

const columnsOf = (widths: readonly string[]): Markup =>
  markup`<colgroup>${widths.map((width) => markup`<col class="${width}">`)}</colgroup>`

function fields(lang: Lang, statement: Statement): Markup {
  const columns = columnsOf(
    lang === 'zh' ? ['w13', 'w20', 'w13', 'w20', 'w13', 'w21'] : ['w16', 'w17', 'w16', 'w17', 'w16', 'w18'],
  )
  return markup`<table class="grid">${columns}
<tbody>${fieldRows(lang, statement.person)}</tbody>
<tbody>${fieldRows(lang, statement.visit)}</tbody></table>`
}

const ROLE = { part: '', key: 'strong', memo: 'memo', sum: 'sum' } as const

function moneyCells(lang: Lang, line: MoneyLine): Markup {
  const role = ROLE[line.role]
  return markup`<th scope="row" class="${role}">${shown(lang, line.label)}</th><td class="amount ${role}">${amount(line.fen)}</td>`
}

/** One side of a row; the shorter side is closed by one empty cell. */
function sideCells(lang: Lang, lines: readonly MoneyLine[], row: number, height: number): Markup | '' {
  const parts = lines.slice(0, -1)
  const line = row === height ? lines.at(-1) : parts[row]
  if (line) return moneyCells(lang, line)
  return row === parts.length ? markup`<td colspan="2" rowspan="${height - row}"></td>` : ''
}

/** Cost on the one side, payments on the other, both ending in the same sum on the same line. */
function moneyTable(lang: Lang, { costs, payments }: Statement): Markup {
  const height = Math.max(costs.length, payments.length) - 1
  const rows = Array.from(
    { length: height + 1 },
    (_, row) => markup`<tr>${sideCells(lang, costs, row, height)}${sideCells(lang, payments, row, height)}</tr>\n`,
  )
  const heading = (key: 'cost_breakdown' | 'payment_this_time') =>
    markup`<th scope="col">${label(lang, key)}</th><th scope="col">${label(lang, 'amount')}</th>`
  return markup`<table class="money">${columnsOf(lang === 'zh' ? ['w30', 'w20', 'w30', 'w20'] : ['w35', 'w15', 'w35', 'w15'])}
<thead><tr>${heading('cost_breakdown')}${heading('payment_this_time')}</tr></thead>
<tbody>${rows}</tbody></table>`
}

function wordsTable(lang: Lang, { words }: Statement): Markup {
  const rows = words.map(
    (line, row) =>
      markup`<tr>${row === 0 ? markup`<th rowspan="${words.length}" scope="rowgroup">${label(lang, 'amount_in_words')}</th>` : ''}<th scope="row">${label(lang, line.label)}</th><td class="say">${chinese(line.text)}</td><td class="amount"><bdi dir="ltr">${money(line.fen).replace(/^-?/, '$&¥')}</bdi></td></tr>\n`,
  )
  return markup`<table class="words">${columnsOf(lang === 'zh' ? ['w13', 'w20', 'rest', 'w20'] : ['w13', 'w35', 'rest', 'w15'])}<tbody>${rows}</tbody></table>`
}

/** What the benefit came to: layer, base and amount, or 0.00 where it did not apply in the end. */
function benefitHeading(lang: Lang, { benefit, paid }: Working): Markup | '' {
  if (!benefit) return ''
  const layer = paid
    ? markup` ${chinese(`第${paid.tier}层`)} · ${label(lang, 'assistance_base')} ${amount(paid.base)}`
    : ''
  const result = markup`${label(lang, 'assistance_paid')} <b>${amount(paid?.amount ?? 0)}</b>`
  return markup`<tr><th colspan="5" class="sub" scope="rowgroup"><b>${shown(lang, benefit)}</b>${layer} · ${result}</th></tr>\n`
}

function workingRows(lang: Lang, working: Working, before: number): Markup {
  const rows = working.steps.map(
    (step, row) =>
      markup`<tr><td class="nth">${coded(String(before + row + 1))}</td><th scope="row">${chinese(step.label)}</th><td>${chinese(step.formula)}</td><td class="amount">${step.fen === null ? '' : amount(step.fen)}</td><td>${chinese(step.law)}</td></tr>\n`,
  )
  return markup`<tbody>${benefitHeading(lang, working)}${rows}</tbody>\n`
}

function workingsTable(lang: Lang, { workings, rule }: Statement): Markup {
  let before = 0
  const bodies = workings.map((working) => {
    const body = workingRows(lang, working, before)
    before += working.steps.length
    return body
  })
  const heading = (['step', 'working', 'amount', 'legal_basis'] as const).map(
    (key) => markup`<th scope="col">${label(lang, key)}</th>`,
  )
  const source = rule.map((field) => markup`${label(lang, field.label)} ${shown(lang, field.value)} `)
  return markup`<table class="steps"><colgroup><col class="w5"><col class="w20"><col><col class="w15"><col class="w16"></colgroup>
<thead><tr><th colspan="5" class="source" scope="colgroup"><b>${label(lang, 'how_computed')}</b> ${source}</th></tr><tr><th scope="col">#</th>${heading}</tr></thead>
${bodies}</table>`
}

function limitRow(lang: Lang, line: LimitLine): Markup {
  const figure = (value: number | null) =>
    value === null
      ? markup`<td class="nth">${label(lang, 'unlimited')}</td>`
      : markup`<td class="amount">${limitFigure(line, value)}</td>`
  return markup`<tr><th scope="row">${shown(lang, line.pool)}</th><td class="nth">${coded(line.period)}</td>${figure(line.limit)}${figure(line.used_before)}${figure(line.used_after)}${figure(line.left)}</tr>\n`
}

function limitsTable(lang: Lang, { limits }: Statement): Markup {
  if (limits.length === 0) {
    return markup`<table class="limits"><colgroup><col class="w22"><col></colgroup><tbody><tr><th scope="row">${label(lang, 'limits_used')}</th><td>${label(lang, 'no_limit_used')}</td></tr></tbody></table>`
  }
  const keys = ['limit_name', 'period', 'limit_amount', 'used_before', 'annual_used', 'annual_left'] as const
  return markup`<table class="limits"><colgroup><col class="w25"><col class="w10"><col class="w13"><col class="w13"><col><col></colgroup>
<thead><tr>${keys.map((key) => markup`<th scope="col">${label(lang, key)}</th>`)}</tr></thead>
<tbody>${limits.map((line) => limitRow(lang, line))}</tbody></table>`
}

function outcomeTable(lang: Lang, { assisted, reasons, explanation }: Statement): Markup {
  const listed = reasons.map(({ text, law }, i) => markup`<li>${i + 1}. ${text}${law ? `（${law}）` : ''}</li>`)
  const row = reasons.length
    ? markup`<tr><th scope="row" class="strong">${label(lang, assisted ? 'reasons' : 'not_assisted')}</th><td><ol lang="zh-CN" dir="ltr">${listed}</ol></td></tr>\n`
    : ''
  return markup`<table class="outcome"><colgroup><col class="w18"><col></colgroup><tbody>${row}<tr><th scope="row">${label(lang, 'result_explained')}</th><td>${chineseProse(explanation)}</td></tr></tbody></table>`
}

function signTable(lang: Lang): Markup {
  const keys = ['cashier', 'patient_signature', 'relation', 'hospital_seal'] as const
  return markup`<table class="sign"><tbody><tr>${keys.map((key) => markup`<td>${label(lang, key)}</td>`)}</tr></tbody></table>`
}

/** How many lines a paper has beyond the fixed form, and up to how many it is set at its usual or small size. */
const ROOMY_LINES = 10
const DENSE_LINES = { zh: 20, en: 11, ug: 11, kk: 11 } as const
const FORM_PAYMENTS = 7

/** A long working, and every second language, is set smaller, so that an ordinary statement stays on one page. */
function densityOf(lang: Lang, { workings, limits, reasons, payments }: Statement): 'roomy' | 'dense' | 'dense tight' {
  const steps = workings.reduce((lines, working) => lines + working.steps.length + (working.benefit ? 1 : 0), 0)
  const lines = steps + limits.length + reasons.length + Math.max(0, payments.length - FORM_PAYMENTS)
  if (lang === 'zh' && lines <= ROOMY_LINES) return 'roomy'
  return lines <= DENSE_LINES[lang] ? 'dense' : 'dense tight'
}

export function a4Body(lang: Lang, statement: Statement): Markup {
  const head = statement.head.map(
    (field) => markup`<span>${label(lang, field.label)} ${shown(lang, field.value)}</span>\n`,
  )
  return markup`<main class="${densityOf(lang, statement)}">
${voidStamp(statement)}
<header>${marks(lang, statement)}${title(lang, statement)}<div class="check">${qr(lang, statement.verification.qr)}${label(lang, 'verify_code')} ${coded(statement.verification.code)}</div></header>
<p class="head">${head}</p>
${banner(lang, statement)}
${fields(lang, statement)}
${moneyTable(lang, statement)}
${wordsTable(lang, statement)}
${workingsTable(lang, statement)}
${limitsTable(lang, statement)}
${outcomeTable(lang, statement)}
${signTable(lang)}
${notes(lang, statement)}
</main>`
}
