// CRC-32C (Castagnoli), as in RFC 3720 appendix B.4, over bytes, continued from any earlier value. It finds damage, not forgery.

const POLYNOMIAL = 0x82f6_3b78
/** Eight tables of 256 entries: eight bytes per step. */
const TABLES = makeTables()

/** The CRC of `bytes` from `start` to `end`, continued from `crc`, the result of an earlier call (0 to begin with). */
export function crc32c(crc: number, bytes: Uint8Array, start = 0, end = bytes.length): number {
  let value = ~crc
  let index = start
  for (const last = end - 7; index < last; index += 8) {
    value ^=
      byte(bytes, index) |
      (byte(bytes, index + 1) << 8) |
      (byte(bytes, index + 2) << 16) |
      (byte(bytes, index + 3) << 24)
    value =
      entry(0x700 | (value & 0xff)) ^
      entry(0x600 | ((value >>> 8) & 0xff)) ^
      entry(0x500 | ((value >>> 16) & 0xff)) ^
      entry(0x400 | (value >>> 24)) ^
      entry(0x300 | byte(bytes, index + 4)) ^
      entry(0x200 | byte(bytes, index + 5)) ^
      entry(0x100 | byte(bytes, index + 6)) ^
      entry(byte(bytes, index + 7))
  }
  for (; index < end; index++) value = (value >>> 8) ^ entry((value ^ byte(bytes, index)) & 0xff)
  return ~value >>> 0
}

/** The CRC continued by the eight bytes of a safe integer, lowest first. */
export function crc32cOfInteger(crc: number, integer: number): number {
  let value = ~crc
  let low = integer >>> 0
  let high = Math.floor(integer / 0x1_0000_0000)
  for (let count = 0; count < 4; count++, low >>>= 8) value = (value >>> 8) ^ entry((value ^ low) & 0xff)
  for (let count = 0; count < 4; count++, high >>>= 8) value = (value >>> 8) ^ entry((value ^ high) & 0xff)
  return ~value >>> 0
}

function byte(bytes: Uint8Array, index: number): number {
  return bytes[index] as number
}

function entry(index: number): number {
  return TABLES[index] as number
}

function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256)
  for (let first = 0; first < 256; first++) {
    let value = first
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
    tables[first] = value
  }
  for (let index = 256; index < tables.length; index++) {
    const previous = tables[index - 256] as number
    tables[index] = (previous >>> 8) ^ (tables[previous & 0xff] as number)
  }
  return tables
}
