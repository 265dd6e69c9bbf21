const KEY = 'port-12345-theme'

/** The choice of colours. The script in the head has applied it already; here it is changed. */
export function startTheme(): void {
  const choice = document.querySelector<HTMLSelectElement>('[data-theme-choice]')
  if (!choice) return
  choice.value = document.documentElement.dataset.theme ?? ''
  choice.addEventListener('change', () => {
    apply(choice.value)
    try {
      if (choice.value) localStorage.setItem(KEY, choice.value)
      else localStorage.removeItem(KEY)
    } catch {
      // Storage may be closed to this page; the choice then holds until the next one.
    }
  })
  // Another tab changed it.
  addEventListener('storage', event => {
    if (event.key !== KEY) return
    choice.value = event.newValue ?? ''
    apply(choice.value)
  })
}

function apply(theme: string): void {
  if (theme) document.documentElement.dataset.theme = theme
  else delete document.documentElement.dataset.theme
}
