// The rules of check-layers, each with a file that breaks it and one that does not.
import { expect, it } from 'vitest'
import { violations } from './check-layers.ts'

const messages = (file: string, text: string): string[] =>
  violations(new Map([[file, `// What it is.\n${text}\n`]])).map(
    (violation) => `${violation.line}: ${violation.message}`,
  )

it('lets a folder import the protocol and itself', () => {
  expect(messages('server/hub/hub.ts', `import { encode } from '../../protocol/codec.ts'\nimport './sink.ts'`)).toEqual(
    [],
  )
})

it('keeps the protocol free of everything else', () => {
  expect(messages('protocol/codec.ts', `import { hub } from '../server/hub/hub.ts'`)).toEqual([
    '2: protocol/ may not import server/hub/hub.ts',
  ])
})

it('keeps client and server apart, in types and in dynamic imports too', () => {
  expect(messages('client/dial.ts', `import type { Hub } from '../server/hub/hub.ts'`)).toHaveLength(1)
  expect(messages('server/dial.ts', `const load = () => import('../client/index.ts')`)).toHaveLength(1)
})

it('finds the source of an import that spans lines', () => {
  expect(messages('client/dial.ts', `import {\n  hub,\n} from '../server/hub/hub.ts'`)).toEqual([
    '4: client/ may not import server/hub/hub.ts',
  ])
})

it('gives the bindings the public client only', () => {
  expect(messages('react/use-channel.ts', `import { useEffect } from 'react'`)).toEqual([])
  expect(messages('react/use-channel.ts', `import type { Client } from '../client/index.ts'`)).toEqual([])
  expect(messages('react/use-channel.ts', `import { dial } from '../client/connection/dial.ts'`)).toHaveLength(1)
  expect(messages('vue/use-channel.ts', `import { useEffect } from 'react'`)).toHaveLength(1)
})

it('lets only io/ and index.ts import io/, not even as a type', () => {
  const type = `import type { Socket } from '../io/socket.ts'`
  expect(messages('server/hub/hub.ts', type)).toHaveLength(1)
  expect(messages('server/io/attach.ts', `import { socket } from './socket.ts'`)).toEqual([])
  expect(messages('server/index.ts', `import { socket } from './io/socket.ts'`)).toEqual([])
})

it('lets only io/ and index.ts import Node and ws', () => {
  expect(messages('server/hub/hub.ts', `import { hash } from 'node:crypto'`)).toHaveLength(1)
  expect(messages('server/io/attach.ts', `import { hash } from 'node:crypto'`)).toEqual([])
  expect(messages('server/io/attach.ts', `import express from 'express'`)).toHaveLength(1)
})

it('finds a clock that is read outside io/', () => {
  expect(messages('server/hub/hub.ts', `const at = new Date()`)).toEqual(['2: time comes in as the argument `now`'])
  expect(messages('server/hub/hub.ts', `const at = new Date(now)`)).toEqual([])
  expect(messages('server/io/clock.ts', `const at = new Date()`)).toEqual([])
})

it('refuses vague names, files of more than 400 lines and files without a first sentence', () => {
  expect(messages('server/utils.ts', '')).toHaveLength(1)
  expect(messages('server/hub/hub-helpers.ts', '')).toHaveLength(1)
  expect(messages('server/hub/hub.ts', 'x\n'.repeat(399))).toEqual([])
  expect(messages('server/hub/hub.ts', 'x\n'.repeat(400))).toEqual(['401: 401 lines, at most 400'])
  expect(violations(new Map([['server/hub/hub.ts', 'export {}\n']]))).toHaveLength(1)
})
