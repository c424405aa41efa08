import type { Instant } from '../kernel/day.ts'
import { type Counter, digestOfKey, type Request } from './counter.ts'
import { Misused } from './exit.ts'
import { type AskHis, envelopeOf, hisDoor, hisRequest, newMsgid, openHis, type Sender } from './his.ts'
import { openJournal } from './journal.ts'
import { openLine } from './line.ts'
import { type Native, nativeDoor, openNative } from './native.ts'
import type { Settings } from './settings.ts'
import { judgeHis } from './verdict.ts'

/** The national interface, as this window speaks it. */
export interface His {
  /** A message to be noted down, with a number of its own. */
  request(infno: string, input: Readonly<Record<string, unknown>>): Request
  /** A question: without an answer it is simply not answered. */
  readonly ask: AskHis
}

/** Everything a command works with. */
export interface Office {
  readonly settings: Settings
  readonly counter: Counter
  readonly native: Native
  readonly his: His
}

function senderOf(settings: Settings): Sender {
  const { hospital, window } = settings
  if (hospital === null) throw new Misused('--hospital：HIS 报文须有定点医药机构编号')
  if (window === null) throw new Misused('--window：本窗口的两位编号，各窗口不同，以免 msgid 相撞')
  return { ...settings, hospital, window }
}

/** Puts the terminal together; `say` tells whoever waits. */
export function openOffice(settings: Settings, now: () => Instant, say: (text: string) => void): Office {
  const { url, key, signer, tif } = settings
  const line = openLine(url, settings.timeoutMs)
  const native = openNative(line, key, signer, now)
  const send = openHis(line, { key, tif, signer }, now)
  const journal = openJournal(settings.journal)
  const asked = new Set<string>()
  const envelope = (infno: string, input: Readonly<Record<string, unknown>>) => {
    const noted = journal.all().map((one) => one.asked.id.slice(one.asked.id.indexOf(':') + 1))
    const sender = senderOf(settings)
    const at = now()
    const msgid = newMsgid(sender, at, new Set([...noted, ...asked]))
    asked.add(msgid)
    return envelopeOf(sender, infno, msgid, at, input)
  }
  const ask: AskHis = async (infno, input) =>
    judgeHis(await send(`/his/${infno}`, JSON.stringify(envelope(infno, input))), false)
  const his: His = { request: (infno, input) => hisRequest(envelope(infno, input)), ask }
  const doors = { native: nativeDoor(native), his: hisDoor(send, ask) }
  const terminal = digestOfKey(key)
  const counter: Counter = { line, journal, doors, terminal, patience: settings.retry, now, say }
  return { settings, native, counter, his }
}
