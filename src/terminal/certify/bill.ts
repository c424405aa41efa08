import { STRANGER, type Townsman, townsman, type Who } from './people.ts'

export type Care = 'inpatient' | 'outpatient_chronic' | 'outpatient_serious' | 'outpatient'

/** What is particular about a bill; everything else is as usual. */
export interface Sketch {
  readonly who: Who | 'stranger'
  readonly care?: Care
  readonly amounts: Readonly<Record<string, string>>
  readonly diagnosis?: readonly [code: string, name: string]
  readonly days?: Readonly<Record<string, string>>
  readonly insurance?: 'resident' | 'employee' | 'none'
  readonly insured?: string
  readonly referral?: 'referred' | 'filed' | 'emergency' | 'none'
  readonly patient?: Partial<Townsman>
  readonly more?: Readonly<Record<string, unknown>>
}

const DIAGNOSES: Readonly<Record<Care, readonly [string, string]>> = {
  inpatient: ['I21.9', '急性心肌梗死'],
  outpatient_chronic: ['I10.x00', '高血压'],
  outpatient_serious: ['C50.9', '乳腺恶性肿瘤'],
  outpatient: ['J06.9', '急性上呼吸道感染'],
}

/** The bill as a hospital system sends it to the native API. */
export function billOf(sketch: Sketch, bill_no: string): Record<string, unknown> {
  const care = sketch.care ?? 'inpatient'
  const days =
    care === 'inpatient' ? { admitted_on: '2024-05-06', discharged_on: '2024-05-16' } : { visited_on: '2024-05-20' }
  const [code, name] = sketch.diagnosis ?? DIAGNOSES[care]
  const person = sketch.who === 'stranger' ? STRANGER : townsman(sketch.who)
  return {
    bill_no,
    visit_no: bill_no,
    care_type: care,
    patient: { id_number: person.id_number, name: person.name, ...sketch.patient },
    insurance: { type: sketch.insurance ?? 'resident', admdvs: sketch.insured ?? '654002' },
    ...(sketch.days ?? days),
    diagnoses: [{ code, name }],
    ...(sketch.referral ? { referral: sketch.referral } : {}),
    amounts: sketch.amounts,
    ...sketch.more,
  }
}
