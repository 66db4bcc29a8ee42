/** The 64 bytes every publication and echo carries: a sequence number, so that loss and repetition show, and padding. */

const DIGITS = 12
const PADDING = 'x'.repeat(64 - DIGITS)

/** 64 bytes of ASCII that name `sequence`. */
export function bodyOf(sequence: number): string {
  return String(sequence).padStart(DIGITS, '0') + PADDING
}

/** The sequence number of the first body inside any frame's text, or -1. */
export function sequenceIn(text: string): number {
  const digits = /(\d{12})x{52}/.exec(text)?.[1]
  return digits === undefined ? -1 : Number(digits)
}
