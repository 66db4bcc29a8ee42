import { describe, expect, it } from 'vitest'
import { Rules } from '../channel/rules.ts'
import type { ChannelOptions, Claims, Identity } from '../options.ts'
import { Guard, type Action } from './guard.ts'

function decide(
  action: Action,
  channel: string,
  channels: Record<string, ChannelOptions> = {},
  claims: Claims = {},
  more: Partial<Identity> & { canAsk?: boolean } = {},
): string {
  const { canAsk = true, ...identity } = more
  return new Guard(canAsk).decide(
    action,
    channel,
    { user: 'ada', claims, ...identity },
    new Rules(channels, 'memory').of(channel),
  )
}

describe('the guard', () => {
  it('asks the application what neither a rule nor a claim decided, and says no where it cannot be asked', () => {
    expect(['subscribe', 'publish', 'presence', 'history'].map((action) => decide(action as Action, 'a:1'))).toEqual([
      'ask',
      'ask',
      'ask',
      'ask',
    ])
    expect(decide('subscribe', 'a:1', {}, {}, { canAsk: false })).toBe('no')
  })

  it('lets a rule open a channel to everybody, for reading and publishing apart', () => {
    const channels = { 'a:*': { subscribe: true } }
    expect(
      ['subscribe', 'history', 'presence', 'publish'].map((action) => decide(action as Action, 'a:1', channels)),
    ).toEqual(['yes', 'yes', 'yes', 'ask'])
  })

  it('lets claims grant by pattern', () => {
    const claims = { subscribe: ['a:*'], publish: ['a:1', 'not**valid'] }
    expect([
      decide('subscribe', 'a:2', {}, claims),
      decide('publish', 'a:2', {}, claims),
      decide('publish', 'a:1', {}, claims),
    ]).toEqual(['yes', 'ask', 'yes'])
  })

  it('opens a channel closed by rule only to a claim of its full name', () => {
    const channels = { 's:**': { subscribe: false, publish: false } }
    expect(decide('subscribe', 's:1', channels)).toBe('no')
    expect(decide('subscribe', 's:1', channels, { subscribe: ['s:*', '**'] })).toBe('no')
    expect(decide('subscribe', 's:1', channels, { subscribe: ['s:1'] })).toBe('yes')
    expect(decide('publish', 's:1', channels, { publish: ['s:1'] })).toBe('yes')
  })

  it('CHAN-9: keeps presence and history apart from subscribing where a rule or a claim does', () => {
    const readings = (channels: Record<string, ChannelOptions>, claims: Claims = {}, more: object = {}): string =>
      ['subscribe', 'presence', 'history']
        .map((action) => decide(action as Action, 'a:1', channels, claims, { canAsk: false, ...more }))
        .join(' ')
    expect(readings({ 'a:*': { subscribe: true, readHistory: false } })).toBe('yes yes no')
    expect(readings({ 'a:*': { subscribe: true, readPresence: false } })).toBe('yes no yes')
    expect(readings({ 'a:*': { readHistory: true } })).toBe('no no yes')
    expect(readings({}, { subscribe: ['a:*'] })).toBe('yes yes yes')
    expect(readings({}, { subscribe: ['a:*'], history: [], presence: ['a:*'] })).toBe('yes yes no')
    expect(readings({}, { history: ['a:1'] })).toBe('no no yes')
    // What a rule keeps to itself takes a claim of its own, and of the full name.
    const closed = { 'a:*': { readHistory: false } }
    expect(readings(closed, { subscribe: ['a:1'] })).toBe('yes yes no')
    expect(readings(closed, { subscribe: ['a:1'], history: ['a:*'] })).toBe('yes yes no')
    expect(readings(closed, { subscribe: ['a:1'], history: ['a:1'] })).toBe('yes yes yes')
    expect(readings(closed, {}, { subscriptions: ['a:1'] })).toBe('yes yes no')
    expect(decide('history', '@user:ada', { '@user:*': { readHistory: false } })).toBe('no')
  })

  it('CHAN-5: lets users read their own channel and nobody else, whatever was granted', () => {
    const wide = { subscribe: ['**', '@user:bob', '@user:*'] }
    expect(decide('subscribe', '@user:ada')).toBe('yes')
    expect(decide('history', '@user:ada')).toBe('yes')
    expect(decide('subscribe', '@user:bob', {}, wide)).toBe('no')
    expect(decide('subscribe', '@user:a%2Fb', {}, {}, { user: 'a/b' })).toBe('yes')
    expect(decide('subscribe', '@user:', {}, {}, { user: 'x'.repeat(200) })).toBe('no')
  })

  it('CHAN-6: lets nobody publish to a reserved channel but by its full name', () => {
    expect(decide('publish', '@user:ada', {}, { publish: ['**', '@user:*'] })).toBe('no')
    expect(decide('publish', '@user:ada', {}, { publish: ['@user:ada'] })).toBe('yes')
    expect(decide('publish', '$alerts', { $alerts: { publish: true } })).toBe('yes')
    expect(decide('subscribe', '$alerts', {}, { subscribe: ['**'] })).toBe('no')
  })

  it('CONN-12: lets what the server subscribes somebody to need no rule, and grants no more than reading', () => {
    const more = { subscriptions: ['given:1'] }
    expect([
      decide('subscribe', 'given:1', {}, {}, more),
      decide('history', 'given:1', {}, {}, more),
      decide('publish', 'given:1', {}, {}, { ...more, canAsk: false }),
    ]).toEqual(['yes', 'yes', 'no'])
  })

  it('CHAN-2: never takes a pattern for a prefix', () => {
    expect(decide('subscribe', 'user:12', {}, { subscribe: ['user:1'] }, { canAsk: false })).toBe('no')
  })
})
