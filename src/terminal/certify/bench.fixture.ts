import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Practice, startPractice } from '../../../fixtures/practice/start.ts'
import { type Between, type Carelessness, carelessProxy, type Passed } from '../../../test/careless-proxy.ts'
import type { Finding } from './case.ts'
import type { Report } from './report.ts'
import { runCertify } from './run.ts'

/** What a run of the kit has said and written. */
export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
  readonly findings: readonly Finding[]
}

export interface Bench {
  readonly practice: Practice
  readonly folder: string
  /** Runs the kit as a vendor does: with the practice file, against an address of one's own. */
  certify(argv: readonly string[], url?: string, now?: () => number): Promise<Ran>
  through(careless: Carelessness): Promise<Between>
  close(): Promise<void>
}

export async function openBench(): Promise<Bench> {
  const practice = await startPractice()
  const folder = mkdtempSync(join(tmpdir(), 'certify-'))
  const proxies: Between[] = []
  const { native, signed, second, between } = practice
  const file = join(folder, 'practice.json')
  const keys = { key: native.key, 'signed-key': signed.key, 'signed-as': signed.id, his: [second, between] }
  writeFileSync(file, JSON.stringify(keys))
  return {
    practice,
    folder,
    async certify(argv, url = practice.url(), now = Date.now) {
      const [out, err]: [string[], string[]] = [[], []]
      const report = join(folder, 'report.json')
      rmSync(report, { force: true })
      const io = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) }
      const code = await runCertify(['--practice', file, '--url', url, '--out', report, ...argv], io, now)
      const written = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as Report).findings : []
      return { code, out: out.join('\n'), err: err.join('\n'), findings: written }
    },
    async through(careless) {
      const proxy = await carelessProxy(practice.url, careless)
      proxies.push(proxy)
      return proxy
    },
    async close() {
      for (const proxy of proxies) await proxy.close()
      await practice.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const failed = (findings: readonly Finding[]): string[] =>
  findings.filter((f) => f.result === 'fail').map((f) => f.id)
/** The answer with some of its text replaced. */
export const rewrite = (answer: Passed, from: string, to: string): Passed => ({
  ...answer,
  body: Buffer.from(answer.body.toString('utf8').replaceAll(from, to)),
})
export const settles = (p: { method: string; path: string }) => p.method === 'POST' && p.path === '/v1/settlements'
