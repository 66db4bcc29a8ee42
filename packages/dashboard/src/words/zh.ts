// Every word of the page in Chinese.

import type { Words } from './en.ts'

export const zh: Words = {
  title: '运维',
  signOut: '清除密钥',
  loading: '正在查询服务器…',
  off: '此服务器未启用管理接口：启动时请设置管理密钥（`--admin-key`），或在本机上使用 `--dev`。',
  unreachable: '服务器没有响应。以下是之前的状态，每两秒重试一次。',
  key: {
    title: '管理密钥',
    about: '启动服务器时设置的密钥。它只保存在此标签页中，关闭标签页即被清除。',
    label: '密钥',
    enter: '打开',
    wrong: '服务器不接受这个密钥。',
  },
  totals: { connections: '连接', users: '用户', browsers: '浏览器', channels: '频道' },
  columns: {
    user: '用户',
    from: '来源',
    since: '时长',
    rtt: '往返时间',
    subscriptions: '频道',
    outbox: '发件箱',
    kick: '踢出',
    channel: '频道',
    subscribers: '订阅者',
  },
  browser: '浏览器',
  tab: '标签页',
  missed: (n) => ` 漏掉 ${n} 次`,
  kick: '踢出',
  kickSure: '确定踢出？',
  kickFailed: '失败',
  noConnections: '没有人连接。',
  noChannels: '没有频道被订阅。',
  more: (n) => `还有 ${n} 个`,
  asOf: (time) => `截至 ${time}`,
}
