// The page: asks for the admin key where one is needed, then shows what the server has.

import { LanguageProvider, LookSwitches, Mark, useThemeOnDocument } from '@staywire/look'
import { useCallback, useState } from 'react'
import { AdminApi } from './access/admin-api.ts'
import { KeyForm } from './access/key-form.tsx'
import { rememberKey, rememberedKey } from './access/remembered-key.ts'
import { useOverview } from './feed/use-overview.ts'
import { Overview } from './overview.tsx'
import { useWords } from './words/use-words.ts'

export function App() {
  useThemeOnDocument()
  return (
    <LanguageProvider>
      <Page />
    </LanguageProvider>
  )
}

function Page() {
  const { words } = useWords()
  const [api, setApi] = useState(() => new AdminApi(rememberedKey()))
  const { overview, problem, refresh } = useOverview(api)
  const signIn = useCallback((key: string | undefined) => {
    rememberKey(key)
    setApi(new AdminApi(key))
  }, [])
  return (
    <>
      <header className="top">
        <span className="brand">
          <Mark /> Staywire <span className="soft">{words.title}</span>
        </span>
        <span className="top-end">
          <LookSwitches />
          {api.key !== undefined && overview !== undefined && (
            <button className="quiet" onClick={() => signIn(undefined)}>
              {words.signOut}
            </button>
          )}
        </span>
      </header>
      <main className="page">
        {problem === 'key' ? (
          <KeyForm wrong={api.key !== undefined} onKey={signIn} />
        ) : problem === 'off' ? (
          <p className="notice">{words.off}</p>
        ) : (
          <>
            {problem === 'unreachable' && (
              <p className="notice bad" role="alert">
                {words.unreachable}
              </p>
            )}
            {overview === undefined ? (
              problem === undefined && <p className="notice">{words.loading}</p>
            ) : (
              <Overview overview={overview} stale={problem !== undefined} api={api} refresh={refresh} />
            )}
          </>
        )}
      </main>
    </>
  )
}
