// What a peer can send that is not a frame, or not a good one, and what becomes of it. Titles cite the clauses.

const MANY = 9 * 1024

/** Sent as it is after `connect`; answered `error`, and the connection stays. `id` is the answer's. */
export const REFUSED: readonly { title: string; sent: string; code: string; id?: number }[] = [
  { title: 'FRAME-3: an unknown type', sent: '{"type":"dance","id":7}', code: 'unknown-frame', id: 7 },
  { title: 'FRAME-3: an unknown type without an id', sent: '{"type":"dance"}', code: 'unknown-frame' },
  {
    title: 'FRAME-3: a type that only servers send',
    sent: '{"type":"connected","id":7}',
    code: 'unknown-frame',
    id: 7,
  },
  {
    title: 'FRAME-3, FRAME-10: the type __proto__',
    sent: '{"type":"__proto__","id":7}',
    code: 'unknown-frame',
    id: 7,
  },
  {
    title: 'FRAME-3, FRAME-10: the type constructor',
    sent: '{"type":"constructor","id":7}',
    code: 'unknown-frame',
    id: 7,
  },
  { title: 'FRAME-8: an empty object', sent: '{}', code: 'bad-frame' },
  { title: 'FRAME-8: a type that is a number', sent: '{"type":5,"id":7}', code: 'bad-frame', id: 7 },
  { title: 'FRAME-8: a type that is null', sent: '{"type":null,"id":7}', code: 'bad-frame', id: 7 },
  {
    title: 'FRAME-7, FRAME-8: no id where one is needed',
    sent: '{"type":"subscribe","channel":"live:a"}',
    code: 'bad-frame',
  },
  {
    title: 'FRAME-7, FRAME-8: the id -1',
    sent: '{"type":"subscribe","id":-1,"channel":"live:a"}',
    code: 'bad-frame',
  },
  {
    title: 'FRAME-7, FRAME-8: the id 0',
    sent: '{"type":"subscribe","id":0,"channel":"live:a"}',
    code: 'bad-frame',
  },
  {
    title: 'FRAME-7, FRAME-8: the id 1.5',
    sent: '{"type":"subscribe","id":1.5,"channel":"live:a"}',
    code: 'bad-frame',
  },
  {
    title: 'FRAME-7, FRAME-8: the id "1"',
    sent: '{"type":"subscribe","id":"1","channel":"live:a"}',
    code: 'bad-frame',
  },
  {
    title: 'FRAME-7, FRAME-8: the id 2^53+1',
    sent: '{"type":"subscribe","id":9007199254740993,"channel":"live:a"}',
    code: 'bad-frame',
  },
  {
    title: 'FRAME-7, FRAME-8: the id 1e400',
    sent: '{"type":"subscribe","id":1e400,"channel":"live:a"}',
    code: 'bad-frame',
  },
  {
    title: 'FRAME-7, FRAME-8: the id null',
    sent: '{"type":"subscribe","id":null,"channel":"live:a"}',
    code: 'bad-frame',
  },
  {
    title: 'FRAME-7, FRAME-8: a bad id of a publish',
    sent: '{"type":"publish","id":-1,"channel":"live:a","data":1}',
    code: 'bad-frame',
  },
  {
    title: 'FRAME-8: a channel that is a number',
    sent: '{"type":"subscribe","id":7,"channel":5}',
    code: 'bad-channel',
    id: 7,
  },
  { title: 'FRAME-8: no channel', sent: '{"type":"subscribe","id":7}', code: 'bad-channel', id: 7 },
  {
    title: 'FRAME-8: a position that is text',
    sent: '{"type":"subscribe","id":7,"channel":"live:a","position":"e:1"}',
    code: 'bad-position',
    id: 7,
  },
  {
    title: 'FRAME-8: a position without epoch',
    sent: '{"type":"subscribe","id":7,"channel":"live:a","position":{"offset":1}}',
    code: 'bad-position',
    id: 7,
  },
  {
    title: 'FRAME-8: an epoch with a colon',
    sent: '{"type":"subscribe","id":7,"channel":"live:a","position":{"epoch":"a:b","offset":1}}',
    code: 'bad-position',
    id: 7,
  },
  {
    title: 'FRAME-8: an offset of -1',
    sent: '{"type":"subscribe","id":7,"channel":"live:a","position":{"epoch":"a","offset":-1}}',
    code: 'bad-position',
    id: 7,
  },
  {
    title: 'FRAME-8: an offset of 0.5',
    sent: '{"type":"subscribe","id":7,"channel":"live:a","position":{"epoch":"a","offset":0.5}}',
    code: 'bad-position',
    id: 7,
  },
  {
    title: 'FRAME-8: a presence that is neither count nor members',
    sent: '{"type":"subscribe","id":7,"channel":"live:a","presence":"all"}',
    code: 'bad-frame',
    id: 7,
  },
  {
    title: 'FRAME-8: a publish without data',
    sent: '{"type":"publish","id":7,"channel":"live:a"}',
    code: 'bad-frame',
    id: 7,
  },
  {
    title: 'FRAME-8: an empty key',
    sent: '{"type":"publish","id":7,"channel":"live:a","data":1,"key":""}',
    code: 'bad-key',
    id: 7,
  },
  {
    title: 'FRAME-8: a key of 65 bytes',
    sent: `{"type":"publish","id":7,"channel":"live:a","data":1,"key":"${'k'.repeat(65)}"}`,
    code: 'bad-key',
    id: 7,
  },
  {
    title: 'FRAME-8: a key that is a number',
    sent: '{"type":"publish","id":7,"channel":"live:a","data":1,"key":1}',
    code: 'bad-key',
    id: 7,
  },
  {
    title: 'FRAME-8: meta that is a list',
    sent: '{"type":"publish","id":7,"channel":"live:a","data":1,"meta":[]}',
    code: 'bad-frame',
    id: 7,
  },
  {
    title: 'FRAME-8: meta that is too large',
    sent: `{"type":"publish","id":7,"channel":"live:a","data":1,"meta":{"x":"${'x'.repeat(1_024)}"}}`,
    code: 'bad-frame',
    id: 7,
  },
  { title: 'FRAME-8: a call without a method', sent: '{"type":"call","id":7}', code: 'bad-frame', id: 7 },
  { title: 'FRAME-8: a refresh without a token', sent: '{"type":"refresh","id":7}', code: 'bad-frame', id: 7 },
  {
    title: 'FRAME-8: a history before -1',
    sent: '{"type":"history","id":7,"channel":"live:a","before":-1}',
    code: 'bad-frame',
    id: 7,
  },
  {
    title: 'FRAME-8: a history limit that is text',
    sent: '{"type":"history","id":7,"channel":"live:a","limit":"all"}',
    code: 'bad-frame',
    id: 7,
  },
  {
    title: 'FRAME-8: an end that is neither true nor false',
    sent: '{"type":"disconnect","end":"yes"}',
    code: 'bad-frame',
  },
  {
    title: 'FRAME-9: JSON of 33 levels',
    sent: `{"type":"publish","id":7,"channel":"live:a","data":${'['.repeat(32)}${']'.repeat(32)}}`,
    code: 'too-deep',
    id: 7,
  },
  {
    title: 'FRAME-9: JSON of 9,000 levels',
    sent: `{"type":"publish","id":7,"channel":"live:a","data":${'['.repeat(9_000)}${']'.repeat(9_000)}}`,
    code: 'too-deep',
    id: 7,
  },
  {
    title: 'FRAME-9: objects of 33 levels in an unknown field',
    sent: `{"type":"ping","id":7,"x":${'{"x":'.repeat(32)}1${'}'.repeat(32)}}`,
    code: 'too-deep',
    id: 7,
  },
]

/** Sent as it is after `connect`; the connection is closed with 4504. */
export const CLOSED: readonly { title: string; sent: string | Uint8Array }[] = [
  { title: 'FRAME-5: text that is not JSON', sent: 'hello' },
  { title: 'FRAME-5: empty text', sent: '' },
  { title: 'FRAME-5: JSON cut short', sent: '{"type":"ping"' },
  { title: 'FRAME-5: two frames in one message', sent: '{"type":"ping"}\n{"type":"ping"}' },
  { title: 'FRAME-5: a byte order mark before JSON', sent: '\uFEFF{"type":"ping"}' },
  { title: 'FRAME-5: null', sent: 'null' },
  { title: 'FRAME-5: a number', sent: '42' },
  { title: 'FRAME-5: a string', sent: '"ping"' },
  { title: 'FRAME-1, FRAME-5: a list of lists of frames', sent: '[[{"type":"ping"}]]' },
  { title: 'FRAME-5: 9 KB of [', sent: '['.repeat(MANY) },
  { title: 'FRAME-5: 9 KB of [ and ]', sent: '['.repeat(MANY / 2) + ']'.repeat(MANY / 2) },
  { title: 'FRAME-5: 9 KB of {"a":', sent: '{"a":'.repeat(MANY / 5) },
  { title: 'FRAME-6: a binary message', sent: new TextEncoder().encode('{"type":"ping"}') },
  { title: 'FRAME-6: an empty binary message', sent: new Uint8Array(0) },
]
