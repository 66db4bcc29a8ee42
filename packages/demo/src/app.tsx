// The whole page: signed out, the sign-in form; signed in, everything else over one client.

import { LanguageProvider, useThemeOnDocument } from '@staywire/look'
import { useSyncExternalStore } from 'react'
import { StaywireProvider } from 'staywire/react'
import { account } from './account/account.ts'
import { SignInPage } from './account/sign-in-page.tsx'
import { NoticeProvider } from './notices/notice-provider.tsx'
import { Workspace } from './workspace.tsx'

export function App() {
  const session = useSyncExternalStore(account.subscribe, account.snapshot)
  useThemeOnDocument()
  return (
    <LanguageProvider>
      {session === undefined ? (
        <SignInPage />
      ) : (
        <StaywireProvider client={session.client} key={session.user}>
          <NoticeProvider>
            <Workspace user={session.user} />
          </NoticeProvider>
        </StaywireProvider>
      )}
    </LanguageProvider>
  )
}
