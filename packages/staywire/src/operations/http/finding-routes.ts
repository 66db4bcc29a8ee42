// Findings: which leaks are diagnosed now, with cause and cure in words.

import { FINDING_KINDS, FINDING_SEVERITIES, type Finding } from '../findings/finding.ts'
import { LANGUAGES, wordsOf, type Language } from '../findings/words/words.ts'
import type { OperationsCore } from '../operations.ts'
import { text, word } from './field.ts'
import { LIST, pageOf } from './paging.ts'
import { route, type OperationsRoute } from './route.ts'
import { COUNT, listOf, named, object } from './schema.ts'

/** The routes about findings. */
export function findingRoutes(operations: OperationsCore): readonly OperationsRoute[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/findings',
      about: 'Leaks that are diagnosed now, the worst first, with cause and cure in words: `{findings[], total}`.',
      query: {
        kind: word(FINDING_KINDS, 'Only of this kind.'),
        severity: word(FINDING_SEVERITIES, 'Only this severe.'),
        user: text('Only about this user.'),
        lang: word(LANGUAGES, 'Language of the words. Default: en.'),
        ...LIST,
      },
      answer: object({ findings: listOf(named('Finding')), total: COUNT }),
      handle: ({ query: { kind, severity, user, lang = 'en', ...window } }) => {
        const fitting = operations.findings
          .list()
          .filter(
            (finding) =>
              (kind === undefined || finding.kind === kind) &&
              (severity === undefined || finding.severity === severity) &&
              (user === undefined || finding.subject.user === user),
          )
        const page = pageOf(fitting, window).map((finding) => inWords(finding, lang))
        return { findings: page, total: fitting.length }
      },
    }),
  ]
}

function inWords(finding: Finding, language: Language) {
  return { ...finding, ...wordsOf(finding, language) }
}
