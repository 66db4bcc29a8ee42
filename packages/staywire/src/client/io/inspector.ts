// Asks the other pages of this browser what they hold, answers when they ask, and warns once where they are not on one
// connection. Keeps nothing of what it was told. Loaded apart from the client, once it is connected or asked.

import type { Inspection } from '../api.ts'
import { inspection, report, type PageNames, type PageReport } from '../inspection/report.ts'
import type { Tab } from '../tab/tab.ts'

const IN_PAGE = 'document' in globalThis
/** How long others may take to answer: a page that is frozen or was put aside does not. */
const ANSWER_MS = 250
/** How long pages may be on different connections before that is worth a word: a new owner is found within this. */
const SETTLED_MS = 5_000

/** What pages say to each other. Names beside these are another version's, and ignored. */
type Word =
  | readonly ['who']
  | readonly ['me', PageReport]
  /** A page is on a connection. */
  | readonly ['on', connection: string, user: string | undefined]

/** What an inspector is made with. */
export interface InspectorOptions {
  readonly tab: Tab
  readonly names: PageNames
  /** Pages are asked that are on this. */
  readonly url: string
  /** Whether it is amiss when pages are on different connections. */
  readonly shares: boolean
}

const inspectors = new WeakMap<Tab, Inspector>()

/** The inspector of a tab, made at the first call. */
export function inspectorOf(options: InspectorOptions): Inspector {
  const { tab } = options
  const inspector = inspectors.get(tab) ?? new Inspector(options)
  inspectors.set(tab, inspector)
  return inspector
}

/** The inspector of one client. */
export class Inspector {
  readonly #options: InspectorOptions
  #channel: BroadcastChannel | undefined
  readonly #asking = new Set<PageReport[]>()
  #settling: ReturnType<typeof setTimeout> | undefined
  /** The connections that others were told of, and that they were answered with. */
  #said: string | undefined
  #answered: string | undefined
  /** The last one heard of that is not this page's. */
  #theirs: string | undefined
  #warned = false

  constructor(options: InspectorOptions) {
    const { tab } = options
    this.#options = options
    if (!IN_PAGE || tab.connection.status === 'closed') return
    tab.on('status', (status) => {
      if (status === 'connected') this.#connected()
      else if (status === 'closed') this.#close()
    })
    // A page that could be spoken to would not be put aside whole when it is left.
    addEventListener('pagehide', this.#turn)
    addEventListener('pageshow', this.#turn)
    this.#open()
    this.#connected()
  }

  /** All pages of this browser that answer. */
  async inspect(): Promise<Inspection> {
    const answers: PageReport[] = []
    if (!this.#channel) return inspection(this.#report(), answers)
    this.#asking.add(answers)
    this.#post(['who'])
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS))
    this.#asking.delete(answers)
    return inspection(this.#report(), answers)
  }

  /** The client is on a connection, a new one perhaps. */
  #connected(): void {
    const { connection, user } = this.#options.tab.connection
    if (!this.#options.shares || !connection || connection === this.#said) return
    this.#said = connection
    this.#post(['on', connection, user])
  }

  #close(): void {
    removeEventListener('pagehide', this.#turn)
    removeEventListener('pageshow', this.#turn)
    clearTimeout(this.#settling)
    this.#channel?.close()
    this.#channel = undefined
  }

  readonly #turn = ({ type }: { type: string }): void => {
    this.#channel?.close()
    this.#channel = undefined
    if (type === 'pageshow') this.#open()
  }

  #open(): void {
    this.#channel = new BroadcastChannel(`staywire:inspect:1 ${this.#options.url}`)
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (Array.isArray(data)) this.#heard(data as unknown as Word)
    }
  }

  #heard(word: Word): void {
    if (word[0] === 'who') this.#post(['me', this.#report()])
    else if (word[0] === 'me') for (const answers of this.#asking) answers.push(word[1])
    else if (word[0] === 'on') this.#compare(word[1], word[2])
  }

  /** Another page is on `theirs`. Both look again when the dust has settled. */
  #compare(theirs: string, user: string | undefined): void {
    const { tab, shares } = this.#options
    const mine = tab.connection
    if (!shares || this.#warned || mine.user !== user || !mine.connection || mine.connection === theirs) return
    if (this.#answered !== mine.connection) this.#post(['on', (this.#answered = mine.connection), user])
    this.#theirs = theirs
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined
      if (tab.connection.connection !== this.#theirs) void this.inspect().then((found) => this.#judge(found))
    }, SETTLED_MS)
  }

  #judge({ connections, tabs }: Inspection): void {
    if (connections.length < 2 || this.#warned) return
    this.#warned = true
    const why = new Set(tabs.flatMap(({ pages }) => pages.flatMap(({ sharing }) => sharing.why ?? [])))
    globalThis.console.warn(
      `[staywire] this browser holds ${connections.length} connections to ${this.#options.url} for one user` +
        `${why.size ? ` (${[...why].join('; ')})` : ''}. client.inspect() shows which tabs are on which.`,
    )
  }

  #report(): PageReport {
    const { tab, names } = this.#options
    return report(tab, names, !IN_PAGE || document.visibilityState === 'visible')
  }

  #post(word: Word): void {
    this.#channel?.postMessage(word)
  }
}
