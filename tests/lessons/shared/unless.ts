/** Why nothing is seen of what only the kernel of Linux shows. */
export function unlessLinux(): string | undefined {
  return process.platform === 'linux' ? undefined : 'only the kernel of Linux shows it'
}
