// What findings say in Chinese. The other language has the same keys.

import type { FindingWords } from './words.ts'

export const ZH: Readonly<Record<string, FindingWords>> = {
  'duplicate-instance.double-mount': {
    title: '重复挂载：一次页面加载中同一组件有 {connections} 个客户端',
    cause: '组件每次挂载都会创建客户端，却没有关闭它：React StrictMode 会挂载两次，在两处渲染同一组件的页面也是如此。',
    cure: '在组件之外或在 Provider 中只创建一次客户端，或在创建它的 effect 的清理函数里关闭它。',
  },
  'duplicate-instance.several-components': {
    title: '一次页面加载中有 {connections} 个客户端，各属于不同的组件',
    cause: '每个组件都打开了自己的连接。',
    cure: '为页面只创建一个客户端并交给各组件，由组件各自订阅所需的频道。',
  },
  'duplicate-instance.hot-reload': {
    title: '热更新或重新挂载：一次页面加载中同一组件有 {connections} 个客户端',
    cause: '模块被替换，或组件被再次挂载，而之前创建的客户端从未关闭。',
    cure: '在组件卸载时关闭客户端，开发时还要在 `import.meta.hot.dispose` 中关闭；或把客户端放在不会被替换的模块里。',
  },
  'duplicate-instance.route-change': {
    title: '路由切换：一次页面加载中有 {connections} 个客户端',
    cause: '一个视图创建了客户端，另一个视图又创建了一个，而离开前一个视图时没有关闭它。',
    cure: '在路由之上创建客户端，或在视图的清理函数（onUnmounted、effect 返回的函数）中关闭它。',
  },
  'stale-page': {
    title: '刷新：已经离开的页面仍有 {connections} 个连接',
    cause: '标签页已刷新或跳转，但之前页面的连接没有结束，正等待心跳超时。',
    cure: '像本库的客户端那样带上 fence 和 slot 连接：新页面会立即结束旧连接。自己写的客户端请在 `pagehide` 时关闭。',
  },
  'tabs-not-shared': {
    title: '同一浏览器的 {tabs} 个标签页各有自己的连接',
    cause:
      "共享已关闭（`share: 'tab'`），或在那里不可用：不是安全上下文、worker 无法加载、浏览器没有 SharedWorker 和 Web Locks。",
    cure: "使用 `share: 'browser'`，通过 HTTPS 提供页面，并在其中一个标签页查看 `client.stats().sharing.why`。",
  },
  'tabs-not-shared.adopted': {
    title: '同一浏览器的 {tabs} 个标签页各有自己的连接',
    cause: 'Socket.IO 和普通 WebSocket 的客户端不能共享连接：每个标签页各开一条。',
    cure: '没有故障。使用本库的客户端时，同一浏览器的所有标签页共享一条连接：参见 docs/migration。',
  },
  'reconnect-overlap': {
    title: '重连重叠：一个客户端有 {connections} 个连接',
    cause: '客户端在旧连接仍在时重新连接，却没有结束旧连接：重连定时器与迟到的关闭事件同时存在。',
    cure: '重新拨号前先放弃旧连接，并带上 fence 连接，让服务器结束较旧的连接。',
  },
  'two-owners': {
    title: '同一浏览器有 {owners} 个连接都自称是共享连接',
    cause: '两份客户端同时担任主导：一个页面里有两个版本或两个打包副本，或有一个没有带 fence。',
    cure: '各处从同一源加载同一版本，并刷新该浏览器的标签页。',
  },
  'browser-over-one': {
    title: '同一浏览器有 {connections} 个连接',
    cause: '客户端没有说明属于哪个标签页和页面，所以无法知道更多。',
    cure: '在 `connect` 的 `origin` 中带上 tab、page、instance 和 label，之后就能指出具体组件。',
  },
  'user-over-limit': {
    title: '一个用户有 {connections} 个连接，来自 {browsers} 个浏览器',
    cause: '同时超过 {most} 个很少是真实设备：可能是创建许多客户端的脚本、被共用的令牌，或泄漏的页面。',
    cure: '查看它们来自哪里；如果不允许这么多，请设置 `limits.connectionsPerUser`。',
  },
  'never-authenticated': {
    title: '一个地址一分钟内有 {times} 次握手失败',
    cause: '客户端不断尝试，却没有令牌、令牌无效或过期，或打开连接后什么也不发（最近一次：{detail}）。',
    cure: '让 `getToken` 取得新令牌，用户退出时停止客户端。如果不是你的客户端，请封锁该地址。',
  },
  'never-subscribed': {
    title: '{connections} 个连接从未订阅任何频道',
    cause: '它们已打开一分钟以上却没有使用：在导入时创建的客户端，或所属组件已不存在。',
    cure: '在第一次订阅时再连接，并设置 `limits.idleTimeoutMs` 送走没有订阅的连接。',
  },
  'growing-subscriptions': {
    title: '一个连接有 {subscriptions} 个订阅，而且越来越多',
    cause: '组件每次渲染或收到新数据都会订阅，却从不取消订阅。',
    cure: '在清理函数中调用 `unsubscribe()`，并检查负责订阅的 effect 的依赖。',
  },
  'listener-growth': {
    title: '服务器上有 {listeners} 个监听器，而且越来越多',
    cause: '应用一再调用 `server.on(…)`，例如每个请求或每个连接一次。',
    cure: '启动时只监听一次，或在用完后调用 `server.on` 返回的函数。',
  },
  'reconnect-loop': {
    title: '重连循环：一分钟内连接了 {times} 次',
    cause: '每次都以 {code} 关闭：{cause}',
    cure: '按关闭码的含义修复。自己写的客户端每次失败后要等得更久，遇到 auth 和 final 类的关闭码必须停止。',
  },
  'ghost-in-store': {
    title: '为不存在的连接保留了 {ghosts} 个位置',
    cause: '连接结束时，会话或席位没有归还。',
    cure: '这是服务器的错误：请连同当时已关闭的连接一起报告。',
  },
  'descriptors-over-registry': {
    title: '{extra} 个打开的套接字不属于任何连接',
    cause: '连接已关闭而套接字仍在：对端不回应关闭，或前面的代理占住了它。',
    cure: '检查服务器前面的设施。如果一分钟内仍未消失，请报告。',
  },
  unidentified: {
    title: '来自同一地址、属于 {users} 个用户的 {connections} 个客户端没有说明身份',
    cause: '它们没有发送 `origin`：自己写的客户端、脚本或后端程序。',
    cure: '发送 `origin.browser`（每个浏览器配置一个）和 `label`，这样才能看出哪些属于一起。',
  },
}
