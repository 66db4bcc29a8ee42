// The settings as options of a command, and back: what was given, by the name of its flag.

import { Option, type Command } from 'commander'
import type { Flags } from '../config/layers.ts'
import { presetText } from '../config/preset-text.ts'
import { SETTINGS, type Setting } from '../config/settings.ts'

/** Adds an option for each of the settings, grouped in help. */
export function addSettings(command: Command, settings: readonly Setting[] = SETTINGS): Command {
  for (const setting of settings) command.addOption(optionOf(setting))
  return command
}

/** What was given on the command line. */
export function givenFlags(command: Command, settings: readonly Setting[] = SETTINGS): Flags {
  const values = command.opts<Record<string, Flags[string]>>()
  const byName = new Map(command.options.map((option) => [option.name(), values[option.attributeName()]]))
  return Object.fromEntries(settings.map(({ flag }) => [flag, byName.get(flag)]))
}

/** Collects what a repeatable option is given. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

function optionOf({ flag, kind, value, about, preset, variable, group }: Setting): Option {
  const argument = kind === 'boolean' ? '[boolean]' : `<${value ?? 'N'}>`
  const facts =
    preset === undefined || kind === 'list' || kind === 'json' ? variable : `default ${presetText(preset)}; ${variable}`
  const option = new Option(`--${flag} ${argument}`, `${about} (${facts})`).helpGroup(`${group}:`)
  return kind === 'list' ? option.argParser(collect) : option
}
