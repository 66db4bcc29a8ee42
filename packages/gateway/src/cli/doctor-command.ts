// `staywire doctor`: looks at a server from a shell, over every transport, and says in words what breaks and what to do about it.
// Findings go to stdout, progress to stderr. Ends with 1 when there is a problem, so that it can stand in a pipeline.
import type { Command } from 'commander'
import type { Diagnosis, Patient, Verdict } from '../doctor/diagnosis.ts'
import { Failure } from '../failure.ts'
import { parseDuration } from './duration.ts'

interface DoctorOptions {
  readonly token?: string
  readonly origin?: string
  readonly idle: string
  readonly timeout: string
  readonly json?: true
}

const MARK: Record<Verdict, string> = { ok: 'ok     ', warning: 'warning', problem: 'PROBLEM', skipped: 'skipped' }

/** Adds the command to the program. `done` is told the exit code. */
export function addDoctorCommand(program: Command, done: (exitCode: number) => void): void {
  program
    .command('doctor')
    .summary('look at a server from here, over every transport')
    .description(
      'Looks at a server as a client would, over every transport: name, TLS, handshake, origin, sign-in, round trips, frame size, buffering, and whether an idle connection survives. Says what breaks and what to do about it.',
    )
    .argument('<URL>', 'What clients connect to, such as https://app.example/realtime.')
    .option('--token <TOKEN>', 'Signs in with it (STAYWIRE_TOKEN); `staywire token` makes one.')
    .option('--origin <URL>', "Speaks as a page of this origin. Default: the server's own.")
    .option(
      '--idle <DURATION>',
      'How long a connection has to survive without traffic: 70s, 5m; 0 to leave it out.',
      '70s',
    )
    .option('--timeout <DURATION>', 'Patience with each step.', '5s')
    .option('--json', 'Prints one JSON object instead of text.')
    .action(async (url: string, options: DoctorOptions) => done(await doctor(patientOf(url, options), options.json)))
}

function patientOf(text: string, options: DoctorOptions): Patient {
  const url = URL.canParse(text) ? new URL(text.replace(/^ws/, 'http')) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new Failure(`${text} is no URL like https://app.example/realtime`)
  }
  const duration = (name: 'idle' | 'timeout'): number => {
    const ms = name === 'idle' && options.idle === '0' ? 0 : parseDuration(options[name])
    if (ms === undefined) throw new Failure(`--${name} is ${options[name]}, allowed: a duration like 30s or 5m`)
    return ms
  }
  const token = options.token ?? process.env['STAYWIRE_TOKEN']
  return {
    url,
    origin: options.origin ?? url.origin,
    idleMs: duration('idle'),
    timeoutMs: duration('timeout'),
    ...(token !== undefined && token !== '' && { token }),
  }
}

async function doctor(patient: Patient, json = false): Promise<number> {
  const { examine } = await import('../doctor/examine.ts')
  const said: Diagnosis[] = []
  if (!json) process.stdout.write(`${patient.url.href}\n\n`)
  if (patient.idleMs > 0) process.stderr.write(`The last step waits for ${Math.round(patient.idleMs / 1_000)} s.\n`)
  for await (const diagnosis of examine(patient)) {
    said.push(diagnosis)
    if (!json) process.stdout.write(textOf(diagnosis))
  }
  const problems = said.filter(({ verdict }) => verdict === 'problem').length
  const warnings = said.filter(({ verdict }) => verdict === 'warning').length
  const { href: url } = patient.url
  if (json) process.stdout.write(`${JSON.stringify({ url, healthy: problems === 0, diagnoses: said }, null, 2)}\n`)
  else process.stdout.write(`\n${counted(problems, 'problem')}, ${counted(warnings, 'warning')}\n`)
  return problems > 0 ? 1 : 0
}

function textOf({ check, verdict, says, fix }: Diagnosis): string {
  return `${MARK[verdict]}  ${check.padEnd(11)} ${says}\n${fix === undefined ? '' : `${' '.repeat(21)}→ ${fix}\n`}`
}

function counted(count: number, noun: string): string {
  return `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`
}
