import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whether this machine can make certificates; where it cannot, prints what is not tried for it. */
export function canSelfSign(what: string): boolean {
  const found = spawnSync('openssl', ['version']).status === 0
  if (!found) process.stderr.write(`no openssl command: ${what} is not tried here\n`)
  return found
}

/** A certificate for `localhost` that nobody has signed but itself, made in a folder. */
export function selfSigned(folder: string, days: number) {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const how = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const whose = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', String(days)]
  execFileSync('openssl', [...how, ...whose, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { file: cert, key: readFileSync(key), cert: readFileSync(cert, 'utf8') }
}
