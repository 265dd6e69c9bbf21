import { announce } from './dom.ts'
import { printProgress } from './kept.ts'
import { progress } from './progress.ts'

/** Lets progress be taken to another machine, and brought from one, as the file that the commands know. */
export function startTransfer(): void {
  const note = document.querySelector('.transfer .note')
  const tell = (text: string) => {
    if (note) note.textContent = text
    announce(text)
  }
  document.querySelector('[data-export]')?.addEventListener('click', () => {
    void progress.refresh().then(value => download('port-12345-progress.json', printProgress(value)))
  })
  document.querySelector('[data-import]')?.addEventListener('click', () => {
    const field = document.createElement('input')
    field.type = 'file'
    field.accept = '.json,application/json'
    field.addEventListener('change', () => {
      const file = field.files?.[0]
      if (file) void add(file).then(tell)
    })
    field.click()
  })
}

async function add(file: File): Promise<string> {
  try {
    const more = await progress.add(await file.text())
    if (more === 0) return 'Nothing new: no lesson in that file was still to be done here.'
    return more === 1 ? '1 more lesson is done now.' : `${more} more lessons are done now.`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function download(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
