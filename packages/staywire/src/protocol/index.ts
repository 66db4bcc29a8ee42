// The protocol as data and pure functions: frames, codec, codes, limits. Imports nothing from outside this folder.

export { utf8Length } from './byte-length.ts'
export { CHANNEL_NAME_MAX_BYTES, isChannelName, isReserved, userChannel } from './channel-name.ts'
export { compilePattern, covers, type ChannelPattern } from './channel-pattern.ts'
export {
  CLOSE,
  closeClass,
  closeCode,
  isUsableCloseCode,
  type CloseClass,
  type CloseCode,
  type CloseName,
} from './close-code.ts'
export {
  decodeClientFrame,
  encodeFrame,
  encodePublication,
  encodePublicationBody,
  type Decoded,
  type Refusal,
  type StoredPublication,
} from './codec.ts'
export { ERRORS, isErrorCode, StaywireError, type ErrorCode, type ErrorRow } from './error-code.ts'
export { compareFences } from './fence.ts'
export * from './frame.ts'
export { LIMITS, type Limit, type LimitName, type ToldLimits } from './limits.ts'
export { formatPosition, isOffset, isPosition, parsePosition, type Position } from './position.ts'
export { defineChannel, type ChannelDefinition, type ChannelName } from './define-channel.ts'
export { decodeServerFrame } from './server-frame.ts'
export { describeIssues, type Schema, type SchemaResult } from './schema.ts'
