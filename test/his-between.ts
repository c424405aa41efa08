import { setHis, setUpstream } from '../src/hospitals/set-his.ts'
import type { Engine, Open } from './engines.ts'
import { publishCodes } from './his-message.ts'
import { psnOf } from './his-window.ts'
import { done, OPERATOR, type Person } from './people.ts'
import { type PlatformProcess, startPlatform } from './platform/start.ts'
import { HOSPITAL, openWorld, TODAY, type World } from './world.ts'

/** What stands between a hospital and a platform: where the platform is heard, and how long it is waited for. */
interface Standing {
  readonly people: readonly Person[]
  readonly timeout_ms: number
  /** Where the platform answers; its own address unless a line leads there. */
  readonly url?: (platform: PlatformProcess) => Promise<string>
}

/** A world whose first hospital reaches a simulated platform through us; everybody is registered with both. */
export async function openBetween(
  engine: Engine,
  open: Open,
  { people, timeout_ms, url = async (platform) => platform.url }: Standing,
): Promise<{ w: World; platform: PlatformProcess }> {
  const platform = await startPlatform()
  const w = await openWorld(engine, open)
  const { deps } = w.service
  await publishCodes(w)
  await done(setUpstream(deps, OPERATOR, { admdvs: '654002', url: await url(platform), style: 'one', timeout_ms }))
  await done(setHis(deps, OPERATOR, { code: HOSPITAL, mode: 'in_between' }))
  await deps.directory.now()
  await w.register(...people)
  const insured = people.map((p) => ({ certno: p.id, psn_name: p.name, psn_no: psnOf(p), balance: 0 }))
  await platform.control({ people: insured, now: new Date(TODAY).toISOString() })
  return { w, platform }
}
