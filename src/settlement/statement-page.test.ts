import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  notAssisted,
  PATIENT_ID,
  reprinted,
  reversal,
  reversedStay,
  settledStay,
  withChanges,
} from '../../fixtures/statement-source.ts'
import { LANGS, type Lang, type TermKey, term } from '../kernel/terms.ts'
import { STATEMENT_CSP, statementPage } from './statement-page.ts'
import type { Paper } from './statement-style.ts'

const PAPERS: readonly Paper[] = ['a4', 'roll']
const EVERY = LANGS.flatMap((lang) => PAPERS.map((paper) => ({ lang, paper })))

/** The fields that users.md §2.3 demands on every statement. */
const REQUIRED: readonly TermKey[] = [
  'settlement_statement',
  'settlement_no',
  'settlement_time',
  'verify_code',
  'original_copy',
  'name',
  'gender',
  'age',
  'id_number',
  'category',
  'certificate_no',
  'township',
  'designated_hospital',
  'department',
  'visit_no',
  'care_type',
  'admission_date',
  'discharge_date',
  'days_in_hospital',
  'diagnosis',
  'total_cost',
  'basic_insurance_paid',
  'serious_illness_paid',
  'assistance_paid',
  'personal_account_paid',
  'you_pay',
  'amount_in_words',
  'how_computed',
  'assistance_base',
  'scheme',
  'rule_version',
  'result_explained',
  'annual_used',
  'annual_left',
  'cashier',
  'patient_signature',
  'relation',
  'hospital_seal',
  'complaint_phone',
  'recheck_how',
  'three_copies',
]

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
}
const readable = (page: string): string =>
  page
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, '')
    .replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity)
const page = (source = settledStay, lang: Lang = 'zh', paper: Paper = 'a4') => statementPage(source, { lang, paper })

describe.each(EVERY)('结算单 $lang $paper', ({ lang, paper }) => {
  const document = page(settledStay, lang, paper)
  const text = readable(document)

  it('每一个必有项目都在，中文在前，译文在旁', () => {
    const missing = REQUIRED.filter(
      (key) => !text.includes(term('zh', key).text) || !text.includes(term(lang, key).text),
    )
    expect(missing).toEqual([])
  })

  it('方向与语言写在文件头上', () => {
    const head = {
      zh: 'lang="zh-CN" dir="ltr"',
      ug: 'lang="ug" dir="rtl"',
      kk: 'lang="kk-Arab" dir="rtl"',
      en: 'lang="en" dir="ltr"',
    }
    expect(document).toContain(`<html ${head[lang]}>`)
  })

  it('译本说明以中文为准、译文为机器初稿；中文本不必说', () => {
    expect(text.includes(term('zh', 'zh_prevails').text)).toBe(lang !== 'zh')
    expect(text.includes(term('zh', 'machine_draft').text)).toBe(lang !== 'zh')
  })

  it('姓名写全，证件号不写全，号码和数额从左到右', () => {
    expect(document).toContain('<bdi lang="zh-CN" dir="ltr">古丽娜尔·买买提</bdi>')
    expect(document).not.toContain(PATIENT_ID)
    expect(document).not.toContain(PATIENT_ID.slice(6, 14))
    expect(document).toContain('<bdi class="code" dir="ltr">JS20261101000001041</bdi>')
    expect(document).toContain('<bdi dir="ltr">11,407.50</bdi>')
  })

  it('不带脚本、行内样式和任何外部地址', () => {
    expect(document).not.toMatch(/<script|\sstyle=|\son[a-z]+=|\ssrc=|\shref=|url\(|@import/i)
    expect(document.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/)
    expect(document.match(/<style>/g)).toHaveLength(1)
  })

  it('样式的哈希就在安全策略里', () => {
    const style = /<style>(.*?)<\/style>/s.exec(document)?.[1] ?? ''
    expect(STATEMENT_CSP).toContain(createHash('sha256').update(style).digest('base64'))
  })

  it('示例办法看得见', () => {
    expect(text).toContain('示例办法')
    expect(text).toContain('本单按示例救助办法计算')
    const official = page(withChanges({ rest: { rule: { title: '正式办法', illustrative: false } } }), lang, paper)
    expect(readable(official)).not.toContain('示例办法')
  })
})

describe('恶意的文字', () => {
  const hostile = '<script>alert(1)</script>"><img src=x onerror=alert(2)>&amp;'
  const source = withChanges({
    settlement: {
      reasons: [{ code: hostile, text: hostile, law: hostile }],
      explanation: hostile,
      category: hostile,
      trace: [{ benefit: null, stage: hostile, label: hostile, formula: hostile, amount: null, law: hostile }],
      limits: [{ pool: hostile, period: hostile, limit: null, used_before: '0.00', used_after: '0.00', left: null }],
    },
    bill: { diagnoses: [{ code: hostile, name: hostile }], department: hostile },
    rest: {
      patient: { ...settledStay.patient, name: hostile, township: hostile, certificate_no: hostile },
      hospital: { code: hostile, name: hostile, level: 1 },
      rule: { title: hostile, illustrative: false },
      place: hostile,
      phone: hostile,
    },
  })

  it.each(PAPERS)('在 %s 上只是文字', (paper) => {
    const document = page(source, 'ug', paper)
    expect(document).not.toMatch(/<script|<img/i)
    expect(readable(document)).toContain(hostile)
  })
})

describe('标记', () => {
  it('补打写明第几次', () => {
    expect(readable(page(reprinted))).toContain('补打第2次')
    expect(readable(page(reprinted))).not.toContain('正本')
  })

  it.each(PAPERS)('冲销过的单子横着盖章（%s）', (paper) => {
    expect(page(reversedStay, 'zh', paper)).toMatch(/<div class="void" aria-hidden="true"><span[^>]*>已冲销</)
    expect(page(reversal, 'zh', paper)).toMatch(/<div class="void" aria-hidden="true"><span[^>]*>冲销</)
    expect(page(settledStay, 'zh', paper)).not.toContain('class="void"')
  })

  it('没有救助的，写出每一条原因', () => {
    for (const paper of PAPERS) {
      const text = readable(page(notAssisted, 'zh', paper))
      expect(text).toContain('本次未获医疗救助')
      expect(text).toContain('1. 就诊日不在任何一类救助对象之内（第四条）')
      expect(text).toContain('2. 费用没有超过起付标准')
      expect(text).toContain('人民币零元整')
    }
  })

  it('冲销单的负数写在货币符号之前', () => {
    expect(readable(page(reversal))).toContain('-¥11,407.50')
  })
})
