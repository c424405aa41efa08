import { setHis, setUpstream } from '../src/hospitals/set-his.ts'
import type { Engine, Open } from './engines.ts'
import { publishCodes } from './his-message.ts'
import { hisWindow, psnOf } from './his-window.ts'
import { done, OPERATOR, type Person } from './people.ts'
import { type PlatformProcess, startPlatform } from './platform/start.ts'
import { type RawPlatform, rawPlatform } from './raw-platform.ts'
import { HOSPITAL, openWorld, TODAY, type World } from './world.ts'

/** From now on the first hospital reaches the platform at this address through us. */
export async function standBetween({ service: { deps } }: World, url: string, timeout_ms = 5000): Promise<void> {
  await done(setUpstream(deps, OPERATOR, { admdvs: '654002', url, style: 'one', timeout_ms }))
  await done(setHis(deps, OPERATOR, { code: HOSPITAL, mode: 'in_between' }))
  await deps.directory.now()
}

/** A world whose first hospital reaches a platform through us, and a window of that hospital. */
interface Between<P> {
  readonly w: World
  readonly at: ReturnType<typeof hisWindow>
  readonly platform: P
}

/** What stands between a hospital and a platform: where the platform is heard, and how long it is waited for. */
interface Standing {
  /** Registered with the platform and with us. */
  readonly people: readonly Person[]
  /** Registered with the platform alone, or with us already. */
  readonly others?: readonly Person[]
  readonly timeout_ms: number
  /** Where the platform answers; its own address unless a line leads there. */
  readonly url?: (platform: PlatformProcess) => Promise<string>
}

/** With a simulated platform that keeps its own books. */
export async function openBetween(
  engine: Engine,
  open: Open,
  { people, others = [], timeout_ms, url = async (platform) => platform.url }: Standing,
): Promise<Between<PlatformProcess>> {
  const platform = await startPlatform()
  const w = await openWorld(engine, open)
  await publishCodes(w)
  await standBetween(w, await url(platform), timeout_ms)
  await w.register(...people)
  const insured = [...others, ...people].map((p) => ({
    certno: p.id,
    psn_name: p.name,
    psn_no: psnOf(p),
    balance: 0,
  }))
  await platform.control({ people: insured, now: new Date(TODAY).toISOString() })
  return { w, at: hisWindow(w), platform }
}

/** With a platform that says what a test wants it to say. */
export async function openRawBetween(engine: Engine, open: Open): Promise<Between<RawPlatform>> {
  const platform = await rawPlatform()
  const w = await openWorld(engine, open)
  await publishCodes(w)
  await standBetween(w, platform.url)
  return { w, at: hisWindow(w), platform }
}
