import { createServer } from 'node:http'
import { serve } from '@hono/node-server'
import type { Hono } from 'hono'

/** Serves a reference as the service serves itself, and says where. */
export function listen(app: Hono, close: () => Promise<void>): void {
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1', createServer })
  server.once('listening', () => console.log(JSON.stringify({ msg: 'listening', address: server.address() })))
  process.once('SIGTERM', () => {
    server.close()
    void close().then(() => process.exit(0))
  })
}
