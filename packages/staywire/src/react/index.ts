// React bindings: a provider and one hook per thing an app does. Each is a thin layer over the public client.

export { StaywireProvider, type StaywireProviderProps } from './provider.tsx'
export { useChannel, type ChannelState } from './use-channel.ts'
export { useConnection, type UseConnection } from './use-connection.ts'
export { usePresence } from './use-presence.ts'
export { usePublish } from './use-publish.ts'
