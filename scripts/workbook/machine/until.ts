/**
 * Waits until it holds, for what no event tells: the kernel's tables, another process, a file.
 * @param ms how long, in milliseconds
 * @returns whether it holds
 */
export async function until(holds: () => boolean, ms = 1500): Promise<boolean> {
  for (const deadline = Date.now() + ms; Date.now() < deadline;) {
    if (holds()) return true
    await new Promise(resolve => setTimeout(resolve, 1))
  }
  return holds()
}
