// What the tests put into a page before it loads.

export {}

declare global {
  interface Window {
    readonly gateway: { readonly url: string; readonly token: string; readonly channel: string }
  }
}
