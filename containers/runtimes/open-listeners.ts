import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import type { Listener } from '../../src/instance.ts'

const LISTEN = '0A'
const LOOPBACK_V4 = /^[0-9A-F]{6}7F$/
const LOOPBACK_V6 = '00000000000000000000000001000000'
const MAPPED_LOOPBACK = /^0000000000000000FFFF0000[0-9A-F]{6}7F$/

/**
 * TCP ports on which a process group listens, in order, each once. Linux only: `undefined` where there is no `/proc`.
 * See proc(5) for `/proc/net/tcp`: addresses are hexadecimal in host byte order.
 */
export function listenersOf(group: number): readonly Listener[] | undefined {
  try {
    const inodes = new Set(processesOf(group).flatMap(socketsOf))
    const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => rowsOf(table).filter(({ inode }) => inodes.has(inode)))
    const byPort = [...Map.groupBy(rows, ({ port }) => port)].toSorted(([a], [b]) => a - b)
    return byPort.map(([port, own]) => ({ port, onLoopback: own.every(({ address }) => isLoopback(address)) }))
  } catch {
    return undefined
  }
}

/** Those of them that are open beyond loopback. */
export const openListeners = (group: number): readonly number[] => (listenersOf(group) ?? []).filter(({ onLoopback }) => !onLoopback).map(({ port }) => port)

const isLoopback = (address: string): boolean => LOOPBACK_V4.test(address) || address === LOOPBACK_V6 || MAPPED_LOOPBACK.test(address)

function processesOf(group: number): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && groupOf(name) === group)
}

function groupOf(pid: string): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[2])
  } catch {
    // It ended between the listing and the look.
    return undefined
  }
}

function socketsOf(pid: string): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.slice(1) ?? []
    } catch {
      return []
    }
  })
}

interface Row {
  readonly address: string
  readonly port: number
  readonly inode: string
}

function rowsOf(table: string): readonly Row[] {
  const [, ...lines] = readFileSync(table, 'utf8').trim().split('\n')
  return lines.flatMap((line) => {
    const fields = line.trim().split(/\s+/)
    const [address = '', port = ''] = (fields[1] ?? '').split(':')
    return fields[3] === LISTEN ? [{ address, port: Number.parseInt(port, 16), inode: fields[9] ?? '' }] : []
  })
}
