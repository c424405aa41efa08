import { parseArgs } from 'node:util'
import { type Config, readConfig } from '../config.ts'
import { bookCommands } from './books.ts'
import type { Command, ExitCode, Io, Typed } from './command.ts'
import { hisCommands } from './his.ts'
import { hospitalCommands } from './hospital.ts'
import { withOffice } from './office.ts'
import { registerCommands } from './register.ts'
import { rulesCommands } from './rules.ts'
import { Misused, sayError } from './say.ts'
import { staffCommands } from './staff.ts'
import { terminalCommands } from './terminal.ts'

const COMMANDS: readonly Command[] = [
  ...hospitalCommands,
  ...terminalCommands,
  ...hisCommands,
  ...staffCommands,
  ...registerCommands,
  ...rulesCommands,
  ...bookCommands,
]

const usageOf = (commands: readonly Command[]): string =>
  commands.map((c) => `  ${`${c.name} ${c.usage}`.trim()}\n      ${c.does}`).join('\n')

const HELP = '用法 usage: npm run cli -- <名词 noun> <动词 verb> [选项 options]\n'
const ENVIRONMENT =
  '\n数据位置由 DATA_DIR 或 DATABASE_URL 指定，与服务相同；服务运行时也可使用。\nWorks on the DATA_DIR or DATABASE_URL of the service, also while it runs.'

/** Runs one command line. Refusals and differences end in 1, what is not understood in 2. */
export async function runCli(argv: readonly string[], env: NodeJS.ProcessEnv, io: Io): Promise<ExitCode> {
  const asksHelp = argv.length === 0 || argv.some((a) => a === '--help' || a === '-h') || argv[0] === 'help'
  const command = COMMANDS.find((c) => c.name === argv.slice(0, 2).join(' '))
  if (asksHelp) {
    const about = COMMANDS.filter((c) => c === command || (!command && c.name.startsWith(`${argv[0]} `)))
    io.out(HELP + usageOf(about.length > 0 ? about : COMMANDS) + ENVIRONMENT)
    return 0
  }
  if (!command) {
    const near = COMMANDS.filter((c) => c.name.startsWith(`${argv[0]} `))
    io.err(
      `没有这个命令 no such command: ${argv.slice(0, 2).join(' ')}\n${HELP}${usageOf(near.length > 0 ? near : COMMANDS)}`,
    )
    return 2
  }
  try {
    return await runCommand(command, argv.slice(2), env, io)
  } catch (error) {
    if (error instanceof Misused) {
      io.err(`${error.message}\n${HELP}${usageOf([command])}`)
      return 2
    }
    io.err(`没有办成 failed: ${sayError(error)}`)
    return 1
  }
}

async function runCommand(
  command: Command,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  io: Io,
): Promise<ExitCode> {
  const typed = takeApart(command, args)
  const config = configOf(env)
  return command.needs === 'files' ? command.run(typed, config, io) : withOffice(command.plan(typed), config, io)
}

function takeApart(command: Command, args: readonly string[]): Typed {
  const parsed = (() => {
    try {
      return parseArgs({ args: [...args], options: command.options, allowPositionals: true, strict: true })
    } catch (error) {
      throw new Misused(error instanceof Error ? error.message : 'not understood')
    }
  })()
  const [least, most] = command.words
  const words = parsed.positionals
  if (words.length < least) throw new Misused('缺少参数 something is missing')
  if (words.length > most) throw new Misused(`多余的参数 not expected: ${words.slice(most).join(' ')}`)
  return { options: parsed.values, words }
}

function configOf(env: NodeJS.ProcessEnv): Config {
  try {
    return readConfig(env)
  } catch (error) {
    throw new Misused(error instanceof Error ? error.message : 'configuration')
  }
}
