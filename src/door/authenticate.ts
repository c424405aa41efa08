import type { Context } from 'hono'
import type { Caller } from '../access/caller.ts'
import type { Directory, DirectoryKeeper } from '../access/directory.ts'
import { sha256 } from '../kernel/canonical.ts'
import { type Refusal, refuse } from '../kernel/refusal.ts'
import type { SignatureCheck } from './signature.ts'

/** Who calls, and what remains to be checked once the body has been read; null: nothing. */
export interface Identity {
  readonly caller: Caller
  readonly check: ((body: Uint8Array) => Promise<Refusal | null>) | null
}

export type Authenticate = (c: Context) => Promise<Identity | Refusal>

const stranger = () => refuse('unauthenticated', '请在 Authorization 中带上 Bearer 密钥')

/** What was handed out a moment ago by another process is unknown to a copy a second old: asks once more before saying no. */
export async function knownTo(keeper: DirectoryKeeper, knows: (d: Directory) => boolean): Promise<Directory> {
  const recent = await keeper.recent()
  return knows(recent) ? recent : keeper.now()
}

/** The text behind `Bearer`, or null. */
export function bearerOf(c: Context): string | null {
  const header = c.req.header('authorization') ?? ''
  return header.startsWith('Bearer ') ? header.slice(7) : null
}

/**
 * Terminal keys and staff tokens are random texts of 160 bits; the store keeps their SHA-256, which is enough for
 * secrets nobody can guess.
 */
export function createAuthenticate(keeper: DirectoryKeeper, checkSignature: SignatureCheck): Authenticate {
  return async (c) => {
    const key = bearerOf(c)
    if (key === null) return stranger()
    const hash = sha256(key)
    const known = await knownTo(keeper, (d) => d.terminalByKey.has(hash) || d.staffByToken.has(hash))
    const terminal = known.terminalByKey.get(hash)
    if (terminal) {
      if (terminal.revoked) return refuse('terminal_revoked', `终端 ${terminal.id} 的密钥已停用`)
      const caller = { kind: 'terminal', id: terminal.id, hospital: terminal.hospital_code } as const
      const check = (body: Uint8Array) => checkSignature(c, body, terminal)
      return { caller, check: terminal.signing_key === null ? null : check }
    }
    const staff = known.staffByToken.get(hash)
    if (staff && !staff.revoked) return { caller: { kind: 'staff', id: staff.id, roles: staff.roles }, check: null }
    return stranger()
  }
}
