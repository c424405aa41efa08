import type { Instant } from '../kernel/day.ts'
import { type Counter, digestOfKey } from './counter.ts'
import { openJournal } from './journal.ts'
import { openLine } from './line.ts'
import { type Native, nativeDoor, openNative } from './native.ts'
import type { Settings } from './settings.ts'

/** Everything a command works with. */
export interface Office {
  readonly settings: Settings
  readonly counter: Counter
  readonly native: Native
}

/** Puts the terminal together; `say` tells whoever waits. */
export function openOffice(settings: Settings, now: () => Instant, say: (text: string) => void): Office {
  const line = openLine(settings.url, settings.timeoutMs)
  const native = openNative(line, settings.key, settings.signer, now)
  const journal = openJournal(settings.journal)
  const terminal = digestOfKey(settings.key)
  const doors = { native: nativeDoor(native), his: nativeDoor(native) }
  return { settings, native, counter: { line, journal, doors, terminal, patience: settings.retry, now, say } }
}
