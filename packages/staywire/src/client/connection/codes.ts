// Close codes with a verdict of their own, beside that of their range. Imports nothing.

/** Refused for who the user is, not for the token: another token of the same user would be refused too. */
export const IDENTITY_REFUSED = 4003
/** Nothing to do here: the client comes back when there is. */
export const IDLE_TOO_LONG = 4106
/** A limit was reached, and an older connection had to go. */
export const EVICTED = 4507
/** A newer claim took the place of the connection. */
export const REPLACED = 4501
