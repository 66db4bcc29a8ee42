// The HTTP API: accounts, conversations, messages. What is posted is stored first, then pushed.

import type { Tokens } from '@staywire-examples/site/tokens'
import { Hono, type Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import type { Accounts, Person } from './accounts.ts'
import type { Devices } from './devices.ts'
import type { Messages } from './messages.ts'
import type { Push } from './push.ts'

/** What the routes work on. */
export interface ApiParts {
  readonly accounts: Accounts
  readonly devices: Devices
  readonly messages: Messages
  readonly tokens: Tokens
  readonly push: Push
}

const credentials = z.object({ name: z.string().trim().min(1).max(32), password: z.string().min(8).max(128) })
const secret = z.object({ secret: z.string().max(128) })
const text = z.object({ text: z.string().trim().min(1).max(4_000) })

/** The routes. */
export function createApi(parts: ApiParts): Hono<{ Variables: { me: Person } }> {
  const { accounts, messages, tokens } = parts
  const api = new Hono<{ Variables: { me: Person } }>().basePath('/api')
  accountRoutes(api as unknown as Hono, parts)

  // From here on only for who is signed in.
  api.use(async (context, next) => {
    const token = context.req.header('authorization')?.replace(/^Bearer /, '')
    const identity = token === undefined ? null : await tokens.verify(token)
    const me = identity === null ? undefined : accounts.get(identity.user)
    if (me === undefined) throw new HTTPException(401)
    context.set('me', me)
    await next()
  })
  api.get('/users', (context) => context.json(accounts.others(context.get('me').id)))
  api.get('/unread', (context) => context.json({ unread: messages.unread(context.get('me').id) }))
  api.get('/conversations', (context) => context.json(messages.conversations(context.get('me').id)))
  api.get('/conversations/:id', (context) => {
    const other = otherOf(context, accounts)
    return context.json({ with: other, messages: messages.between(context.get('me').id, other.id) })
  })
  api.post('/conversations/:id', async (context) => {
    const [me, other] = [context.get('me'), otherOf(context, accounts)]
    const message = messages.add(me.id, other.id, (await bodyOf(context, text)).text)
    const told = { type: 'new_message', message } as const
    // To all devices of both: what is written on a phone is on the laptop.
    await Promise.all([...new Set([other.id, me.id])].map((id) => tell(parts, id, told, `message-${message.id}`)))
    await markRead(parts, me.id, other.id) // who answers has read
    return context.json(message, 201)
  })
  api.post('/conversations/:id/read', async (context) =>
    context.json({ read: await markRead(parts, context.get('me').id, otherOf(context, accounts).id) }),
  )
  return api
}

function accountRoutes(api: Hono, { accounts, devices, tokens }: ApiParts): void {
  const signedIn = async (person: Person, device?: string) => ({
    user: person,
    token: await tokens.issue(person.id),
    secret: devices.add(person.id, device),
  })
  api.post('/register', async (context) => {
    const { name, password } = await bodyOf(context, credentials)
    const person = await accounts.register(name, password)
    if (person === undefined) throw new HTTPException(409, { message: 'This name is taken.' })
    return context.json(await signedIn(person), 201)
  })
  api.post('/login', async (context) => {
    const { name, password } = await bodyOf(context, credentials)
    const person = await accounts.check(name, password)
    if (person === undefined) throw new HTTPException(401, { message: 'This is not the password of that name.' })
    return context.json(await signedIn(person))
  })
  api.post('/refresh', async (context) => {
    const known = devices.use((await bodyOf(context, secret)).secret)
    const person = known === undefined ? undefined : accounts.get(known.user)
    if (person === undefined) throw new HTTPException(401, { message: 'Sign in again.' })
    return context.json(await signedIn(person, known?.device))
  })
  api.post('/logout', async (context) => {
    devices.remove((await bodyOf(context, secret)).secret)
    return context.json({})
  })
}

/** Pushes. What is stored is not lost when that fails: devices find it when they look the next time. */
async function tell({ push }: ApiParts, ...what: Parameters<Push['tell']>): Promise<void> {
  await push.tell(...what).catch((error: unknown) => console.error(`not pushed: ${String(error)}`))
}

async function markRead(parts: ApiParts, me: string, from: string): Promise<number> {
  const read = parts.messages.markRead(me, from)
  if (read > 0) await tell(parts, me, { type: 'read', from }, `read-${crypto.randomUUID()}`)
  return read
}

function otherOf(context: Context, accounts: Accounts): Person {
  const other = accounts.get(context.req.param('id') ?? '')
  if (other === undefined) throw new HTTPException(404, { message: 'There is no such user.' })
  return other
}

async function bodyOf<Body>({ req }: Context, schema: z.ZodType<Body>): Promise<Body> {
  const { success, data } = schema.safeParse(await req.json().catch(() => undefined))
  if (!success)
    throw new HTTPException(400, { message: 'A name has 1–32 characters, a password 8–128, a message 1–4,000.' })
  return data
}
