import type { CheckResult, Verdict } from './verdict.ts'

/** The result as JUnit's XML, which continuous integration services show as tests. */
export function junit({ lesson, verdicts, seed }: CheckResult): string {
  const count = (...statuses: Verdict['status'][]) => verdicts.filter(verdict => statuses.includes(verdict.status)).length
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${verdicts.length}" failures="${count('failed')}">`,
    `  <testsuite name="lesson ${lesson.number}: ${text(lesson.id)}" tests="${verdicts.length}" failures="${count('failed')}"`
    + ` skipped="${count('not proved', 'not run')}" errors="0">`,
    `    <properties><property name="seed" value="${seed}"/></properties>`,
    ...verdicts.map(verdict => testcase(verdict, lesson.id)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testcase(verdict: Verdict, lesson: string): string {
  const { id, title, status, reason, diagnosis, byHand = [], waiting } = verdict
  const open = `    <testcase classname="${text(lesson)}.${text(id)}" name="${text(title)}"`
  if (status === 'held') return `${open}/>`
  if (status !== 'failed') return `${open}><skipped message="${text(reason ?? status)}"/></testcase>`
  const details = [diagnosis?.sentence, waiting, ...byHand.map(command => `$ ${command}`)].filter(part => part !== undefined)
  return `${open}>\n      <failure type="${text(diagnosis?.id ?? 'failed')}" message="${text(reason ?? '')}">`
    + `${text(details.join('\n'))}</failure>\n    </testcase>`
}

// What XML 1.0 cannot hold at all, not even escaped, is left out.
function text(value: string): string {
  return value
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/g, '')
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\n', '&#10;')
}
