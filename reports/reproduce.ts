import type { Exchange } from '../src/outcome.ts'
import type { RunCase, RunInstance } from './run-schema.ts'

/** The command that runs one case again, on a server like the one it ran on. */
export const replayCommand = (row: Pick<RunCase, 'id'>, { version, runtime }: Pick<RunInstance, 'version' | 'runtime'>): string =>
  `bin/assay replay ${quoted(row.id)} --version ${quoted(version)} --runtime ${runtime}`

/**
 * The same request by curl or grpcurl, for a POSIX shell. What was redacted stands as `‹label›`, for the reader to fill
 * in; `$CA` is the authority that signed the server's certificate. Undefined where the record is not the whole request.
 */
export function requestCommand(exchange: Exchange): string | undefined {
  if (/… \(\d+ characters\)$/.test(exchange.body) || /^\d+ bytes$/.test(exchange.body)) return undefined
  return exchange.surface === 'grpc' ? grpcurl(exchange) : curl(exchange)
}

function curl({ request, headers, body }: Exchange): string | undefined {
  const [, method, url] = /^([A-Z]+) (https?:\/\/\S+)$/.exec(request) ?? []
  if (method === undefined || url === undefined) return undefined
  const typed = body === '' || hasHeader(headers, 'content-type') ? headers : { ...headers, 'content-type': 'application/json' }
  return lines(['curl --cacert "$CA" --path-as-is -X', method, quoted(url)].join(' '), typed, body === '' ? undefined : `--data-raw ${quoted(body)}`)
}

function grpcurl({ request, headers, body }: Exchange): string | undefined {
  const [, method, at] = /^\/(\S+) at (\S+)$/.exec(request) ?? []
  if (method === undefined || at === undefined) return undefined
  const flags = lines('grpcurl -cacert "$CA"', headers, body === '' ? undefined : `-d ${quoted(body)}`)
  return `${flags} \\\n  ${quoted(at)} ${quoted(method)}`
}

const hasHeader = (headers: Exchange['headers'], name: string): boolean => Object.keys(headers).some((one) => one.toLowerCase() === name)

const lines = (command: string, headers: Exchange['headers'], data: string | undefined): string =>
  [command, ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`), ...(data === undefined ? [] : [data])].join(' \\\n  ')

/** One word of a POSIX shell, whatever it holds. */
export const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
