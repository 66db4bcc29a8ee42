// Every duration that a client goes by and no option sets, in milliseconds, with its reason. Imports nothing, so that bundlers
// put the numbers where they are used.

/** A connection that has been up this long was a good one: counts start anew. PROTOCOL.md, CLOSE-8. */
export const STABLE_MS = 10_000
/** How long an owner that was replaced waits for word of its successor before it claims a place again. PROTOCOL.md, ELECT-8. */
export const LOOK_MS = 2_000
/** How often a living client looks whether its timers come late: the only sign of sleep that every machine gives. */
export const PULSE_MS = 5_000
/** A timer later than this says that the program, or the machine, had stopped. Hidden pages get their timers up to 1 s late. */
export const LATE_MS = 2_000
/** What the network may bring after a stall before an attempt is judged. */
export const GRACE_MS = 1_000
/** Hints are followed at most this often. PROTOCOL.md, CLI-11. */
export const HURRY_MS = 5_000
/** An evicted client may return at most this often: two must not evict each other in turn. */
export const RETURN_MS = 60_000
/** What is allowed for latency on top of the interval and the timeout of the heartbeat. PROTOCOL.md, HB-6. */
export const MARGIN_MS = 2_000
/** How long the answer to a probe may take; with the way to it, a dead link is found within 3 s. PROTOCOL.md, HB-7. */
export const PROBE_MS = 2_500
/** Added to every fully jittered delay, so that nobody dials in the same instant in which they were dropped. PROTOCOL.md, CLOSE-4. */
export const FLOOR_MS = 250
/**
 * The longest back-off, where the server did not spread its clients over more: whoever waits for a server comes back this soon after
 * it does. PROTOCOL.md, CLOSE-4.
 */
export const CAP_MS = 20_000
/** The wait before a temporarily refused subscription is asked for again, where the server does not tell one. */
export const RETRY_MS = 2_000
/** The wait before a temporarily refused publish is made again, where the server does not tell one. */
export const HOLD_MS = 2_000
/** How long calls and reads may take by default, the wait for a connection included. */
export const REQUEST_TIMEOUT_MS = 10_000
/** The spread of reconnects before a server told one. */
export const SPREAD_MS = 1_000
/** Longest delay that `setTimeout` takes; one more and it fires at once. */
export const LONGEST_TIMER_MS = 2_147_483_647

/** How long publishes wait for the disk that is to keep them; then they go out without. */
export const OPEN_MS = 3_000

/** How long one tab may take to give a token before another is asked too. */
export const TOKEN_MS = 5_000
/** Tabs are told the figures of a connection that they share at most this often. */
export const ABOUT_MS = 1_000
/** How long a place where an owner may be is given to say hello; then another place is tried. */
export const HELLO_MS = 3_000
/** How long a transport may take to open, and then to `connected`, while another may do better. PROTOCOL.md, FALL-3. */
export const PATIENCE_MS = { websocket: 5_000, sse: 3_000, poll: 10_000 }
/** When a better transport is tried, after the one in use has proved itself or the last trial failed; doubled each time, up to the most. */
export const TRIAL_MS = 600_000
export const TRIAL_MOST_MS = 86_400_000
/** How long a better transport must stay open, unused, before it is used. */
export const PROBATION_MS = 3_000
/** The shortest silence whose repetition says that something ends silent connections. */
export const STEADY_MS = 5_000

/** How long after its first dial a client loads what it may need later; a page is busy before. At the first ending at the latest. */
export const UPKEEP_MS = 1_000
/** When it is asked for again, where it could not be loaded and nothing else asks. */
export const UPKEEP_AGAIN_MS = 60_000
/** How long it may take to load before an ending is told without it; less than any wait for the next dial. */
export const UNTOLD_MS = 100
/** The shortest wait before a part of the library that did not load is asked for again. */
export const LOAD_MS = 500
