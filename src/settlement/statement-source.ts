import type { Day } from '../kernel/day.ts'
import type { AmountName, CareType, InsuranceType, Referral } from '../rules/claim.ts'

/** The stored answer, word for word as the terminal received it; amounts are texts in yuan, negative on a reversal. */
export interface PrintedSettlement {
  readonly settlement_no: string
  readonly ledger_seq: number
  readonly status: 'settled' | 'reversed' | 'reversal'
  /** On a reversal: the number of the settlement it takes back. */
  readonly reverses?: string | undefined
  /** On a reversal: why. */
  readonly reason?: string | undefined
  readonly decision: 'assisted' | 'not_assisted'
  readonly reasons: readonly {
    readonly code: string
    readonly text: string
    readonly law?: string | null | undefined
  }[]
  readonly bill_no: string
  readonly care_type: CareType
  readonly category: string | null
  readonly rule: { readonly scheme: string; readonly version: string; readonly hash: string }
  readonly benefits: readonly {
    readonly benefit: string
    readonly tier: number
    readonly base: string
    readonly amount: string
  }[]
  readonly assistance_paid: string
  readonly patient_pays: string
  readonly limits: readonly PrintedLimit[]
  readonly trace: readonly PrintedStep[]
  readonly explanation: string
  readonly verify_code: string
  readonly settled_at: string
}

export interface PrintedLimit {
  readonly pool: string
  readonly year?: number | null | undefined
  /** For a pool that does not run over a year. */
  readonly period?: string | null | undefined
  /** null: no limit. */
  readonly limit: string | null
  /** A pool that counts how often: its figures are whole numbers, not yuan. */
  readonly unit?: 'times' | undefined
  readonly used_before: string
  readonly used_after: string
  readonly left: string | null
}

export interface PrintedStep {
  readonly benefit: string | null
  readonly stage: string
  readonly label: string
  readonly formula: string
  readonly amount: string | null
  readonly law: string
}

/** The bill as received, without the patient's name and number; its amounts are never negative. */
export interface PrintedBill {
  readonly bill_no: string
  readonly visit_no: string
  readonly care_type: CareType
  readonly patient: { readonly id_type: string }
  readonly insurance: { readonly type: InsuranceType; readonly admdvs: string }
  readonly admitted_on?: Day | null | undefined
  readonly discharged_on?: Day | null | undefined
  readonly visited_on?: Day | null | undefined
  readonly diagnoses: readonly { readonly code: string; readonly name: string }[]
  readonly disease_code?: string | null | undefined
  readonly referral: Referral
  readonly department?: string | null | undefined
  readonly amounts: Readonly<Partial<Record<AmountName, string | undefined>>>
}

/** Everything a statement is made of; nothing in it is recomputed, so a reprint says what the first copy said. */
export interface StatementSource {
  readonly settlement: PrintedSettlement
  readonly bill: PrintedBill
  readonly patient: {
    readonly name: string
    readonly id_number: string
    readonly sex: 'male' | 'female'
    readonly born_on: Day
    readonly township: string
    readonly certificate_no?: string | null | undefined
  }
  readonly hospital: { readonly code: string; readonly name: string; readonly level: 1 | 2 | 3 }
  readonly rule: {
    readonly title: string
    readonly illustrative: boolean
    /** The scheme's own Chinese names of its categories, benefits and pools; without them the common ones are used. */
    readonly labels?: SchemeLabels | undefined
  }
  /** `nth` counts every print of this statement: 1 is the original, 2 the first reprint. */
  readonly print: { readonly nth: number; readonly printed_at: string }
  /** The city or county in the title. */
  readonly place?: string | undefined
  /** Where to ask and complain; the national medical-security hotline unless told otherwise. */
  readonly phone?: string | undefined
}

export interface SchemeLabels {
  readonly categories?: Readonly<Record<string, string>> | undefined
  readonly benefits?: Readonly<Record<string, string>> | undefined
  readonly pools?: Readonly<Record<string, string>> | undefined
}
