import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Practice, startPractice } from '../../fixtures/practice/start.ts'
import { makeTown } from '../../fixtures/town.ts'
import { type Between, type Carelessness, carelessProxy } from '../../test/careless-proxy.ts'

/** A file that is there, and is no bill. */
export const NO_BILL = fileURLToPath(import.meta.url)

/** A terminal program that runs, or has ended. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>
}

/** Runs a program of this folder as its users do. */
export function runProgram(name: string, args: readonly string[], env: Record<string, string>, input = ''): Running {
  const file = fileURLToPath(new URL(name, import.meta.url))
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, [file, ...args], { env: { PATH, NODE_COMPILE_CACHE, ...env } })
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    err += text
  })
  child.stdin.end(input)
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }))
  return { child, ended }
}

export const run = (args: readonly string[], env: Record<string, string>, input = ''): Running =>
  runProgram('main.ts', args, env, input)

/** One window with its own journal and one bill to settle: 4000 × 75% = 3000. */
export interface Window {
  readonly journal: string
  readonly bill: string
  readonly bill_no: string
  /** Runs a command against an address. */
  at(url: string, ...words: string[]): Running
  /** The states in the journal, in order. */
  states(): string[]
}

export interface Site {
  readonly practice: Practice
  window(): Window
  through(careless: Carelessness): Promise<Between>
  /** What is booked for a bill, asked past every proxy: the settlement, or the code of the refusal. */
  booked(bill_no: string): Promise<Record<string, unknown>>
  close(): Promise<void>
}

export async function openSite(): Promise<Site> {
  const practice = await startPractice()
  const town = makeTown()
  const folder = mkdtempSync(join(tmpdir(), 'terminal-'))
  const proxies: Between[] = []
  let made = 0

  function window(): Window {
    const nth = ++made
    const person = town.cast.get(`dibao_${nth}`)
    const [journal, bill, bill_no] = [join(folder, `journal-${nth}`), join(folder, `bill-${nth}.json`), `ZD-${nth}`]
    const content = {
      bill_no,
      visit_no: bill_no,
      care_type: 'inpatient',
      patient: { id_number: person?.id_number, name: person?.name },
      insurance: { type: 'resident', admdvs: '654002' },
      admitted_on: '2024-05-06',
      discharged_on: '2024-05-16',
      diagnoses: [{ code: 'I21.9', name: '急性心肌梗死' }],
      amounts: { total_cost: '10000.00', policy_scope_cost: '10000.00', basic_insurance_paid: '6000.00' },
    }
    writeFileSync(bill, JSON.stringify(content))
    const options = ['--journal', journal, '--window', String(nth).padStart(2, '0')]
    const at = (url: string, ...words: string[]) =>
      run([...options, '--timeout', '2', '--retry', '0.1,0.2,0.3', ...words], {
        TERMINAL_URL: url,
        TERMINAL_KEY: practice.native.key,
      })
    const states = () =>
      readFileSync(journal, 'utf8')
        .split('\n')
        .flatMap((line) => (line.startsWith('{') && line.endsWith('}') ? [JSON.parse(line).state as string] : []))
    return { journal, bill, bill_no, at, states }
  }

  return {
    practice,
    window,
    async through(careless) {
      const proxy = await carelessProxy(practice.url, careless)
      proxies.push(proxy)
      return proxy
    },
    async booked(bill_no) {
      const headers = { authorization: `Bearer ${practice.native.key}` }
      const answer = await fetch(`${practice.url()}/v1/settlements?bill_no=${bill_no}`, { headers })
      return (await answer.json()) as Record<string, unknown>
    },
    async close() {
      for (const proxy of proxies) await proxy.close()
      await practice.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
