// Finds the methods that were marked, and makes of each what `createServer` takes. Methods are known before their providers exist:
// a provider is looked up when it is asked for the first time.

import type { ExternalContextCreator, ModulesContainer } from '@nestjs/core'
import { StaywireError, type CallRequest, type ServerOptions } from 'staywire/server'
import { ASKED, type Asked } from './decorators.ts'

/** Runs a method with everything that is bound to it. */
type Run = (client: unknown, data: unknown) => Promise<unknown>

/** What the marked methods of an application answer. */
export type Handlers = Pick<ServerOptions, 'authenticate' | 'authorize' | 'calls'>

/** Providers and controllers as Nest keeps them: a class and, once it is made, an instance of it. */
interface Wrapper {
  readonly metatype?: unknown
  readonly instance: unknown
}

/** What guards see: a client and data, as of a gateway. */
const CONTEXT = 'ws'

/** The handlers of an application. Throws a `StaywireError` `bad-option` where two methods answer the same. */
export function handlersOf(modules: ModulesContainer, contexts: ExternalContextCreator): Handlers {
  const runs = new Map<Asked, Run>()
  for (const wrapper of wrappersOf(modules)) {
    for (const [asked, name] of markedOf(wrapper.metatype)) {
      if (runs.has(asked))
        throw new StaywireError('bad-option', `Two methods answer "${asked}".`, { fix: 'Mark one of them only.' })
      runs.set(asked, runOf(wrapper, name, contexts))
    }
  }
  const [authenticate, authorize] = [runs.get('authenticate'), runs.get('authorize')]
  const calls = [...runs].filter(([asked]) => asked.startsWith(CALL))
  return {
    ...(authenticate && { authenticate: async (request) => identityOr(authenticate(request, undefined)) }),
    ...(authorize && {
      authorize: async ({ user, claims, ...wish }) => (await authorize({ user, claims }, wish)) === true,
    }),
    ...(calls.length > 0 && {
      calls: Object.fromEntries(
        calls.map(([asked, run]) => [
          asked.slice(CALL.length),
          (data: unknown, request: CallRequest) => answerOr(run(request, data)),
        ]),
      ),
    }),
  }
}

const CALL = 'call '

/** Each provider and controller once, wherever it was imported to. */
function wrappersOf(modules: ModulesContainer): Set<Wrapper> {
  const wrappers = new Map<unknown, Wrapper>()
  for (const { providers, controllers } of modules.values())
    for (const wrapper of [...providers.values(), ...controllers.values()] as Wrapper[])
      if (typeof wrapper.metatype === 'function' && !wrappers.has(wrapper.metatype))
        wrappers.set(wrapper.metatype, wrapper)
  return new Set(wrappers.values())
}

/** What the methods of a class answer, inherited ones included. */
function markedOf(metatype: unknown): [Asked, string][] {
  const marked = new Map<Asked, string>()
  let prototype: object | null = (metatype as { readonly prototype?: object }).prototype ?? null
  for (; prototype !== null && prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype) as object) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      const asked: unknown = typeof value === 'function' ? Reflect.getMetadata(ASKED, value as object) : undefined
      if (asked !== undefined && !marked.has(asked as Asked)) marked.set(asked as Asked, name)
    }
  }
  return [...marked]
}

function runOf(wrapper: Wrapper, name: string, contexts: ExternalContextCreator): Run {
  let run: Run | undefined
  return (client, data) => {
    const provider = wrapper.instance as Record<string, (...args: unknown[]) => unknown>
    const method = provider[name] as (...args: unknown[]) => unknown
    run ??= contexts.create(provider, method, name, undefined, undefined, undefined, undefined, undefined, CONTEXT)
    return run(client, data)
  }
}

/** Nest's exceptions have a status; those of guards are 403. */
function statusOf(error: unknown): number | undefined {
  const { getStatus } = error as { readonly getStatus?: () => number }
  return error instanceof Error && typeof getStatus === 'function' ? getStatus.call(error) : undefined
}

type Identity = Awaited<ReturnType<NonNullable<ServerOptions['authenticate']>>>

async function identityOr(answer: Promise<unknown>): Promise<Identity> {
  try {
    return (await answer) as Identity
  } catch (error) {
    if (statusOf(error) === 401) return null
    throw asRefusal(error)
  }
}

async function answerOr(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer
  } catch (error) {
    throw asRefusal(error)
  }
}

function asRefusal(error: unknown): Error {
  if (statusOf(error) === 403) return new StaywireError('forbidden', (error as Error).message)
  return error instanceof Error ? error : new Error(String(error))
}
