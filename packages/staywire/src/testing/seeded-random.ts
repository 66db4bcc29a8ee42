// Randomness that repeats: a stream per purpose, so that leaving one event out of a run does not reshuffle all others.

/** A source of numbers in [0, 1). */
export type Random = () => number

/** The stream of a seed and a purpose, e.g. `seededRandom(7, 'link', 3)`. Not for secrets. (Generator: splitmix32.) */
export function seededRandom(seed: number, ...purpose: readonly (string | number)[]): Random {
  let state = hash(`${seed}/${purpose.join('/')}`)
  return () => {
    state = (state + 0x9e37_79b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0_aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a_2d97)
    mixed ^= mixed >>> 15
    return (mixed >>> 0) / 2 ** 32
  }
}

/** FNV-1a over UTF-16 units. */
function hash(text: string): number {
  let value = 0x811c_9dc5
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x0100_0193)
  return value
}
