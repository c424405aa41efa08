import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { createPlatform } from './server.ts'

const { values } = parseArgs({ options: { port: { type: 'string' }, 'state-file': { type: 'string' } } })
const platform = createPlatform(values['state-file'] ?? null)
// Longer than any client keeps a connection that rests: the client is the one to close it.
const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, platform.handler)
server.listen(Number(values.port ?? 0), '127.0.0.1', () =>
  console.log(JSON.stringify({ msg: 'listening', address: server.address() })),
)

function leave(): void {
  server.close()
  server.closeAllConnections()
  platform.close()
  process.exit(0)
}
process.once('SIGTERM', leave)
// A test that is killed takes its platform with it.
process.once('disconnect', leave)
