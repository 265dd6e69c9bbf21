import type { World } from '#workbook/check/behaviour.ts'
import { LISTEN, socketTable, SYN_SENT } from '#workbook/machine/sockets.ts'
import { PORT } from '#workbook/check/setting.ts'
import { until } from '#workbook/machine/until.ts'

/**
 * Whether one more client gets into the accept queue of a server that is stopped. When the queue is
 * full, Linux drops its call at once and shows that it goes on calling: nobody has to wait to see it.
 */
export async function getsIn(connect: World['connect']): Promise<boolean> {
  const done = new AbortController()
  const joins = connect(3000).then(() => true, () => false)
  try {
    return await Promise.race([joins, isLeftOutside(done.signal)])
  } finally {
    done.abort()
  }
}

/** Fills the accept queue of a server that is stopped; a number of thousands is never filled. */
export async function fillQueue(connect: World['connect']): Promise<void> {
  for (let count = 0; count < 5000 && await getsIn(connect);) count++
}

/** Waits until nobody stands in the accept queue: whoever calls before that calls again after a second. */
export async function queueServed(): Promise<void> {
  await until(() => socketTable().every(row => row.local.port !== PORT || row.state !== LISTEN || row.unread === 0))
}

/** Resolves to false when the kernel shows a client that calls and is not answered. */
async function isLeftOutside(signal: AbortSignal): Promise<boolean> {
  for (;;) {
    await new Promise(resolve => setTimeout(resolve, 20))
    if (signal.aborted) return true
    if (socketTable().some(row => row.remote.port === PORT && row.state === SYN_SENT)) return false
  }
}
