import type { z } from 'zod'
import type { Caller, Permission } from '../access/caller.ts'
import type { Rate } from '../access/limit.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Authenticate } from './authenticate.ts'

/** A schema of any shape; what it yields is what the handler sees. */
type Schema = z.ZodType

/** What is known of a request while it is answered: the log, the figures and a dialect tell it. */
export interface Asked {
  /** The operation's id; an address of many operations says here which one it was. */
  operation: string
  caller: Caller | null
  /** By `performance.now()`. */
  readonly start: number
}

/** How addresses speak that are not of our making: who calls, what a no sounds like, how long an answer may take. */
export interface Dialect {
  /** Addresses below these speak it, also those that nobody has opened. */
  readonly under: readonly string[]
  readonly authenticate: Authenticate
  readonly deadlineMs: number
  /** A refusal in its words. */
  readonly say: (refusal: Refusal, asked: Asked) => Promise<Reply>
  /** Headers by which callers are known, for the OpenAPI document. */
  readonly credentials: Readonly<Record<string, { readonly header: string; readonly description: string }>>
}

/** One address of the service: what it needs, who may call it, what it answers. The map of these is the OpenAPI document. */
export interface Operation {
  readonly method: 'get' | 'post'
  /** With `{name}` for a parameter, as OpenAPI writes it. */
  readonly path: string
  /** `public`: anybody. Every other address needs a caller who may. */
  readonly permission: Permission | 'public'
  readonly id: string
  readonly tag: string
  readonly summary: string
  readonly params?: Schema
  readonly query?: Schema
  readonly headers?: Schema
  readonly body?: Schema
  readonly answers: Readonly<Record<number, Answer>>
  /** How often one caller may ask; without it as often as they like. */
  readonly rate?: Rate
  /** Refusals this address can give, beside those that every address can give. */
  readonly refusals?: readonly Refusal['refusal'][]
  readonly dialect?: Dialect
}

interface Answer {
  readonly description: string
  readonly schema?: Schema
  readonly media?: string
  /** The media type of a file that may come instead. */
  readonly file?: string
}

type Out<S> = S extends Schema ? z.output<S> : undefined

/** What reaches a handler: parsed and trusted. */
export interface Call<O extends Operation> {
  readonly caller: O['permission'] extends 'public' ? null : Caller
  readonly params: Out<O['params']>
  readonly query: Out<O['query']>
  readonly headers: Out<O['headers']>
  readonly body: Out<O['body']>
  /** The body as it came. */
  readonly raw: Uint8Array
  readonly asked: Asked
}

/** What a handler gives back; `text` is sent as it is, `json` is rendered once. */
export interface Reply {
  readonly status: number
  readonly json?: unknown
  readonly text?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
  readonly media?: string
  readonly headers?: Readonly<Record<string, string>>
}

export type Handler<O extends Operation> = (call: Call<O>) => Promise<Reply | Refusal>

export interface Door {
  open<const O extends Operation>(operation: O, handler: Handler<O>): void
}
