// A rate with a burst in one number: the time at which all that was taken so far will have been earned (the generic cell rate
// algorithm, ITU-T I.371 Annex A). It refuses nothing itself.

/** What was taken by one sender: for each kind, when it will have been earned. */
export interface Meter {
  framesEarnedAt: number
  bytesEarnedAt: number
}

/** A meter that nothing was taken from. */
export function newMeter(): Meter {
  return { framesEarnedAt: 0, bytesEarnedAt: 0 }
}

/** How long one unit takes to be earned at so many a second, in milliseconds; 0 when there is no limit. */
export function costMs(perSecond: number): number {
  return perSecond === 0 ? 0 : 1_000 / perSecond
}

/** Takes so much that it takes `workMs` to earn it: answers when everything will have been earned. */
export function take(earnedAt: number, workMs: number, now: number): number {
  return (earnedAt > now ? earnedAt : now) + workMs
}
