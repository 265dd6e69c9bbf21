/** Papers that are made together: a server's own, those that an authority has signed, a key with a passphrase. */
export type PaperSet = 'server' | 'authority' | 'locked'

/** How one paper is made: what the text shows, and what `npm run certs` and the checker run. */
export interface Recipe {
  /** The file, or the folder, that it makes; like everything here seen from the folder that holds certs/. */
  makes: string
  /** As they are typed. No word has a blank or a quotation mark in it: they are run without a shell. */
  lines: readonly string[]
  /** Papers that this one is made of: when one of them is new, this one has to be. */
  of: readonly string[]
  /** What is never made again while it is there. The reader's own choice stands in it, or a secret. */
  keep?: true
  set: PaperSet
}

/** In the order in which they are made. */
export const RECIPES: readonly Recipe[] = [
  { makes: 'certs', lines: ['mkdir certs'], of: [], keep: true, set: 'server' },
  {
    makes: 'certs/server.key',
    // OpenSSL makes it so by itself, and not every LibreSSL does.
    lines: ['openssl genrsa -out certs/server.key 2048', 'chmod 600 certs/server.key'],
    of: [],
    keep: true,
    set: 'server',
  },
  {
    makes: 'certs/server.csr',
    lines: ['openssl req -new -key certs/server.key -subj /CN=localhost -out certs/server.csr'],
    of: ['certs/server.key'],
    set: 'server',
  },
  {
    makes: 'certs/server.ext',
    lines: ['echo subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1 > certs/server.ext'],
    of: [],
    keep: true,
    set: 'server',
  },
  {
    makes: 'certs/server.crt',
    lines: ['openssl x509 -req -days 30 -in certs/server.csr -signkey certs/server.key -extfile certs/server.ext -out certs/server.crt'],
    of: ['certs/server.csr', 'certs/server.ext'],
    set: 'server',
  },
  {
    makes: 'certs/ca.key',
    lines: ['openssl genrsa -out certs/ca.key 2048', 'chmod 600 certs/ca.key'],
    of: [],
    keep: true,
    set: 'authority',
  },
  { makes: 'certs/ca.csr', lines: ['openssl req -new -key certs/ca.key -subj /CN=Port-12345-CA -out certs/ca.csr'], of: ['certs/ca.key'], set: 'authority' },
  { makes: 'certs/ca.ext', lines: ['echo basicConstraints=critical,CA:TRUE > certs/ca.ext'], of: [], keep: true, set: 'authority' },
  {
    makes: 'certs/ca.crt',
    lines: ['openssl x509 -req -days 30 -in certs/ca.csr -signkey certs/ca.key -extfile certs/ca.ext -out certs/ca.crt'],
    of: ['certs/ca.csr', 'certs/ca.ext'],
    set: 'authority',
  },
  {
    makes: 'certs/client.key',
    lines: ['openssl genrsa -out certs/client.key 2048', 'chmod 600 certs/client.key'],
    of: [],
    keep: true,
    set: 'authority',
  },
  { makes: 'certs/client.csr', lines: ['openssl req -new -key certs/client.key -subj /CN=alice -out certs/client.csr'], of: ['certs/client.key'], set: 'authority' },
  { makes: 'certs/client.ext', lines: ['echo extendedKeyUsage=clientAuth > certs/client.ext'], of: [], keep: true, set: 'authority' },
  {
    makes: 'certs/client.crt',
    lines: ['openssl x509 -req -days 30 -in certs/client.csr -CA certs/ca.crt -CAkey certs/ca.key -CAcreateserial -extfile certs/client.ext -out certs/client.crt'],
    of: ['certs/client.csr', 'certs/client.ext', 'certs/ca.crt'],
    set: 'authority',
  },
  {
    makes: 'certs/passphrase',
    lines: ['echo seven-sleepy-sheep > certs/passphrase', 'chmod 600 certs/passphrase'],
    of: [],
    keep: true,
    set: 'locked',
  },
  {
    makes: 'certs/locked.key',
    lines: ['openssl pkey -in certs/server.key -aes256 -passout file:certs/passphrase -out certs/locked.key', 'chmod 600 certs/locked.key'],
    of: ['certs/server.key', 'certs/passphrase'],
    keep: true,
    set: 'locked',
  },
]
