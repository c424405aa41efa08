import { parseArgs } from 'node:util'
import type { Instant } from '../kernel/day.ts'
import { type Command, nativeCommands, type Typed } from './commands.ts'
import { resolveOpen } from './counter.ts'
import { EXIT, type ExitCode, type Io, Misused, reasonOf } from './exit.ts'
import { hisCommands } from './his-commands.ts'
import { runMenu } from './menu.ts'
import { type Office, openOffice } from './office.ts'
import { COMMON_OPTIONS, COMMON_USAGE, readSettings } from './settings.ts'
import { resolvedLine, unknownLines } from './words.ts'

const COMMANDS: readonly Command[] = [...nativeCommands, ...hisCommands]

const usageOf = (commands: readonly Command[]): string =>
  commands.map((c) => `  ${`${c.name} ${c.usage}`.trim()}\n      ${c.does}`).join('\n')

const HELP = `用法：npm run terminal -- [命令] [选项]      不写命令则进入菜单
${usageOf(COMMANDS)}

选项（也可用环境变量 TERMINAL_URL、TERMINAL_KEY …）：
${COMMON_USAGE}

退出码：0 办成 · 1 被拒，没有入账 · 2 命令或文件看不懂，没有发送 · 3 结果未知，已记日志，勿退款勿重收 · 4 没连上，或询问没有得到答复：没有入账
答复的 JSON 在标准输出，给人看的话在标准错误。`

/** What an earlier run left open comes first: the next patient's money must not hide it. */
async function takeUpOpen({ counter }: Office, say: (text: string) => void): Promise<void> {
  for (const warning of counter.journal.warnings) say(`！ ${warning}`)
  const open = counter.journal.open().length
  if (open === 0) return
  say(`未完成交易 ${open} 笔，正在查询……`)
  for (const one of await resolveOpen(counter)) say(resolvedLine(one))
}

function takeApart(command: Command | null, args: readonly string[]): Typed {
  try {
    const options = { ...COMMON_OPTIONS, ...command?.options }
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
    const words = command ? positionals.slice(1) : positionals
    const [least, most] = command?.words ?? [0, 0]
    if (words.length < least) throw new Misused('缺少参数')
    if (words.length > most) throw new Misused(`多余的参数：${words.slice(most).join(' ')}`)
    return { options: values, words }
  } catch (error) {
    throw error instanceof Misused ? error : new Misused(reasonOf(error))
  }
}

const EVERY_OPTION = Object.assign({}, COMMON_OPTIONS, ...COMMANDS.map((c) => c.options))

/** The first word, wherever the options stand; null: none was named, so the menu is meant. */
function commandIn(argv: readonly string[]): Command | null {
  const args = [...argv]
  const [name] = parseArgs({ args, options: EVERY_OPTION, allowPositionals: true, strict: false }).positionals
  if (name === undefined) return null
  const command = COMMANDS.find((c) => c.name === name)
  if (!command) throw new Misused(`没有这个命令：${name}`)
  return command
}

/** What went wrong before anything was sent is the caller's to mend; afterwards an open request is of unknown outcome. */
function sayFault(error: unknown, office: Office | null, io: Io): ExitCode {
  if (error instanceof Misused) {
    io.err(`${error.message}\n用法见 npm run terminal -- --help`)
    return EXIT.misused
  }
  const unsure = office !== null && office.counter.journal.open().length > 0
  for (const line of unsure ? unknownLines(reasonOf(error)) : [`✗ ${reasonOf(error)}，没有发送`]) io.err(line)
  return unsure ? EXIT.unknown : EXIT.misused
}

/** Runs one command line, or the menu where no command is named. */
export async function runTerminal(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  io: Io,
  now: () => Instant,
): Promise<ExitCode> {
  if (argv.some((a) => a === '--help' || a === '-h' || a === 'help')) {
    io.out(HELP)
    return EXIT.done
  }
  let office: Office | null = null
  try {
    const command = commandIn(argv)
    const say = command ? io.err : io.out
    const typed = takeApart(command, argv)
    office = openOffice(readSettings(typed.options, env), now, say)
    if (command === null) {
      await takeUpOpen(office, say)
      return await runMenu(office, io)
    }
    if (command.resolves) await takeUpOpen(office, say)
    return await command.run(office, typed, io)
  } catch (error) {
    return sayFault(error, office, io)
  } finally {
    office?.counter.journal.close()
  }
}
