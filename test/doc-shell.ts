import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Lines of a document that are to be typed, and what must come of them; null: nothing is shown. */
export interface Step {
  readonly line: number
  readonly typed: string
  readonly shown: { readonly kind: 'json' | 'text'; readonly text: string } | null
}

/** The steps of a document: every ```sh block, with the ```json or ```text block that follows it. */
export function stepsOf(markdown: string): Step[] {
  const blocks = [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, kind = '', text = ''], i, all) => ({
    kind,
    text,
    line: markdown.slice(0, (all[i]?.index ?? 0) + 1).split('\n').length,
  }))
  return blocks.flatMap(({ kind, text, line }, i): Step[] => {
    if (kind !== 'sh') return []
    const next = blocks[i + 1]
    const shown = next && (next.kind === 'json' || next.kind === 'text') ? { kind: next.kind, text: next.text } : null
    return [{ line, typed: text, shown } as Step]
  })
}

/** `…` in a document stands for any text, as a key for more keys, at the end of a list for more rows. */
const ANY = '…'
const like = (pattern: string, text: string): boolean =>
  pattern.includes(ANY)
    ? new RegExp(
        `^${pattern
          .split(ANY)
          .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('[^]*')}$`,
      ).test(text)
    : pattern === text

type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Where what came is not as the document shows it. */
export function unlike(shown: unknown, came: unknown, path = ''): string[] {
  const differs = [`${path || '.'}: shown ${JSON.stringify(shown)}, came ${JSON.stringify(came)}`]
  if (Array.isArray(shown)) {
    if (!Array.isArray(came)) return differs
    const more = shown.at(-1) === ANY
    const rows = more ? shown.slice(0, -1) : shown
    if (more ? came.length < rows.length : came.length !== rows.length) return differs
    return rows.flatMap((row, i) => unlike(row, came[i], `${path}[${i}]`))
  }
  if (isObject(shown)) {
    if (!isObject(came)) return differs
    const extra = ANY in shown ? [] : Object.keys(came).filter((key) => !(key in shown))
    return [
      ...extra.map((key) => `${path}.${key}: not shown`),
      ...Object.entries(shown).flatMap(([key, value]) =>
        key === ANY ? [] : unlike(value, key in came ? came[key] : undefined, `${path}.${key}`),
      ),
    ]
  }
  if (typeof shown === 'string' && typeof came === 'string') return like(shown, came) ? [] : differs
  return Object.is(shown, came) ? [] : differs
}

/** The same for a step as a whole. */
export function unlikeShown({ shown }: Step, out: string): string[] {
  if (shown === null) return []
  if (shown.kind === 'text') return like(shown.text.trim(), out.trim()) ? [] : [`shown ${shown.text}, came ${out}`]
  try {
    return unlike(JSON.parse(shown.text), JSON.parse(out))
  } catch (error) {
    return [`${(error as Error).message} in ${shown.text}, or in ${out}`]
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** The project as somebody has just cloned it: everything is there, and no data. */
function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'assistance-docs-'))
  for (const name of readdirSync(ROOT)) if (!/^(\.|data$)/.test(name)) symlinkSync(join(ROOT, name), join(folder, name))
  return folder
}

/** The whole group: npm starts a shell, which starts the program. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return
  const gone = once(child, 'exit')
  try {
    process.kill(-child.pid, 'SIGTERM')
  } catch {
    child.kill('SIGTERM')
  }
  await gone
}

export interface DocShell {
  /** Types lines as a person would, in the same shell as the ones before. */
  type(lines: string): Promise<{ readonly out: string; readonly err: string; readonly status: number }>
  close(): Promise<void>
}

/** `npm start` on a fresh database, and a shell beside it. */
export async function openDocShell(): Promise<DocShell> {
  const cwd = freshFolder()
  const PORT = String(await freePort())
  const env = { ...process.env, PORT, PLATFORM: String(await freePort()) }
  const service = spawn('npm', ['start'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const said: string[] = []
  service.stderr?.on('data', (text) => said.push(String(text)))
  await new Promise<void>((resolve, reject) => {
    service.once('exit', (status) => reject(new Error(`npm start ended with ${status}:\n${said.join('')}`)))
    createInterface({ input: service.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      if (line.includes('"msg":"listening"')) resolve()
    })
  })
  const shell = spawn('bash', ['--noprofile', '--norc'], { cwd, env, stdio: 'pipe', detached: true })
  const heard = { out: '', err: '' }
  shell.stdout.on('data', (text) => {
    heard.out += String(text)
  })
  shell.stderr.on('data', (text) => {
    heard.err += String(text)
  })
  let typed = 0
  return {
    async type(lines) {
      heard.out = ''
      heard.err = ''
      const mark = `end-of-step-${++typed}`
      shell.stdin.write(`${lines}\nprintf '\\n%s %s\\n' ${mark} $?\n`)
      const done = new RegExp(`\\n${mark} (\\d+)\\n$`)
      while (!done.test(heard.out)) await once(shell.stdout, 'data')
      const status = Number(done.exec(heard.out)?.[1])
      return { out: heard.out.replace(done, ''), err: heard.err, status }
    },
    async close() {
      await Promise.all([end(shell), end(service)])
      rmSync(cwd, { recursive: true, force: true })
    },
  }
}
