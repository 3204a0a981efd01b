import { execFile } from 'node:child_process'
import type { Endpoint } from '../../src/instance.ts'

export interface Login {
  readonly user: string
  readonly password: string
  readonly tls?: boolean
  readonly certificate?: boolean
}

export interface Connection {
  readonly options: string
  readonly password: string
}

/** `verify-full`: the server's certificate and its name are checked against the run's own authority, and no other. */
export function connection({ host, address, ports, pki }: Endpoint, { user, password, tls = true, certificate = false }: Login): Connection {
  const trust = tls ? ` sslmode=verify-full sslrootcert=${pki.ca}` : ' sslmode=disable'
  const proof = certificate ? ` sslcert=${pki.clientCert} sslkey=${pki.clientKey}` : ' sslcert=/nowhere sslkey=/nowhere'
  return { options: `host=${host} hostaddr=${address} port=${ports['postgres']} dbname=postgres user=${user} connect_timeout=10${trust}${proof}`, password }
}

/** Debian's own client. The password goes by its environment, never by an argument that every user can read. */
export function psql({ options, password }: Connection, sql: string, signal: AbortSignal): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const args = ['--no-psqlrc', '--no-password', '--no-align', '--tuples-only', '--quiet', '--set=ON_ERROR_STOP=1', '--set=VERBOSITY=verbose', options]
  const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', PGPASSWORD: password }
  return new Promise((resolve, reject) => {
    const child = execFile('psql', args, { env, signal }, (error, stdout, stderr) =>
      error !== null && stderr === '' ? reject(error) : resolve({ stdout: stdout.trim(), stderr: stderr.trim() }),
    )
    child.stdin?.end(sql)
  })
}
