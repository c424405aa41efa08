import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi'
import type { z } from 'zod'
import { REFUSALS, type RefusalCode } from '../kernel/refusal.ts'
import type { Operation } from './call.ts'
import { problemSchema } from './problem.ts'

const ALWAYS: readonly RefusalCode[] = ['wrong_host', 'internal_error', 'overloaded']
const OF_BODY: readonly RefusalCode[] = [
  'malformed_json',
  'invalid_request',
  'body_too_large',
  'unsupported_media_type',
]
const OF_CALLER: readonly RefusalCode[] = [
  'unauthenticated',
  'terminal_revoked',
  'signature_required',
  'signature_invalid',
  'signature_replayed',
  'clock_skew',
  'forbidden',
]

/** What is refused before anybody can tell which language an address speaks. */
const OF_HTTP: readonly RefusalCode[] = ['malformed_http', 'request_timeout', 'headers_too_large']

const codesOf = (o: Operation): readonly RefusalCode[] => [
  ...ALWAYS,
  ...(o.body ? OF_BODY : []),
  ...(o.params || o.query || o.headers ? (['invalid_request'] as const) : []),
  ...(o.permission === 'public' ? [] : OF_CALLER),
  ...(o.rate ? (['too_many_requests'] as const) : []),
  ...(o.refusals ?? []),
]

/** Refusals of one address by status, each code named in the description. A dialect has answers of its own. */
function refusalAnswers(o: Operation) {
  const codes = new Set(o.dialect ? OF_HTTP : codesOf(o))
  const byStatus = new Map<number, RefusalCode[]>()
  for (const code of codes) byStatus.set(REFUSALS[code].status, [...(byStatus.get(REFUSALS[code].status) ?? []), code])
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      status,
      {
        description: list.map((code) => `\`${code}\` ${REFUSALS[code].title}`).join('; '),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  )
}

const FILE = { schema: { type: 'string' as const, format: 'binary' } }

function answersOf(o: Operation) {
  return Object.fromEntries(
    Object.entries(o.answers).map(([status, a]) => [
      status,
      a.schema || a.media
        ? {
            description: a.description,
            content: {
              [a.media ?? 'application/json']: { schema: a.schema ?? { type: 'string' as const } },
              ...(a.file ? { [a.file]: FILE } : {}),
            },
          }
        : { description: a.description },
    ]),
  )
}

/** Any one of the ways to be known at an address. */
function securityOf(o: Operation): Record<string, string[]>[] {
  if (o.permission === 'public') return []
  return [{ bearer: [] }, ...Object.keys(o.dialect?.credentials ?? {}).map((name) => ({ [name]: [] }))]
}

/** The OpenAPI 3.1 document of everything the doors open: the schemas that parse are the schemas that are shown. */
export function openApiDocument(operations: readonly Operation[]): object {
  const registry = new OpenAPIRegistry()
  registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'A terminal key or a personal token of the staff.',
  })
  for (const { dialect } of operations) {
    for (const [name, { header, description }] of Object.entries(dialect?.credentials ?? {}))
      registry.registerComponent('securitySchemes', name, { type: 'apiKey', in: 'header', name: header, description })
  }
  for (const o of operations) {
    registry.registerPath({
      method: o.method,
      path: o.path,
      operationId: o.id,
      tags: [o.tag],
      summary: o.summary,
      description:
        o.permission === 'public' ? `${o.summary}.` : `${o.summary}. Needs the permission \`${o.permission}\`.`,
      security: securityOf(o),
      request: {
        ...(o.params ? { params: o.params as z.ZodObject } : {}),
        ...(o.query ? { query: o.query as z.ZodObject } : {}),
        ...(o.headers ? { headers: o.headers as z.ZodObject } : {}),
        ...(o.body ? { body: { required: true, content: { 'application/json': { schema: o.body } } } } : {}),
      },
      responses: { ...answersOf(o), ...refusalAnswers(o) },
    })
  }
  const tags = [...new Set(operations.map((o) => o.tag))].sort()
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: '医疗救助一站式即时结算',
      version: '0.1.0',
      description:
        'Decides and books medical assistance at the hospital counter. Amounts are decimal strings in yuan, days are YYYY-MM-DD.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      contact: { name: '经办机构', url: 'https://example.org' },
    },
    servers: [{ url: '/', description: 'this service' }],
    tags: tags.map((name) => ({ name, description: `Operations of ${name}` })),
  })
}
