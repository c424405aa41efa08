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
  notes,
  qr,
  shown,
  title,
  voidStamp,
} from './statement-pieces-page.ts'

const ROLE = { part: '', key: 'strong', memo: 'memo', sum: 'sum' } as const

const section = (lang: Lang, key: TermKey, body: unknown): Markup =>
  markup`<section><h2>${label(lang, key)}</h2>\n${body}</section>\n`

const fields = (lang: Lang, entries: readonly Field[]): Markup =>
  markup`<dl>${entries.map((field) => markup`<div><dt>${label(lang, field.label)}</dt><dd>${shown(lang, field.value)}</dd></div>\n`)}</dl>`

const moneyList = (lang: Lang, lines: readonly MoneyLine[]): Markup =>
  markup`<dl>${lines.map((line) => markup`<div class="${ROLE[line.role]}"><dt>${shown(lang, line.label)}</dt><dd class="amount">${amount(line.fen)}</dd></div>\n`)}</dl>`

const words = (lang: Lang, statement: Statement): Markup =>
  markup`<dl class="words">${statement.words.map((line) => markup`<div><dt>${label(lang, line.label)}</dt><dd class="say">${chinese(line.text)}</dd></div>\n`)}</dl>`

function working(lang: Lang, { benefit, paid, steps }: Working): Markup {
  const line = (key: TermKey, fen: number) =>
    markup`<div><dt>${label(lang, key)}</dt><dd class="amount">${amount(fen)}</dd></div>`
  const base = paid ? line('assistance_base', paid.base) : ''
  const heading = benefit
    ? markup`<p class="sub">${shown(lang, benefit)} ${paid ? chinese(`第${paid.tier}层`) : ''}</p><dl>${base}${line('assistance_paid', paid?.amount ?? 0)}</dl>`
    : ''
  const rows = steps.map(
    (step) =>
      markup`<li><div><span>${chinese(step.law ? `${step.label}（${step.law}）` : step.label)}</span><span class="amount">${step.fen === null ? '' : amount(step.fen)}</span></div><div class="formula">${chinese(step.formula)}</div></li>\n`,
  )
  return markup`${heading}<ul class="steps">${rows}</ul>`
}

function limit(lang: Lang, line: LimitLine): Markup {
  const row = (key: TermKey, value: number | null) =>
    markup`<div><dt>${label(lang, key)}</dt><dd class="amount">${value === null ? label(lang, 'unlimited') : limitFigure(line, value)}</dd></div>\n`
  return markup`<p class="sub">${shown(lang, line.pool)} ${coded(line.period)}</p><dl>${row('limit_amount', line.limit)}${row('used_before', line.used_before)}${row('annual_used', line.used_after)}${row('annual_left', line.left)}</dl>`
}

function outcome(lang: Lang, { assisted, reasons, explanation }: Statement): Markup {
  const listed = reasons.map(({ text, law }, i) => markup`<li>${i + 1}. ${text}${law ? `（${law}）` : ''}</li>`)
  const why = reasons.length
    ? markup`<p class="sub">${label(lang, assisted ? 'reasons' : 'not_assisted')}</p><ol lang="zh-CN" dir="ltr">${listed}</ol>`
    : ''
  return markup`<div class="outcome">${why}${chineseProse(explanation)}</div>`
}

const signatures = (lang: Lang): Markup =>
  markup`<section class="sign">${(['cashier', 'patient_signature', 'relation', 'hospital_seal'] as const).map((key) => markup`<div>${label(lang, key)}</div>\n`)}</section>`

export function rollBody(lang: Lang, statement: Statement): Markup {
  const limits = statement.limits.length
    ? statement.limits.map((line) => limit(lang, line))
    : markup`<p>${label(lang, 'no_limit_used')}</p>`
  return markup`<main>
${voidStamp(statement)}
<header>${title(lang, statement)}${marks(lang, statement)}</header>
${banner(lang, statement)}
<section>${fields(lang, statement.head)}</section>
${section(lang, 'patient', fields(lang, statement.person))}
${section(lang, 'visit', fields(lang, statement.visit))}
${section(lang, 'cost_breakdown', moneyList(lang, statement.costs))}
${section(lang, 'payment_this_time', moneyList(lang, statement.payments))}
${section(lang, 'amount_in_words', words(lang, statement))}
${section(lang, 'how_computed', markup`${fields(lang, statement.rule)}${statement.workings.map((item) => working(lang, item))}`)}
${section(lang, 'limits_used', limits)}
${section(lang, 'result_explained', outcome(lang, statement))}
${signatures(lang)}
<section class="check">${qr(lang, statement.verification.qr)}<p>${label(lang, 'verify_code')} ${coded(statement.verification.code)}</p></section>
<section>${notes(lang, statement)}</section>
</main>`
}
