import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sha256File } from '../../containers/cache.ts'
import type { Artefact, Launch, NativeRecipe, Placement, ServerDefinition } from '../../containers/server.ts'
import { HarnessError } from '../../src/errors.ts'
import type { InstanceSpec } from '../../src/instance.ts'
import { connection, psql } from './psql.ts'

const DEBIAN = '/usr/lib/postgresql'

/** PostgreSQL refuses to run as root: there it gets a user of its own in a namespace. Its data is made at the first start. */
const start = `umask 077
[ "$(id -u)" != 0 ] || exec unshare --user --map-user=1000 -- /bin/sh "$0" "$@"
[ -f data/PG_VERSION ] || initdb --pgdata=data --username=admin --pwfile=admin-password --auth=reject --encoding=UTF8 >&2 || exit 1
exec postgres -D data "$@"
`

/** The first line that fits decides (PostgreSQL, The pg_hba.conf File): who is barred, who must show a certificate, who a password. */
const hostLines = [
  'hostssl all +barred    127.0.0.1/32 reject',
  'hostssl all +certified 127.0.0.1/32 scram-sha-256 clientcert=verify-ca',
  'hostssl all all        127.0.0.1/32 scram-sha-256',
] as const

const native: NativeRecipe = {
  async available(version) {
    const because = whyNot(version)
    return because === undefined
      ? { kind: 'ready' }
      : { kind: 'unavailable', because, hint: `apt-get install postgresql-${version} postgresql-${version}-pgvector` }
  },
  fetch: () => Promise.reject(new HarnessError('TOOL_MISSING', 'Debian’s packages are installed by an administrator')),
  async locate(version): Promise<Artefact> {
    const bin = join(DEBIAN, version, 'bin')
    return { program: '/bin/sh', digest: `sha256:${await sha256File(join(bin, 'postgres'))}`, origin: 'registry', env: { PATH: `${bin}:/usr/bin:/bin` } }
  },
}

function whyNot(version: string): string | undefined {
  if (!existsSync(join(DEBIAN, version, 'bin', 'postgres'))) return `there is no PostgreSQL ${version} of Debian’s`
  return existsSync(`/usr/share/postgresql/${version}/extension/vector.control`) ? undefined : `there is no pgvector for PostgreSQL ${version}`
}

/** Those of Debian’s that are installed; the newest is the default. */
const installed = (existsSync(DEBIAN) ? readdirSync(DEBIAN) : []).filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(b) - Number(a))

export const pgvectorServer: ServerDefinition<'pgvector'> = {
  product: 'pgvector',
  versions: (installed.length > 0 ? installed : ['17']).map((version, at) => ({ version, image: `pg${version}`, ...(at === 0 ? { default: true } : {}) })),
  profiles: { roles: { says: 'TLS alone, passwords by SCRAM', credentials: (random) => ({ admin: random() }) } },
  ports: { postgres: 5432 },
  launch: ({ credentials }: InstanceSpec<'pgvector'>, { folder, bind, ports, pki }: Placement): Launch => ({
    files: { 'cwd/start.sh': `#!/bin/sh\n${start}`, 'cwd/admin-password': credentials['admin'] ?? '', 'hba.conf': `${hostLines.join('\n')}\n` },
    args: [
      './start.sh',
      ...Object.entries({
        listen_addresses: bind,
        port: String(ports['postgres']),
        unix_socket_directories: '',
        hba_file: join(folder, 'hba.conf'),
        ssl: 'on',
        ssl_cert_file: pki.serverCert,
        ssl_key_file: pki.serverKey,
        ssl_ca_file: pki.ca,
        password_encryption: 'scram-sha-256',
      }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    env: {},
    facts: {},
  }),
  ready: async (endpoint, signal) => {
    const { stderr } = await psql(connection(endpoint, { user: 'admin', password: endpoint.credentials['admin'] ?? '' }), 'SELECT 1', signal)
    if (stderr !== '') throw new Error(stderr)
  },
  bootTimeoutMs: 60_000,
  memoryMiB: 100,
  native,
}

/** What the harness itself does with a definition: whether it can run here. */
export const canRunHere = (): string | undefined => whyNot(pgvectorServer.versions[0]?.version ?? '')
