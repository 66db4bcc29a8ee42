// The settings that say who clients are: where their tokens may come from, and with what these are verified.

import { z } from 'zod'
import { ALGORITHMS } from '../identity/algorithm.ts'
import { setting } from './setting.ts'

/** Most that a clock may be off, in milliseconds: an expired token closes its connection within 25 s (PROTOCOL.md, AUTH-7). */
const MOST_TOLERANCE_MS = 20_000

const name = z.string().regex(/^[\w.~-]{1,64}$/)

/** By key. */
export const identitySettings = {
  jwtSecret: setting(z.string().min(1).max(4_096).optional(), {
    about:
      "Secret that clients' tokens are signed with (JWT). This, public keys, --jwks-url, --dev or --anonymous is required.",
    group: 'Access',
    value: 'SECRET',
    secret: true,
    allowed: '1–4,096 characters; 32 bytes or more, random, in production',
  }),
  jwtPublicKey: setting(z.string().min(1).max(262_144).optional(), {
    about: 'Public keys that tokens are verified with, beside the secret.',
    group: 'Access',
    value: 'KEY',
    allowed: 'PEM (keys or certificates), a JWK or a JWK set',
  }),
  jwksUrl: setting(z.string().refine(isKeyUrl).optional(), {
    about:
      'URL of a JWK set that tokens are verified with. Kept for ten minutes, asked anew for unknown keys at most every 30 s.',
    group: 'Access',
    value: 'URL',
    allowed: 'an https URL; http on this machine only',
  }),
  jwtAlgorithm: setting(z.enum(ALGORITHMS).optional(), {
    about:
      'Algorithm of the secret (default HS256), or of public keys that do not name one (default RS256, EdDSA, or that of their curve).',
    group: 'Access',
    value: 'NAME',
  }),
  jwtIssuer: setting(z.string().min(1).max(1_024).optional(), {
    about: 'What `iss` of every token must be. Default: anything.',
    group: 'Access',
    value: 'ISSUER',
    allowed: '1–1,024 characters',
  }),
  jwtAudience: setting(z.array(z.string().min(1).max(1_024)).max(100).default([]), {
    about: 'What `aud` of every token must contain one of. May be repeated. Default: anything.',
    group: 'Access',
    value: 'AUDIENCE',
    allowed: '1–1,024 characters each',
  }),
  jwtClockToleranceMs: setting(z.int().min(0).max(MOST_TOLERANCE_MS).default(5_000), {
    about: 'By how much the clock of who signs tokens may differ, in milliseconds.',
    group: 'Access',
  }),
  tokenCookie: setting(name.optional(), {
    about: 'Cookie that may carry the token; it counts only with an Origin that may come. Default: none.',
    group: 'Access',
    value: 'NAME',
    allowed: '1–64 letters, digits and . _ ~ -',
  }),
  tokenParameter: setting(name.refine((text) => text !== 'channel').optional(), {
    about:
      'URL parameter that may carry the token, for clients that can set nothing else. It ends up in the logs of proxies.',
    group: 'Access',
    value: 'NAME',
    allowed: '1–64 letters, digits and . _ ~ -, but not channel',
  }),
}

/** Keys come over a way that nobody can change: TLS, or this machine itself. */
function isKeyUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || url.username !== '' || url.password !== '') return false
  return (
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname))
  )
}
