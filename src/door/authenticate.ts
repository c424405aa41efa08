import type { Context } from 'hono'
import type { Caller } from '../access/caller.ts'
import type { DirectoryKeeper } from '../access/directory.ts'
import type { Terminal } from '../hospitals/hospital.ts'
import { sha256 } from '../kernel/canonical.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'

/** Who the key belongs to, and the terminal when it also has to sign what it sends. */
export interface Identity {
  readonly caller: Caller
  readonly mustSign: Terminal | null
}

export type Authenticate = (c: Context) => Promise<Identity | Refusal>

const stranger = () => refuse('unauthenticated', '请在 Authorization 中带上 Bearer 密钥')

/**
 * Terminal keys and staff tokens are random texts of 160 bits; the store keeps their SHA-256, which is enough for
 * secrets nobody can guess.
 */
export function createAuthenticate(directory: DirectoryKeeper): Authenticate {
  return async (c) => {
    const header = c.req.header('authorization') ?? ''
    if (!header.startsWith('Bearer ')) return stranger()
    const hash = sha256(header.slice(7))
    let known = await directory.recent()
    // A key that nobody knows may have been handed out a moment ago by another process.
    if (!known.terminalByKey.has(hash) && !known.staffByToken.has(hash)) known = await directory.now()
    const terminal = known.terminalByKey.get(hash)
    if (terminal) {
      if (terminal.revoked) return refuse('terminal_revoked', `终端 ${terminal.id} 的密钥已停用`)
      const caller = { kind: 'terminal', id: terminal.id, hospital: terminal.hospital_code } as const
      return { caller, mustSign: terminal.signing_key === null ? null : terminal }
    }
    const staff = known.staffByToken.get(hash)
    if (staff && !staff.revoked) return { caller: { kind: 'staff', id: staff.id, roles: staff.roles }, mustSign: null }
    return stranger()
  }
}
