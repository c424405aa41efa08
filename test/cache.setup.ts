import { fileURLToPath } from 'node:url'

/** Programs are compiled once, not anew in each of the hundreds of processes of a run. */
export function setup(): void {
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.compile-cache', import.meta.url))
}
