import { CATEGORY_LABELS } from '../rules/categories.ts'

type CategoryKey = keyof typeof CATEGORY_LABELS

/** Categories by key, with the name shown to people. */
export type Categories = ReadonlyMap<string, string>

/** Other names that offices write for the same category. */
const ALIASES: Readonly<Record<CategoryKey, readonly string[]>> = {
  extremely_poor: [
    '特困',
    '特困供养人员',
    '特困供养对象',
    '特困救助供养对象',
    '特困救助供养人员',
    '城市特困人员',
    '农村特困人员',
  ],
  orphan: ['社会散居孤儿', '集中养育孤儿'],
  dibao: [
    '低保',
    '城市低保',
    '农村低保',
    '城乡低保',
    '城市低保对象',
    '农村低保对象',
    '城乡低保对象',
    '低保家庭成员',
    '最低生活保障对象',
    '最低生活保障家庭成员',
  ],
  dibao_marginal: [
    '低保边缘',
    '低保边缘家庭',
    '低保边缘对象',
    '低保边缘人口',
    '低保边缘户',
    '最低生活保障边缘家庭成员',
  ],
  poverty_return: ['返贫致贫'],
  poverty_monitored: ['防返贫监测对象', '返贫监测对象', '监测对象', '易返贫致贫人口'],
  illness_impoverished: ['因病致贫', '因病致贫患者', '因病致贫家庭重病患者'],
}

const BUILT_IN: Categories = new Map(Object.entries(CATEGORY_LABELS))

/** Every name a category goes by, with its key; categories that schemes add come with one name each. */
export interface CategoryNames {
  readonly labels: Categories
  readonly keyOf: (text: string) => string | null
}

export function categoryNames(extra: Categories = new Map()): CategoryNames {
  const labels = new Map([...extra, ...BUILT_IN])
  const keys = new Map<string, string>()
  for (const [key, label] of labels) keys.set(key, key).set(label, key)
  for (const [key, names] of Object.entries(ALIASES)) for (const name of names) keys.set(name, key)
  const tidy = (text: string) => text.normalize('NFKC').replace(/\s/gu, '')
  return { labels, keyOf: (text) => keys.get(tidy(text)) ?? keys.get(tidy(text).toLowerCase()) ?? null }
}
