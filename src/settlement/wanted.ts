import type { Job } from './booking.ts'

/** What a job needs loaded beside what every booking loads. */
export interface Wanted {
  readonly hospital: string
  readonly scope: string
  /** All documents and open calls of this visit. */
  readonly visit: string | null
  /** The document of this `setl_id`. */
  readonly document: string | null
  /** The document of this `setl_id`, or else of this settlement. */
  readonly named: string | null
  /** The request under this key, and the document, open call and message it brought. */
  readonly original: string | null
  /** The open call of this key, and the document that came with it. */
  readonly own: string | null
  /** The document that came with this key, where it has been asked before. */
  readonly again: string | null
  /** The open calls of the visit as well. */
  readonly calls: boolean
  readonly psn: string | null
  /** The documents of `document` that this person number of the insurer has at any hospital. */
  readonly insured: string | null
}

const NOTHING = {
  visit: null,
  document: null,
  named: null,
  original: null,
  own: null,
  again: null,
  calls: true,
  psn: null,
  insured: null,
} as const

/** Null for a job of which everything stands in the native tables. */
export function wantedOf(job: Job): Wanted | null {
  const { terminal, scope } = job
  const whose = { ...NOTHING, hospital: terminal.hospital, scope }
  switch (job.kind) {
    case 'settle': {
      const { document, learn } = job
      if (!document && !learn) return null
      const { mdtrt_id = null, setl_id = null, psn_blind = null } = document ?? {}
      const psn = learn?.psn_blind ?? null
      return { ...whose, visit: mdtrt_id, document: setl_id, again: job.key, calls: false, psn, insured: psn_blind }
    }
    case 'reverse': {
      const { target, document } = job
      if ('no' in target && !document) return null
      return {
        ...whose,
        document: document?.setl_id ?? null,
        named: 'setl_id' in target ? target.setl_id : null,
        original: 'requestKey' in target ? target.requestKey : null,
      }
    }
    case 'note':
      return {
        ...whose,
        visit: job.guard?.mdtrt_id ?? null,
        document: job.document?.setl_id ?? null,
        original: job.guard?.undoes ?? null,
        own: job.key,
        psn: job.learn?.psn_blind ?? null,
      }
  }
}

/** The bill whose standing a job asks about. */
export function billNoOf(job: Job): string | null {
  if (job.kind === 'settle') return job.bill.bill_no
  return job.kind === 'note' ? (job.call?.bill_no ?? null) : null
}
