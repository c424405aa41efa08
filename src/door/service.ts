import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { REFUSALS, type RefusalCode, refuse } from '../kernel/refusal.ts'
import type { Doors } from './door.ts'
import type { Metrics } from './metrics.ts'
import { openApiDocument } from './openapi.ts'

const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
const MEDIA: Readonly<Record<string, string>> = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' }
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js'] as const

const DOCS = `<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>接口文档</title>
<link rel="stylesheet" href="/docs/swagger-ui.css"></head><body><div id="ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>`
const START = `window.onload = () => SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', validatorUrl: null })`
const DOCS_CSP = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"

/**
 * What operators and integrators ask of any service: is it alive, is it ready (`probe` throws when it is not), how is it
 * used, what can it do.
 */
export function serviceRoutes(doors: Doors, probe: () => Promise<void>, metrics: Metrics): void {
  const state = z.strictObject({ status: z.string() }).meta({ id: 'State' })
  doors.open(
    {
      method: 'get',
      path: '/healthz',
      permission: 'public',
      id: 'health',
      tag: 'service',
      summary: 'Is the process alive',
      answers: { 200: { description: 'alive', schema: state } },
    },
    async () => ({ status: 200, json: { status: 'ok' } }),
  )
  doors.open(
    {
      method: 'get',
      path: '/readyz',
      permission: 'public',
      id: 'ready',
      tag: 'service',
      summary: 'Does the store answer, are commits durable, can bills be booked',
      answers: { 200: { description: 'ready', schema: state } },
      refusals: ['overloaded'],
    },
    async () => {
      try {
        await probe()
        return { status: 200, json: { status: 'ready' } }
      } catch {
        return refuse('overloaded', '数据库不可用、提交不落盘，或无法入账', { retryAfter: 5 })
      }
    },
  )
  doors.open(
    {
      method: 'get',
      path: '/metrics',
      permission: 'public',
      id: 'metrics',
      tag: 'service',
      summary: 'Figures for Prometheus',
      answers: { 200: { description: 'text exposition format', media: 'text/plain' } },
    },
    async () => ({ status: 200, text: await metrics.text(), media: metrics.media }),
  )
  problemRoute(doors)
  docsRoutes(doors)
}

function problemRoute(doors: Doors): void {
  doors.open(
    {
      method: 'get',
      path: '/problems/{code}',
      permission: 'public',
      id: 'problem',
      tag: 'service',
      summary: 'What a refusal code means and what to do',
      params: z.strictObject({ code: z.string().max(60) }),
      answers: {
        200: {
          description: 'the code',
          schema: z.strictObject({ code: z.string(), status: z.int(), title: z.string(), action: z.string() }),
        },
      },
      refusals: ['not_found'],
    },
    async ({ params }) => {
      const entry = Object.hasOwn(REFUSALS, params.code) ? REFUSALS[params.code as RefusalCode] : null
      if (!entry) return refuse('not_found', '没有这个代码')
      return {
        status: 200,
        json: { code: params.code, status: entry.status, title: entry.title, action: entry.action },
      }
    },
  )
}

/** The document that tells all of this, and pages to read it with, without any other host. */
function docsRoutes(doors: Doors): void {
  const openapi = () => openApiDocument(doors.operations)
  doors.hono.get('/openapi.json', (c) => c.json(openapi()))
  doors.hono.get('/docs', (c) => c.html(DOCS, 200, { 'content-security-policy': DOCS_CSP }))
  doors.hono.get('/docs/start.js', (c) => c.body(START, 200, { 'content-type': MEDIA.js ?? '' }))
  for (const name of ASSETS) {
    doors.hono.get(`/docs/${name}`, async (c) =>
      c.body(await readFile(join(assets, name), 'utf8'), 200, {
        'content-type': MEDIA[name.split('.').pop() ?? ''] ?? '',
      }),
    )
  }
}
