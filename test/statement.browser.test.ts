import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fullStay, notAssisted, reversedStay, settledStay, tiltStay } from '../fixtures/statement-source.ts'
import { directionOf, LANGS, type Lang } from '../src/kernel/terms.ts'
import { STATEMENT_CSP, statementPage } from '../src/settlement/statement-page.ts'
import type { StatementSource } from '../src/settlement/statement-source.ts'
import type { Paper } from '../src/settlement/statement-style.ts'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const found = existsSync(CHROMIUM)
if (!found) console.log(`skipped: statements in a browser (no ${CHROMIUM})`)

const ADDRESS = 'http://statement.test/'
/** CSS pixels: the sheet and the paper of an 80 mm printer. */
const VIEWPORT = { a4: { width: 794, height: 1123 }, roll: { width: 302, height: 800 } } as const
const EVERY = LANGS.flatMap((lang) => (['a4', 'roll'] as const).map((paper) => ({ lang, paper })))

/** Runs inside the page; a text, because the project is compiled without the DOM. */
const LOOK = `({
  direction: getComputedStyle(document.documentElement).direction,
  attribute: document.documentElement.dir,
  overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  cut: [...document.querySelectorAll('td, th, dd, dt, li, p, span, h1')]
    .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
    .map((element) => element.textContent),
  amounts: [...document.querySelectorAll('td.amount')].every((cell) => getComputedStyle(cell).textAlign === 'right'),
  margin: getComputedStyle(document.body).margin,
})`

let browser: Browser
beforeAll(async () => {
  if (!found) return
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
  browser = await chromium.launch({ executablePath: CHROMIUM, args })
})
afterAll(async () => browser?.close())

/** Serves the page as the service will, with its policy, and reports everything the browser did about it. */
async function open(source: StatementSource, lang: Lang, paper: Paper) {
  const page = await browser.newPage({ viewport: VIEWPORT[paper] })
  const asked: string[] = []
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.route('**/*', async (route) => {
    asked.push(route.request().url())
    const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': STATEMENT_CSP }
    await route.fulfill({ headers, body: statementPage(source, { lang, paper }) })
  })
  await page.goto(ADDRESS)
  return { page, asked, complaints }
}

async function pagesPrinted(source: StatementSource, lang: Lang): Promise<number> {
  const { page } = await open(source, lang, 'a4')
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true })
  await page.close()
  return pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g)?.length ?? 0
}

describe.skipIf(!found)('the statement in a browser', () => {
  it.each(EVERY)('$lang on $paper: right direction, nothing cut off, nobody else asked', async ({ lang, paper }) => {
    for (const source of [settledStay, fullStay]) {
      const { page, asked, complaints } = await open(source, lang, paper)
      const seen = await page.evaluate(LOOK)
      expect(seen).toEqual({
        direction: directionOf(lang),
        attribute: directionOf(lang),
        overflow: 0,
        cut: [],
        amounts: true,
        margin: '0px',
      })
      expect(asked.filter((url) => url !== ADDRESS)).toEqual([])
      expect(complaints).toEqual([])
      await page.close()
    }
  })

  it.each(LANGS)('%s on A4 is one page, also with two benefits, without any, and when reversed', async (lang) => {
    for (const source of [settledStay, tiltStay, notAssisted, reversedStay]) {
      expect(await pagesPrinted(source, lang)).toBe(1)
    }
  })

  it('a statement on which everybody pays is one page in Chinese and never more than two', async () => {
    expect(await pagesPrinted(fullStay, 'zh')).toBe(1)
    for (const lang of LANGS) expect(await pagesPrinted(fullStay, lang)).toBeLessThanOrEqual(2)
  })
})
