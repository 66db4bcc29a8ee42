import { describe, expect, it } from 'vitest'
import { resolveSettings } from './settings.ts'

describe('settings', () => {
  it('fill in the defaults of the protocol', () => {
    expect(resolveSettings({})).toEqual({
      limits: {
        frameBytes: 65_536,
        hardFrameBytes: 1_048_576,
        outboxBytes: 1_048_576,
        subscriptionsPerConnection: 128,
        connectTimeoutMs: 10_000,
        decisionTimeoutMs: 5_000,
        sessionTtlMs: 120_000,
        idleTimeoutMs: 0,
        connections: 10_000,
        connectionsPolicy: 'reject-new',
        connectionsPerAddress: 1_000,
        connectionsPerAddressPolicy: 'reject-new',
        connectionsFromLoopback: 20_000,
        connectionsPerUser: 0,
        connectionsPerUserPolicy: 'reject-new',
        connectionsPerBrowser: 0,
        connectionsPerBrowserPolicy: 'reject-new',
        acceptPerSecond: 500,
        memoryPercent: 85,
        framesPerSecond: 2_000,
        bytesPerSecond: 8_388_608,
        userFramesPerSecond: 0,
        userBytesPerSecond: 0,
        burstMs: 10_000,
      },
      heartbeat: { enabled: true, intervalMs: 25_000, timeoutMs: 8_000, maxMissed: 1, slackMs: 200 },
      compression: { enabled: false, thresholdBytes: 1_024 },
      anonymous: false,
      silence: { tellAfterMs: 9_000, graceMs: 500 },
      tickMs: 100,
    })
  })

  it('LIM-3: keep what is said, with a finer tick where times are short', () => {
    const settings = resolveSettings({
      limits: { frameBytes: 1_000, connections: 3 },
      heartbeat: { intervalMs: 200, timeoutMs: 100 },
    })
    expect(settings).toMatchObject({
      limits: { frameBytes: 1_000, connections: 3 },
      heartbeat: { intervalMs: 200, slackMs: 10 },
      tickMs: 5,
    })
  })

  it.each([
    [{ limits: { connections: 0 } }, 'limits.connections is 0'],
    [{ limits: { connectionsPerUserPolicy: 'evict' as 'evict-idle' } }, 'limits.connectionsPerUserPolicy is "evict"'],
    [{ limits: { frameBytes: 1.5 } }, 'limits.frameBytes is 1.5'],
    [{ limits: { frameBytes: 2_000_000 } }, 'limits.frameBytes is 2000000, more than limits.hardFrameBytes'],
    [{ heartbeat: { intervalMs: Number.NaN } }, 'heartbeat.intervalMs is NaN'],
    [{ heartbeat: { maxMissed: 0 } }, 'heartbeat.maxMissed is 0'],
  ])('refuse %j, saying what to do', (options, message) => {
    expect(() => resolveSettings(options)).toThrow(
      expect.objectContaining({
        code: 'bad-option',
        message: expect.stringContaining(message),
        fix: expect.any(String),
      }),
    )
  })
})
