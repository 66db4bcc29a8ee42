// Vue bindings: a plugin and one composable per thing an app does. Each is a thin layer over the public client.

export { createStaywire } from './create-staywire.ts'
export { useChannel, type UseChannel } from './use-channel.ts'
export { useConnection, type UseConnection } from './use-connection.ts'
export { usePresence } from './use-presence.ts'
export { usePublish } from './use-publish.ts'
export { useWebSocket, type UseWebSocket } from './use-web-socket.ts'
