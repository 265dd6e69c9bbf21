import type { Behaviour } from '#workbook/check/behaviour.ts'
import { noOpenssl, runLines } from '#workbook/certs/make.ts'
import { DAY, dated, expectNoWarning, expectWarning, inspects, withPapers } from './behaviours.ts'
import { change } from '#workbook/check/change.ts'
import type { Exercise } from '#workbook/check/lesson.ts'

// The stories of lesson 16's exercises.

const CERT = 'certs/server.crt'
const OTHER = 'certs/other.key'
const all = { from: 16, unless: noOpenssl } as const

export const doesTheKeyFit: Behaviour = {
  ...all,
  id: 'exercise-does-the-key-fit',
  title: 'it warns when the key beside a certificate, or named, is another\'s',
  byHand: run => [
    `openssl genrsa -out ${OTHER} 2048; chmod 600 ${OTHER}\n${run('inspect.ts', ['--key', OTHER, CERT])}`,
  ],
  story: world => withPapers(async folder => {
    expectNoWarning(await inspects(world, folder), 'this key is that of the certificate')
    const make = `openssl ecparam -name prime256v1 -genkey -noout -out ${OTHER}`
    await runLines([make, `chmod 600 ${OTHER}`], folder)
    const what = 'the key is not that of the certificate'
    expectWarning(await inspects(world, folder, ['--key', OTHER, CERT]), /\bkey\b/i, what)
    await runLines([make.replace(OTHER, 'certs/server.key')], folder)
    expectWarning(await inspects(world, folder), /\bkey\b/i, what)
  }),
}

export const beforeItIsTooLate: Behaviour = {
  ...all,
  id: 'exercise-before-it-is-too-late',
  title: 'with --days 14 it warns of what has less than 14 days left, and not of more',
  byHand: run => [`npm run certs -- --renew\n${run('inspect.ts', ['--days', '31', CERT])}`],
  story: world => withPapers(async folder => {
    await dated(folder, -DAY, 13 * DAY)
    expectWarning(await inspects(world, folder, ['--days', '14', CERT]), /\d/, 'there are 13 days left')
    expectNoWarning(await inspects(world, folder, ['--days', '12', CERT]), 'with --days 12 there is time enough: 13 days are left')
    expectNoWarning(await inspects(world, folder), 'without --days a certificate that is valid is no reason to warn')
    await dated(folder, -9 * DAY, -DAY)
    expectWarning(await inspects(world, folder, ['--days', '14', CERT]), /expired/i, 'it has expired')
  }),
}

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'does-the-key-fit',
    behaviours: [doesTheKeyFit],
    solution: [
      change('inspect.ts', '{ X509Certificate }', '{ createPrivateKey, X509Certificate }'),
      change('inspect.ts', '  const open', `  const key = createPrivateKey(readFileSync(keyFile))
  if (!cert.checkPrivateKey(key)) warn(\`\${keyFile} is another's key\`)
  const open`),
    ],
  },
  {
    id: 'before-it-is-too-late',
    behaviours: [beforeItIsTooLate],
    solution: [
      change('inspect.ts', '{ key: { type: \'string\' } }', '{ key: { type: \'string\' }, days: { type: \'string\', default: \'0\' } }'),
      change('inspect.ts', 'keyFile: string)', 'keyFile: string, days: number)'),
      change('inspect.ts', 'beside : \'\')', 'beside : \'\'), Number(values.days)'),
      change('inspect.ts', '  if (now > Date.parse(cert.validTo)) warn(\'it has expired\')\n', `  const left = (Date.parse(cert.validTo) - now) / 86_400_000
  if (left < 0) warn('it has expired')
  else if (left < days) warn(\`it has \${left.toFixed(1)} days left\`)
`),
    ],
  },
]
