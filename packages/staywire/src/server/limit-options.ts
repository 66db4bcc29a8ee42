// Which limits a server can be given: types only. Names end in their unit; 0 means none where a sentence says so.

/** What happens to a connection that would be one too many: it is refused, or makes room for itself by closing (4507) another one. */
export type LimitPolicy =
  /** The new one is refused. */
  | 'reject-new'
  /** The one that has been connected longest goes. */
  | 'evict-oldest'
  /** The one that has not sent a frame of its own for longest goes. */
  | 'evict-idle'

/** Limits that can be set; each defaults to the value of the same name in `LIMITS`. */
export interface LimitOptions {
  readonly frameBytes?: number
  readonly hardFrameBytes?: number
  readonly outboxBytes?: number
  readonly subscriptionsPerConnection?: number
  readonly connectTimeoutMs?: number
  readonly decisionTimeoutMs?: number
  readonly sessionTtlMs?: number
  /** Closes connections (4106) without a subscription or a frame of their own for this long. Default 0: never. */
  readonly idleTimeoutMs?: number
  /** Connections at once on this node (4202). */
  readonly connections?: number
  /** Default `reject-new`, as for the other three. */
  readonly connectionsPolicy?: LimitPolicy
  /** Connections at once from one network address, an IPv6 network of 64 bits being one address (4203). See `trustedProxies`. */
  readonly connectionsPerAddress?: number
  readonly connectionsPerAddressPolicy?: LimitPolicy
  /** The same for the addresses of this machine itself, where proxies may stand that are not trusted by name, and for hosts that tell none. */
  readonly connectionsFromLoopback?: number
  /** Connections at once of one user (4204). Default 0: any number. */
  readonly connectionsPerUser?: number
  readonly connectionsPerUserPolicy?: LimitPolicy
  /** Connections at once of one user in one browser (4204), by the id that the client tells. Default 0: any number. */
  readonly connectionsPerBrowser?: number
  readonly connectionsPerBrowserPolicy?: LimitPolicy
  /** Handshakes a second on this node: a crowd is let in one by one, and who would wait for over a second is refused (4202). 0: any number. */
  readonly acceptPerSecond?: number
  /** Share of its memory (of the machine or container, or of V8's heap) that this process may use before new connections are refused (4202). */
  readonly memoryPercent?: number
  /** Frames a second of one connection. More is answered `rate-limited`, much more closes 4201. 0: any number, as for the other three. */
  readonly framesPerSecond?: number
  /** Bytes of frames a second of one connection. */
  readonly bytesPerSecond?: number
  /** Frames a second of one user, over all connections to this node. */
  readonly userFramesPerSecond?: number
  /** Bytes of frames a second of one user, over all connections to this node. */
  readonly userBytesPerSecond?: number
  /** For how long an unused rate is saved up: so much of it may come at once. */
  readonly burstMs?: number
}
