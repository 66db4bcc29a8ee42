// The page: signs in where a key is needed, then shows the section that the address names.
import { LanguageProvider, LookSwitches, Mark, useThemeOnDocument } from '@staywire/look'
import { useCallback, useState } from 'react'
import { StaywireProvider, useConnection } from 'staywire/react'
import { adminApi } from './access/admin-api.ts'
import { KeyForm } from './access/key-form.tsx'
import { AlertsSection } from './alerts/alerts.tsx'
import { ChannelsSection } from './channels/channels.tsx'
import { ClosedSection } from './closed/closed.tsx'
import { ConnectionsSection } from './connections/connections.tsx'
import { LiveState } from './feed/live-state.tsx'
import { useAnswer } from './feed/use-answer.ts'
import { FindingsSection } from './findings/findings.tsx'
import { NodeSection } from './nodes/node.tsx'
import { OverviewSection } from './overview/overview.tsx'
import { Navigation } from './shell/navigation.tsx'
import { usePlace } from './shell/sections.ts'
import { UsersSection } from './users/users.tsx'
import { useWords } from './words/use-words.ts'

/** The cookie of the sign-in says who it is; all tabs of the browser share the connection. */
const CLIENT = { identity: 'operator', label: 'operations page' }
const ALERTS = { channel: '$admin:alerts' }

export function App() {
  useThemeOnDocument()
  return (
    <StaywireProvider url="/api/v1/realtime" options={CLIENT}>
      <LanguageProvider>
        <Page />
      </LanguageProvider>
    </StaywireProvider>
  )
}

/** Findings and alerts are watched wherever one is: their numbers stand in the navigation. */
function Page() {
  const { words, language } = useWords()
  const { section, selected } = usePlace()
  const [tried, setTried] = useState(false)
  const alerts = useAnswer(adminApi.alerts, ALERTS)
  const { connect } = useConnection()
  const findings = useAnswer(
    useCallback((signal: AbortSignal) => adminApi.findings(language, signal), [language]),
    { channel: `$admin:findings:${language}` },
  )
  const { problem, refresh } = alerts
  const signIn = useCallback(
    (key: string) =>
      adminApi.signIn(key).then(
        () => {
          setTried(false)
          refresh()
          findings.refresh()
          // What was refused stays refused until somebody asks for it.
          void connect()
        },
        () => setTried(true),
      ),
    [refresh, findings, connect],
  )
  const signedIn = problem !== 'key' && problem !== 'off'
  const badges = { alerts: alerts.data?.active.length ?? 0, findings: findings.data?.findings.length ?? 0 }
  return (
    <>
      <header className="top">
        <span className="brand">
          <Mark /> Staywire <span className="soft">{words.title}</span>
        </span>
        <span className="top-end">
          {signedIn && <LiveState />}
          <LookSwitches />
          {signedIn && (
            <button type="button" className="quiet" onClick={() => void adminApi.signOut().then(refresh)}>
              {words.signOut}
            </button>
          )}
        </span>
      </header>
      {signedIn && <Navigation here={section} badges={badges} />}
      <main className="page">
        {problem === 'key' && <KeyForm wrong={tried} onKey={(key) => void signIn(key)} />}
        {problem === 'off' && <p className="notice">{words.off}</p>}
        {signedIn && section === 'overview' && <OverviewSection />}
        {signedIn && section === 'connections' && <ConnectionsSection selected={selected} />}
        {signedIn && section === 'closed' && <ClosedSection selected={selected} />}
        {signedIn && section === 'users' && <UsersSection selected={selected} />}
        {signedIn && section === 'channels' && <ChannelsSection selected={selected} />}
        {signedIn && section === 'findings' && <FindingsSection answer={findings} />}
        {signedIn && section === 'alerts' && <AlertsSection answer={alerts} />}
        {signedIn && section === 'node' && <NodeSection />}
      </main>
    </>
  )
}
