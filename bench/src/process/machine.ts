/** What the figures were measured on: enough to compare runs, and nothing that names a person, a host or a path. */

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canPin, canRun } from './child.ts'

/** The machine and versions block of a report. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly kernel: string
  readonly pinned: boolean
  readonly versions: Readonly<Record<string, string>>
}

/** Describes this machine and the installed versions of everything measured. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `${type()} ${/^[\d.]*\d/.exec(release())?.[0] ?? release()}`,
    pinned: canPin,
    versions: {
      node: process.versions.node,
      v8: process.versions.v8,
      staywire: versionOf('staywire'),
      ws: versionOf('ws'),
      'socket.io': versionOf('socket.io'),
      ...(canRun('bun') && { bun: spawnSync('bun', ['--version'], { encoding: 'utf8' }).stdout.trim() }),
    },
  }
}

/** The soft limit of open files, which bounds how many connections one process can hold. */
export function openFilesLimit(): number {
  try {
    // Node raises its own soft limit to the hard one, so this is what children get too.
    const line = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))
    return line === null ? Infinity : Number(line[1])
  } catch {
    return 4096
  }
}

function versionOf(name: string): string {
  // Not `require('x/package.json')`: packages may leave it out of their exports.
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [dirname(fileURLToPath(import.meta.url))]
  for (const folder of folders) {
    try {
      return (JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as { version: string }).version
    } catch {
      continue
    }
  }
  return 'not installed'
}
