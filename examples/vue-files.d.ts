// What `import` of a Vue file gives, for a compiler that does not read them.

declare module '*.vue' {
  import type { DefineComponent } from 'vue'

  const component: DefineComponent
  export default component
}
