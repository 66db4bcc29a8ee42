// What `inspect()` tells of the tabs of a browser. Types only.

import type { ClientStats } from '../stats.ts'
import type { Status } from '../status.ts'
import type { Subscription } from '../subscription/subscription.ts'

/** What `inspect()` finds: the pages of this browser that are on the same server path for the same user. */
export interface Inspection {
  /** The connections that these pages are on: one, if all is well. */
  readonly connections: readonly string[]
  readonly tabs: readonly InspectedTab[]
}

/** A tab, with the page that is loaded in it; more of them where it holds frames. */
export interface InspectedTab {
  readonly tab: string
  /** Whether it is the one that asked. */
  readonly here: boolean
  readonly pages: readonly InspectedPage[]
}

/** One load of a page. */
export interface InspectedPage {
  readonly page: string
  readonly here: boolean
  readonly visible: boolean
  readonly status: Status
  readonly connection: string | undefined
  readonly sharing: ClientStats['sharing']
  readonly components: readonly InspectedComponent[]
}

/** What holds subscriptions in a page. Components of one name are one. */
export interface InspectedComponent {
  /** `SubscribeOptions.label`. */
  readonly label: string | undefined
  readonly subscriptions: readonly Pick<Subscription, 'channel' | 'state'>[]
}
