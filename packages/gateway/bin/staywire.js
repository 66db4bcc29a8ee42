#!/usr/bin/env node
// Starts the `staywire` command on a Node that can run it. Plain JavaScript that any Node reads: on one that is too old
// it hands over to the Node of the checkout it lies in, or says in one line what is missing. It decides nothing else.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const supported = major > 22 || (major === 22 && minor >= 13)
const checkoutNode = fileURLToPath(new URL('../../../node_modules/node/bin/node', import.meta.url))
const main = new URL('../dist/main.js', import.meta.url)

if (!existsSync(main)) {
  fail('staywire is not built yet: run `npm run build` in the checkout')
} else if (supported) {
  await import(main.href)
} else if (existsSync(checkoutNode)) {
  handOver()
} else {
  fail(
    `staywire needs Node 22.13 or newer, this is ${process.versions.node}: install a newer one from your package manager`,
  )
}

/** @param {string} message */
function fail(message) {
  console.error(message)
  process.exitCode = 1
}

function handOver() {
  const child = spawn(checkoutNode, process.argv.slice(1), { stdio: 'inherit' })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(`staywire could not start ${checkoutNode}: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
}
