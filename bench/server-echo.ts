import { Hono } from 'hono'
import { listen } from './listen.ts'

/** Answers at once: what the load generator reaches here is far above what it is to measure. */
const ANSWER = JSON.stringify({ answer: 'x'.repeat(2000) })
const app = new Hono()
app.post('/v1/settlements', async (c) => {
  await c.req.arrayBuffer()
  return c.body(ANSWER, 201, { 'content-type': 'application/json' })
})
listen(app, async () => undefined)
