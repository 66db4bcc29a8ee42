// A vitest reporter that writes what ran, as numbers, to the file named by STAYWIRE_COUNTS. An error outside any test
// (a file that cannot be loaded, a failing hook, an unhandled rejection) counts as a failure; it never prints.
import { writeFileSync } from 'node:fs'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/** What one run of a suite came to. */
export interface Counts {
  passed: number
  failed: number
  skipped: number
}

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const counts: Counts = { passed: 0, failed: unhandled.length, skipped: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        counts[state === 'passed' || state === 'failed' ? state : 'skipped'] += 1
      }
      const broken = [module, ...module.children.allSuites()]
      counts.failed += broken.filter((part) => part.errors().length > 0).length
    }
    const file = process.env['STAYWIRE_COUNTS']
    if (file !== undefined) writeFileSync(file, JSON.stringify(counts))
  }
}
