import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** Asks one thing after the other; null: the input has ended. */
export interface Prompt {
  ask(question: string, fallback?: string): Promise<string | null>
  close(): void
}

/** Lines that arrive before they are asked for are kept, so that a menu can also be driven by a file. */
export function openPrompt(input: Readable, output: Writable): Prompt {
  const reader = createInterface({ input, output, terminal: (output as Writable & { isTTY?: boolean }).isTTY === true })
  const lines = reader[Symbol.asyncIterator]()
  let open = true
  reader.once('close', () => {
    open = false
  })
  return {
    async ask(question, fallback) {
      const text = fallback ? `${question} [${fallback}]：` : `${question}：`
      reader.setPrompt(text)
      // Input that has ended may have left lines behind, but it takes no more prompts.
      if (open) reader.prompt()
      else output.write(text)
      const { value, done } = await lines.next()
      if (done) return null
      return value.trim() || (fallback ?? '')
    },
    close: () => reader.close(),
  }
}
