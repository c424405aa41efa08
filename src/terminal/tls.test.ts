import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canSelfSign, selfSigned } from '../../test/self-signed.ts'
import { openSite, run, runProgram, type Site } from './window.fixture.ts'

const found = canSelfSign('the terminal behind TLS')

const folder = mkdtempSync(join(tmpdir(), 'terminal-tls-'))
let cert = ''
let site: Site
let proxy: Server
let url: string

/** A TLS proxy as hospitals put one in front: it hands on everything, `Host` too. */
beforeAll(async () => {
  if (!found) return
  site = await openSite()
  const made = selfSigned(folder, 10)
  cert = made.file
  proxy = createServer({ key: made.key, cert: made.cert }, (incoming, out) => {
    const { method, url: path = '/', headers } = incoming
    const sent = request(new URL(path, site.practice.url()), { method, headers, agent: false }, (answer) => {
      out.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(out)
    })
    sent.on('error', () => out.destroy())
    incoming.pipe(sent)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  url = `https://localhost:${(proxy.address() as AddressInfo).port}`
})
afterAll(async () => {
  if (found) {
    proxy.closeAllConnections()
    proxy.close()
    await site.close()
  }
  rmSync(folder, { recursive: true, force: true })
})

describe.runIf(found)('经 TLS 代理', { timeout: 120_000 }, () => {
  test('验收：证书十天后到期，提醒；不受信任则不做', async () => {
    const report = join(folder, 'report.json')
    const argv = ['--url', url, '--key', site.practice.native.key, '--only', 'E03', '--out', report]
    const trusted = await runProgram('certify.ts', argv, { NODE_EXTRA_CA_CERTS: cert }).ended
    expect(trusted.code).toBe(0)
    expect(JSON.parse(readFileSync(report, 'utf8')).findings[0]).toMatchObject({
      result: 'warn',
      why: [expect.stringMatching(/证书 (9|10) 天后到期/)],
    })
    const stranger = await runProgram('certify.ts', argv, {}).ended
    expect([stranger.code, stranger.err]).toEqual([2, expect.stringContaining('连不上')])
  })

  test('受信任的证书：结算、签名（签的是 https 地址）都成', async () => {
    const w = site.window()
    const { key, id } = site.practice.signed
    const options = ['--journal', w.journal, '--signed-as', id, '--retry', '0.1']
    const env = { TERMINAL_URL: url, TERMINAL_KEY: key, NODE_EXTRA_CA_CERTS: cert }
    const ended = await run(['settle', w.bill, ...options], env).ended
    expect([ended.code, ended.err]).toEqual([0, expect.stringContaining('医疗救助    3000.00 元')])
  })

  test('不受信任的证书：什么也没有发出，退出 4', async () => {
    const w = site.window()
    const ended = await w.at(url, 'settle', w.bill).ended
    expect([ended.code, ended.err]).toEqual([4, expect.stringContaining('self-signed certificate')])
    expect(await site.booked(w.bill_no)).toMatchObject({ code: 'settlement_not_found' })
  })
})
