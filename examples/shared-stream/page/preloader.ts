// Runs before the page is there and asks for the connection early. That the page asks too makes no second one.

import { client, token } from './client.ts'

if (token.get() !== null) void client.connect()
