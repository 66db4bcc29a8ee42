import { describe, expect, it } from 'vitest'
import { webLocks } from './locks.ts'
import type { LockMode } from '../sharing/locks.ts'

const locks = webLocks()
let names = 0

/** Asks for a lock and notes what it is told. */
function asker(name: string, told: string[]) {
  return (who: string, mode: LockMode = 'wait') =>
    locks?.request(name, mode, {
      granted: () => told.push(`${who} granted`),
      lost: (problem) => told.push(`${who} lost${problem === undefined ? '' : ` ${problem}`}`),
    })
}

const setUp = () => {
  const told: string[] = []
  return { told, ask: asker(`lock-${names++}`, told) }
}
/** Until the lock manager has answered all that was asked before: it takes one request after the other. */
const rest = async () => {
  await navigator.locks.request(`rest-${names++}`, () => undefined)
  await new Promise(setImmediate)
}

describe('webLocks', () => {
  it('are there in this Node, so that what follows is tried on real ones', () => {
    expect(locks).toBeDefined()
    expect(webLocks({} as unknown as LockManager)).toBeDefined()
  })

  it('gives a lock to one after the other', async () => {
    const { told, ask } = setUp()
    const release = ask('a')
    ask('b')
    await rest()
    expect(told).toEqual(['a granted'])
    release?.()
    await rest()
    expect(told).toEqual(['a granted', 'b granted'])
  })

  it('ELECT-2: tells who had it when it is taken away, and nobody else', async () => {
    const { told, ask } = setUp()
    ask('a')
    ask('b')
    await rest()
    ask('c', 'steal')
    await rest()
    expect(told.toSorted()).toEqual(['a granted', 'a lost', 'c granted'])
  })

  it('ELECT-5: a wish that was given up is never granted', async () => {
    const { told, ask } = setUp()
    const release = ask('a')
    const forget = ask('b')
    ask('c')
    await rest()
    forget?.()
    release?.()
    await rest()
    expect(told).toEqual(['a granted', 'c granted'])
  })

  it('tells nothing more to who has let go', async () => {
    const { told, ask } = setUp()
    ask('a')?.()
    ask('b', 'share')?.()
    ask('c')
    await rest()
    ask('d', 'steal')
    await rest()
    expect(told.toSorted()).toEqual(['c granted', 'c lost', 'd granted'])
  })

  it('gives a lock to all who share it, once nobody has it alone', async () => {
    const { told, ask } = setUp()
    const release = ask('a')
    ask('b', 'share')
    ask('c', 'share')
    await rest()
    expect(told).toEqual(['a granted'])
    release?.()
    await rest()
    expect(told).toEqual(['a granted', 'b granted', 'c granted'])
  })

  it('tells why there are none', async () => {
    const told: (string | undefined)[] = []
    const refuse = () => Promise.reject(new Error('not here'))
    webLocks({ request: refuse } as unknown as LockManager)?.request('x', 'wait', {
      granted: () => told.push('granted'),
      lost: (problem) => told.push(problem),
    })
    await rest()
    expect(told).toEqual(['Error: not here'])
  })
})
