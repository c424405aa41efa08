export interface Rate {
  /** So many at once after a pause. */
  readonly burst: number
  readonly perSecond: number
}

/** No counter is ever as busy; who tries out numbers to learn who is poor gets no further than a counter would. */
export const ASKING_OF_PERSONS: Rate = { burst: 200, perSecond: 20 }

/**
 * Token buckets, one for each who asks: 0 where asking is allowed now, else the seconds after which it is again. The
 * libraries for this count fixed windows, which let through twice the rate at their edge, by a clock of their own.
 */
export function createLimit({ burst, perSecond }: Rate, now: () => number): (who: string) => number {
  const buckets = new Map<string, { left: number; at: number }>()
  return (who) => {
    const at = now()
    const bucket = buckets.get(who) ?? { left: burst, at }
    // A clock that was set back must not take away what had been earned.
    const earned = (Math.max(0, at - bucket.at) / 1000) * perSecond
    const left = Math.min(burst, bucket.left + earned)
    const allowed = left >= 1
    buckets.set(who, { left: allowed ? left - 1 : left, at })
    return allowed ? 0 : Math.ceil((1 - left) / perSecond)
  }
}
