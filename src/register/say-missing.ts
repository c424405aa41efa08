import type { Categories } from './category.ts'
import type { Missing } from './holding.ts'

/** Why nothing is held, in words for the counter. */
export function sayMissing(missing: Missing, labels: Categories): string {
  const label = 'category' in missing ? (labels.get(missing.category) ?? missing.category) : ''
  switch (missing.code) {
    case 'deceased':
      return `登记显示此人已于 ${missing.day} 去世`
    case 'category_ended':
      return `${label}资格自 ${missing.day} 起已终止`
    case 'category_not_started':
      return `${label}资格自 ${missing.day} 起才生效`
    case 'no_category':
      return '登记在册，但不属于任何一类救助对象'
  }
}
