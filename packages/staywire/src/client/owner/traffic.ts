// What went over the wire, in figures.

/** Traffic since the start. */
export interface Traffic {
  bytesSent: number
  bytesReceived: number
  framesSent: number
  framesReceived: number
}

/** The traffic of somebody who has not begun. */
export function noTraffic(): Traffic {
  return { bytesSent: 0, bytesReceived: 0, framesSent: 0, framesReceived: 0 }
}
