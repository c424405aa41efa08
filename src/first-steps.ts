/** How much of what a settlement needs is there. */
export interface Stock {
  readonly schemes: number
  readonly hospitals: number
  readonly terminals: number
  readonly people: number
}

const CLI = 'npm run cli --'

const STEPS: readonly { readonly missing: (s: Stock) => boolean; readonly lines: readonly string[] }[] = [
  {
    missing: (s) => s.schemes === 0,
    lines: ['放入救助办法，再启动 / put rules into RULES_DIR, then start again', `${CLI} rules check`],
  },
  {
    missing: (s) => s.hospitals === 0,
    lines: [
      '登记定点医疗机构 / designate a hospital',
      `${CLI} hospital add --code H65400200001 --name 医院名称 --level 2 --admdvs 654002`,
    ],
  },
  {
    missing: (s) => s.terminals === 0,
    lines: [
      '给医院窗口发终端密钥，只显示一次 / give a window its key, shown once',
      `${CLI} terminal add --hospital H65400200001`,
    ],
  },
  {
    missing: (s) => s.people === 0,
    lines: [
      '导入救助对象名册：先试，再写入 / import the roster: dry run, then apply',
      `${CLI} register import 名册.csv`,
      `${CLI} register import 名册.csv --apply`,
    ],
  },
]

/** What to do before the first patient can be settled; nothing when all is there. */
export function firstSteps(stock: Stock): readonly string[] {
  const missing = STEPS.filter((step) => step.missing(stock))
  if (missing.length === 0) return []
  return [
    '还不能结算，请依次办理 / not ready to settle yet, in this order:',
    ...missing.flatMap(({ lines: [what, ...commands] }, i) => [
      `  ${i + 1}. ${what}`,
      ...commands.map((c) => `     ${c}`),
    ]),
    '  想先看一看 / to look around first: npm run demo',
  ]
}
