import type { Finding } from './check-structure.ts'
import type { Claim, Ruling } from './claim.ts'
import { placeOf } from './scene.ts'
import { CONDITION_KEYS, type ConditionsDocument, type VersionDocument } from './schema.ts'
import { sayConditions } from './wording.ts'

interface Place {
  readonly path: Finding['path']
  readonly what: string
  readonly rows: readonly ConditionsDocument[]
}

/** Every list of rows that cites the article, benefits that were looked at before the others. */
function placesOf(law: string, ruling: Ruling, document: VersionDocument): readonly Place[] {
  const looked = (key: string): boolean => ruling.trace.some((step) => step.benefit === key)
  const places = document.benefits.flatMap(({ key, label, ratio, deductible }, index) => {
    const of = (stage: 'ratio' | 'deductible', what: string, one: typeof ratio | typeof deductible) =>
      one?.law === law && one.rows !== undefined
        ? [{ path: ['benefits', index, stage, 'rows'], what: `“${label}”的${what} ${stage} `, rows: one.rows, key }]
        : []
    return [...of('deductible', '起付线', deductible), ...of('ratio', '救助比例', ratio)]
  })
  const pools = Object.entries(document.pools).flatMap(([key, { label, law: own, rows }]) =>
    own === law && rows !== undefined ? [{ path: ['pools', key, 'rows'], what: `限额池“${label}”`, rows }] : [],
  )
  return [...places.filter((one) => looked(one.key)), ...pools, ...places]
}

/** The fact of the bill a condition looks at, in the words in which rows are told. */
function factOf(key: keyof ConditionsDocument, ruling: Ruling, claim: Claim): ConditionsDocument {
  switch (key) {
    case 'category':
      return ruling.category === null ? {} : { category: ruling.category }
    case 'care_type':
      return { care_type: claim.care_type }
    case 'insurance':
      return { insurance: claim.insurance.type }
    case 'hospital_level':
      return { hospital_level: claim.hospital.level }
    case 'place':
      return { place: placeOf(claim.insurance.admdvs, claim.hospital.admdvs) }
    case 'referral':
      return { referral: claim.referral }
    case 'channel':
      return { channel: claim.channel }
    case 'circumstance':
      return claim.circumstances.length === 0 ? {} : { circumstance: [...claim.circumstances] }
    default:
      return {}
  }
}

/** Rows without one for the bill: which stage, and the facts by which its rows decide. */
export function sayNoRow(
  law: string,
  ruling: Ruling,
  claim: Claim,
  document: VersionDocument,
): { readonly path: Finding['path']; readonly message: string } {
  const place = placesOf(law, ruling, document)[0]
  if (place === undefined) return { path: [], message: `rows 里没有一行管这张账单（${law}）` }
  const asked = CONDITION_KEYS.filter((key) => place.rows.some((row) => row[key] !== undefined))
  const facts = asked.flatMap((key) => {
    if (key === 'age') return [`${claim.age} 周岁`]
    if (key === 'disease' || key === 'not_disease')
      return [
        `诊断 ${claim.diagnoses[0] ?? '没有'}${claim.disease_code === null ? '' : `、病种 ${claim.disease_code}`}`,
      ]
    const said = sayConditions(factOf(key, ruling, claim), document)
    return said === '' ? [] : [said]
  })
  const missing = [...new Set(facts)].join('、')
  return {
    path: place.path,
    message: `${place.what}的 rows 里没有一行管这张账单（${law}）${missing === '' ? '' : `：${missing}`}；缺的补一行，其余的都一样就在末尾写一行不带条件的`,
  }
}
