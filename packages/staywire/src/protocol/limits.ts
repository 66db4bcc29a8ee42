// Every limit of the protocol and its default, with its unit, in one place. What is told to clients travels in `connected.limits`.

/** One limit: its default and what it bounds. Names end in their unit. */
export interface Limit {
  readonly value: number
  readonly meaning: string
}

// The limits that clients check against too stand alone, so that a client bundle does not carry the whole table.
export const CHANNEL_NAME_BYTES = 128
export const KEY_BYTES = 64
export const META_BYTES = 1_024
export const JSON_DEPTH = 32
export const SUBSCRIPTIONS_PER_CONNECTION = 128
export const DEDUPE_WINDOW_MS = 300_000
export const MESSAGE_FRAMES = 256

/** The limits, by name. */
export const LIMITS = {
  frameBytes: {
    value: 65_536,
    meaning: 'Largest publish or call that is accepted; larger is answered `payload-too-large`.',
  },
  hardFrameBytes: {
    value: 1_048_576,
    meaning: 'Largest message the transport reads at all; larger closes the connection.',
  },
  connectFrameBytes: { value: 65_536, meaning: 'Largest first frame, before authentication.' },
  outboxBytes: {
    value: 1_048_576,
    meaning: 'Most bytes waiting towards one connection; more closes it as a slow consumer.',
  },
  recoveryInFlightBytes: {
    value: 4_194_304,
    meaning: 'Most bytes of recovered publications on their way to one connection.',
  },
  recoveryPublications: { value: 300, meaning: 'Most publications recovered by one subscribe; more is a gap.' },
  recoveryBytes: { value: 1_048_576, meaning: 'Most bytes recovered by one subscribe; more is a gap.' },
  historyPage: { value: 1_000, meaning: 'Most publications in one page of history.' },
  channelNameBytes: { value: CHANNEL_NAME_BYTES, meaning: 'Longest channel name.' },
  keyBytes: { value: KEY_BYTES, meaning: 'Longest idempotency key.' },
  metaBytes: { value: META_BYTES, meaning: 'Largest `meta` of a publication, as JSON.' },
  messageFrames: { value: MESSAGE_FRAMES, meaning: 'Most frames in one message of a client.' },
  batchCount: {
    value: 100,
    meaning: 'Most publications in one message, in a channel that gathers them and does not say.',
  },
  compressionThresholdBytes: { value: 1_024, meaning: 'Smallest message that is compressed, where that is on.' },
  jsonDepth: { value: JSON_DEPTH, meaning: 'Deepest nesting of the JSON of a frame, the frame itself counted.' },
  subscriptionsPerConnection: { value: SUBSCRIPTIONS_PER_CONNECTION, meaning: 'Most subscriptions of one connection.' },
  connections: { value: 10_000, meaning: 'Most connections at once on a node; more are refused 4202.' },
  connectionsPerAddress: {
    value: 1_000,
    meaning: 'Most connections at once from one IPv4 address or IPv6 network of 64 bits; more are refused 4203.',
  },
  connectionsFromLoopback: {
    value: 20_000,
    meaning: 'The same for the addresses of the machine itself.',
  },
  connectionsPerUser: {
    value: 0,
    meaning: 'Most connections at once of one user, 0 for any number; more are refused 4204.',
  },
  connectionsPerBrowser: {
    value: 0,
    meaning: 'Most connections at once of one user in one browser, 0 for any number; more are refused 4204.',
  },
  acceptPerSecond: {
    value: 500,
    meaning:
      'Most handshakes a second on a node, 0 for any number; who would wait for longer than a second is refused 4202.',
  },
  memoryPercent: {
    value: 85,
    meaning: 'Percent of its memory that a node may use; above it new connections are refused 4202.',
  },
  framesPerSecond: {
    value: 2_000,
    meaning:
      'Most frames a second of one connection, 0 for any number; more are refused `rate-limited`, many more close 4201.',
  },
  bytesPerSecond: { value: 8_388_608, meaning: 'Most bytes of frames a second of one connection, likewise.' },
  userFramesPerSecond: {
    value: 0,
    meaning: 'Most frames a second of one user over all connections to a node, likewise.',
  },
  userBytesPerSecond: {
    value: 0,
    meaning: 'Most bytes of frames a second of one user over all connections to a node, likewise.',
  },
  burstMs: { value: 10_000, meaning: 'For how long unused rates are saved up: so much may come at once.' },
  pendingDecisions: {
    value: 32,
    meaning: 'Most undecided requests of one connection; above it the server stops reading.',
  },
  decisionTimeoutMs: { value: 5_000, meaning: 'Longest time for authenticate, authorize and call handlers.' },
  connectTimeoutMs: {
    value: 10_000,
    meaning: 'Longest time from accept to a valid connect frame; nothing is left by then of who has sent none.',
  },
  idleTimeoutMs: {
    value: 0,
    meaning:
      'How long a connection may be without a subscription or a frame of its own, 0 for ever; then it is closed 4106.',
  },
  heartbeatIntervalMs: { value: 25_000, meaning: 'Silence in either direction after which the server pings.' },
  heartbeatTimeoutMs: { value: 8_000, meaning: 'Longest time for a pong.' },
  sessionTtlMs: { value: 120_000, meaning: 'How long a session is kept after its last connection.' },
  lingerMs: { value: 5_000, meaning: 'How long a dropped member stays in presence.' },
  presenceMembers: { value: 200, meaning: 'Most members told one by one; above it presence tells counts only.' },
  dedupeWindowMs: { value: DEDUPE_WINDOW_MS, meaning: 'How long a publish key is remembered.' },
  historySize: { value: 1_000, meaning: 'Publications kept by a channel that no rule names.' },
  historyTtlMs: { value: 86_400_000, meaning: 'How long a channel that no rule names keeps a publication.' },
  revocations: { value: 100_000, meaning: 'Most revocations remembered; beyond it the one that runs out first goes.' },
  revocationTtlMs: { value: 2_592_000_000, meaning: 'How long a revocation is remembered where nothing else is said.' },
  tokenGraceMs: { value: 25_000, meaning: 'Longest time from expiry of a token to the close 4004.' },
  closeGraceMs: { value: 1_000, meaning: 'How long a closing peer may take before it is destroyed.' },
  pollMs: { value: 25_000, meaning: 'Longest time for which a poll waits for frames.' },
  pollBatchBytes: { value: 262_144, meaning: 'Most bytes of frames in the answer to a poll, a larger frame aside.' },
  unreadAnswerMs: {
    value: 10_000,
    meaning: 'How long nothing of an answer over HTTP may be read before it is broken off.',
  },
  unfinishedBodyBytes: {
    value: 67_108_864,
    meaning:
      'Most bytes of bodies that have not arrived whole, all together, the first `connectFrameBytes` of each aside.',
  },
  oneWayMs: { value: 300_000, meaning: 'Longest life of a bare event stream, which cannot answer pings.' },
  lastEventIdChannels: { value: 16, meaning: 'Most channels of a bare event stream.' },
  reasonBytes: { value: 123, meaning: 'Longest close reason (RFC 6455 §5.5.1).' },
} as const satisfies Record<string, Limit>

/** The name of a limit. */
export type LimitName = keyof typeof LIMITS

/** The limits a server tells its clients in `connected`, so that a client can refuse early and with a better error. */
export interface ToldLimits {
  readonly frameBytes: number
  readonly subscriptions: number
}
