// Whether the server can be found and spoken to at all: its name, its certificate, its health.
import { lookup } from 'node:dns/promises'
import { connect } from 'node:tls'
import type { Diagnosis, Patient } from '../diagnosis.ts'

const DAY_MS = 86_400_000
/** A certificate that ends sooner deserves a word. */
const CERTIFICATE_DAYS = 14

/** The name. */
export async function checkName({ url }: Patient): Promise<Diagnosis> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  try {
    const addresses = await lookup(host, { all: true })
    return { check: 'name', verdict: 'ok', says: `${host} is ${addresses.map(({ address }) => address).join(', ')}.` }
  } catch {
    const fix = 'Check the spelling, and that this machine uses the name server that knows it.'
    return { check: 'name', verdict: 'problem', says: `The name ${host} is not known here.`, fix }
  }
}

/** The certificate. */
export async function checkTls({ url, timeoutMs }: Patient): Promise<Diagnosis> {
  if (url.protocol === 'http:') {
    const local = /^(localhost|127\.|\[::1\])/.test(url.hostname)
    const says = 'The connection is not encrypted.'
    if (local) return { check: 'tls', verdict: 'ok', says: `${says} Fine on this machine.` }
    const fix =
      'Put TLS before the server: pages served over https may not connect to it, and middleboxes tamper with plain WebSockets.'
    return { check: 'tls', verdict: 'warning', says, fix }
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const socket = connect({ host, port: Number(url.port || 443), servername: host, rejectUnauthorized: false })
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)))
  try {
    await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
    const { valid_to: validTo } = socket.getPeerCertificate()
    const days = Math.floor((Date.parse(validTo) - Date.now()) / DAY_MS)
    if (!socket.authorized) {
      const says = `Browsers do not trust the certificate: ${String(socket.authorizationError)}.`
      const fix =
        'Install a certificate for this very name, with its whole chain, from an authority that browsers know.'
      return { check: 'tls', verdict: 'problem', says, fix }
    }
    const soon = days < CERTIFICATE_DAYS
    const says = `${socket.getProtocol() ?? 'TLS'}, certificate good for ${days} more days.`
    return { check: 'tls', verdict: soon ? 'warning' : 'ok', says, ...(soon && { fix: 'Renew the certificate.' }) }
  } catch (error) {
    const fix = 'Check that this port speaks TLS, and that no firewall is in between.'
    return { check: 'tls', verdict: 'problem', says: `TLS failed: ${(error as Error).message}.`, fix }
  } finally {
    socket.destroy()
  }
}

/** The health check that clients probe. */
export async function checkHealth({ url, origin, timeoutMs }: Patient): Promise<Diagnosis> {
  const address = new URL(url)
  address.pathname = `${url.pathname.replace(/\/$/, '')}/health`
  const problem = (says: string, fix: string, figures?: Diagnosis['figures']): Diagnosis => {
    return { check: 'health', verdict: 'problem', says, fix, ...(figures && { figures }) }
  }
  try {
    const begun = performance.now()
    const { status } = await fetch(address, {
      headers: { origin },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const figures = { status, answeredMs: Math.round(performance.now() - begun) }
    if (status === 200) return { check: 'health', verdict: 'ok', says: 'The server is there and ready.', figures }
    if (status === 503) {
      return problem(
        'The server is there and not ready.',
        'It is starting, draining or cannot store: see its log.',
        figures,
      )
    }
    return problem(
      `${address.pathname} answered ${status}: that is no Staywire server.`,
      'Check the path: the URL is that of createClient, such as https://app.example/realtime, and the proxy has to pass on everything below it.',
      figures,
    )
  } catch (error) {
    const reason = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : ''
    return problem(`No answer: ${reason}.`, 'Check that the server runs, the port, and firewalls in between.')
  }
}
