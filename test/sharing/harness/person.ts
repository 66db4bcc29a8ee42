// One small face over three browsers. A person has a browser of their own, in which tabs share what one person's tabs share.

/** A tab that somebody opened. */
export interface Tab {
  /** The value of an expression in the page; a promise is waited for. */
  evaluate<Value>(expression: string): Promise<Value>
  goto(url: string): Promise<void>
  reload(): Promise<void>
  /** Closes it as a person does: the page gets its last events. */
  close(): Promise<void>
}

/** Somebody with a browser of their own: storage, workers, locks and channels are shared by their tabs and nobody else's. */
export interface Person {
  openTab(url: string): Promise<Tab>
  /** Ends all their tabs. */
  close(): Promise<void>
}

/** One of Debian's browsers. */
export interface TestBrowser {
  readonly name: 'chromium' | 'firefox' | 'webkit'
  /** Its main process; of the person who came last, where each has one of their own. */
  readonly pid: number
  newPerson(): Promise<Person>
  close(): Promise<void>
}
