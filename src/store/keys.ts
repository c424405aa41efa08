import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Keys } from '../kernel/seal.ts'

const key = z.string().regex(/^[0-9a-f]{64}$/)
const file = z.strictObject({ id: z.string().min(1), field: key, blind: key })

/**
 * Reads `keys.json` in the data folder, or makes it on the first start (mode 0600). Whoever loses it loses every
 * ID number in the register: back it up apart from the database.
 */
export function loadKeys(dataDir: string): Keys {
  const path = join(dataDir, 'keys.json')
  if (!existsSync(path)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const fresh = { id: 'k1', field: randomBytes(32).toString('hex'), blind: randomBytes(32).toString('hex') }
    writeFileSync(path, JSON.stringify(fresh, null, 2), { mode: 0o600, flag: 'wx' })
  }
  const keys = file.parse(JSON.parse(readFileSync(path, 'utf8')))
  return { id: keys.id, field: Buffer.from(keys.field, 'hex'), blind: Buffer.from(keys.blind, 'hex') }
}
