// Every word of the page in English. The other dictionaries have the same shape.

export const en = {
  title: 'operations',
  signOut: 'Forget the key',
  loading: 'Asking the server …',
  off: 'This server has no admin API: start it with an admin key (`--admin-key`), or with `--dev` on this machine.',
  unreachable: 'The server does not answer. This is how it was; trying again every two seconds.',
  key: {
    title: 'Admin key',
    about: 'The key that the server was started with. It stays in this tab and is forgotten when the tab closes.',
    label: 'Key',
    enter: 'Open',
    wrong: 'The server does not accept this key.',
  },
  totals: { connections: 'Connections', users: 'Users', browsers: 'Browsers', channels: 'Channels' },
  columns: {
    user: 'User',
    from: 'From',
    since: 'For',
    rtt: 'Round trip',
    subscriptions: 'Channels',
    outbox: 'Outbox',
    kick: 'End',
    channel: 'Channel',
    subscribers: 'Subscribers',
  },
  browser: 'browser',
  tab: 'tab',
  missed: (n: number) => ` ${n} missed`,
  kick: 'Kick',
  kickSure: 'Kick, surely?',
  kickFailed: 'Failed',
  noConnections: 'Nobody is connected.',
  noChannels: 'No channel has subscribers.',
  more: (n: number) => `and ${n.toLocaleString('en')} more`,
  asOf: (time: string) => `As of ${time}`,
}

/** The shape of a dictionary. */
export type Words = typeof en
