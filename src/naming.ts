import { createHash, randomBytes } from 'node:crypto'

/** A run's name, sorted by time: `20261122-131502-9f3a`. */
export function newRunId(nowMs: number): string {
  const [day = '', time = ''] = new Date(nowMs).toISOString().split('T')
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(2).toString('hex')}`
}

/** 32 letters and digits, 190 bits: a credential of one run. */
export function randomCredential(): string {
  const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'
  return Array.from(randomBytes(32), (byte) => letters[byte % letters.length]).join('')
}

/** What a case calls everything that it makes: `a` and 11 hexadecimal digits, from the run, the instance and the case. */
export function scopeName(runId: string, instance: string, caseId: string): string {
  return `a${createHash('sha256').update(`${runId}\0${instance}\0${caseId}`).digest('hex').slice(0, 11)}`
}

/** `milvus-2.3.5-authorization`; a model's ends with `-model`. */
export const instanceId = (product: string, version: string, profile: string, evidence: 'real' | 'model'): string =>
  [product, version, profile, ...(evidence === 'model' ? ['model'] : [])].join('-')
