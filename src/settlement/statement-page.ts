import { createHash } from 'node:crypto'
import { raw } from 'hono/html'
import { directionOf, type Lang, langTag, term } from '../kernel/terms.ts'
import { statementOf } from './statement.ts'
import { a4Body } from './statement-a4-page.ts'
import { markup } from './statement-pieces-page.ts'
import { rollBody } from './statement-roll-page.ts'
import type { StatementSource } from './statement-source.ts'
import { type Paper, STYLES } from './statement-style.ts'

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`

/** The policy a statement is served with: nothing runs, nothing is fetched, and only our two styles are let in. */
export const STATEMENT_CSP = `default-src 'none'; style-src ${hashOf(STYLES.a4)} ${hashOf(STYLES.roll)}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`

/** The whole document, ready to print. */
export function statementPage(source: StatementSource, { lang, paper }: { lang: Lang; paper: Paper }): string {
  const statement = statementOf(source)
  const body = paper === 'a4' ? a4Body(lang, statement) : rollBody(lang, statement)
  const name = `${term('zh', statement.title).text} ${source.settlement.settlement_no}`
  return markup`<!doctype html>
<html lang="${langTag(lang)}" dir="${directionOf(lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${name}</title>
<style>${raw(STYLES[paper])}</style>
</head>
<body>
${body}
</body>
</html>
`.toString()
}
