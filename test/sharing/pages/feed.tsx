// One component that shows the messages of one channel. The file that the development server is made to reload.

import { useMessages } from './use-messages.ts'

/** Which edition of this file is running. */
const EDITION = 0

/** A list of messages. */
export function Feed({ channel }: { channel: string }) {
  const { live, texts } = useMessages(channel)
  return (
    <p className="feed" data-live={live} data-edition={EDITION}>
      {texts.map((text, index) => (
        <i key={index}>{text}</i>
      ))}
    </p>
  )
}
