import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const HERE = JSON.stringify(new URL('quick-resolve.ts', import.meta.url).href)

/** What every import of a fresh process came to: the address and the format of each module, whoever asked for it. */
function resolved(before: string): Record<string, string> {
  const program = `
    import { registerHooks } from 'node:module'
    ${before}
    const seen = {}
    registerHooks({
      resolve(specifier, context, next) {
        const { url, format } = next(specifier, context)
        seen[specifier + ' from ' + context.parentURL] = url + ' ' + format
        return { url, format }
      },
    })
    for (const name of ['drizzle-orm/better-sqlite3', 'drizzle-orm/node-postgres', 'date-fns', 'zod'])
      await import(name)
    process.stdout.write(JSON.stringify(seen))`
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], { maxBuffer: 2 ** 25 })
  return JSON.parse(String(out))
}

test('resolves what node resolves to the same place', () => {
  const usual = resolved('')
  const quick = resolved(`import { resolveQuickly } from ${HERE}\nresolveQuickly()`)
  expect(Object.keys(usual).length).toBeGreaterThan(500)
  expect(Object.fromEntries(Object.keys(usual).map((key) => [key, quick[key]]))).toEqual(usual)
})
