// The tables of docs/gateway.md that are made from the code. A test holds the document against them.

import { presetText } from '../config/preset-text.ts'
import { SETTINGS } from '../config/settings.ts'
import type { Route } from '../http/route.ts'

/** Who may call a route, in words. */
const WHO: Readonly<Record<Route['access'], string>> = { anyone: 'anyone', admin: 'admin key', local: 'this machine' }

/** One row for each setting. */
export function settingsTable(): string {
  const rows = SETTINGS.map(({ flag, value, variable, key, preset, kind, allowed, about }) => {
    const presetCell = preset === undefined ? '–' : code(presetText(preset))
    return [
      code(`--${flag}${kind === 'boolean' ? '' : ` ${value ?? 'N'}`}`),
      code(variable),
      code(key),
      presetCell,
      allowed,
      about,
    ]
  })
  return table(['flag', 'variable', 'key in the file', 'default', 'allowed', 'what'], rows)
}

/** One row for each route. */
export function routesTable(routes: readonly Route[]): string {
  const rows = routes.map(({ method, path, access, about }) => [code(`${method} ${path}`), WHO[access], about])
  return table(['route', 'who', 'what'], rows)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')
}

function code(text: string): string {
  return `\`${text}\``
}
