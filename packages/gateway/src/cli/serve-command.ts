// `staywire serve` on the command line: finds the settings and hands them over. What a gateway is made of is loaded only then:
// the other commands, and whoever made a mistake, need not wait for it.

import type { Command } from 'commander'
import { loadConfig, requireSecret } from '../config/load.ts'
import { printConfig } from '../config/print-config.ts'
import { readConfigFile } from './config-file.ts'
import { addSettings, givenFlags } from './options.ts'

interface ServeOptions {
  readonly config?: string
  readonly printConfig?: true
}

/** Adds the command to the program. */
export function addServeCommand(program: Command): void {
  const command = program
    .command('serve')
    .summary('start a gateway')
    .description(
      'Starts a gateway. Every setting can be a flag, a variable or a line in the configuration file; the first of these that is there counts.',
    )
    .option('--config <FILE>', 'Configuration file, YAML or JSON (STAYWIRE_CONFIG).')
    .option('--print-config', 'Prints the configuration in force, without secrets, and ends.')
  addSettings(command).action(async ({ config: file, printConfig: print }: ServeOptions) => {
    const config = loadConfig(givenFlags(command), process.env, readConfigFile(file, process.env))
    if (print === true) {
      const { channelsOf } = await import('../serve/embedded-server.ts')
      process.stdout.write(`${printConfig({ ...config, channels: channelsOf(config) })}\n`)
      return
    }
    requireSecret(config)
    const { serve } = await import('../serve/serve.ts')
    await serve(config)
  })
}
