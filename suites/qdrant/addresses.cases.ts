import { allowed, claim, forbidden, unauthenticated, type Case, type Expectation } from '../../src/case.ts'
import type { OperationName } from './operations.ts'
import type { Principal } from './principals.ts'

const asked = ['recover-from-address', 'recover-shard-from-address'] as const satisfies readonly OperationName[]

/** qdrant-security, Table of access and Hardening: recovery is for manage access, and what it fetches from is the caller's choice. */
const who = {
  'api-key': allowed,
  'jwt-manage': allowed,
  'read-only-key': forbidden,
  'jwt-read': forbidden,
  'jwt-collection-rw': forbidden,
  'jwt-collection-r': forbidden,
  'jwt-other-collection-rw': forbidden,
  'jwt-empty-list': forbidden,
  anonymous: unauthenticated,
  'wrong-key': unauthenticated,
} as const satisfies Readonly<Partial<Record<Principal, Expectation>>>

const byWhom = asked.flatMap((operation) =>
  Object.entries(who).map(([principal, expect]): Case => ({
    id: claim('qdrant', 'rest', principal, expect, operation),
    profile: 'keys-and-jwt',
    rules: ['QDR-SSRF-01'],
    operation,
    principal,
    surface: 'rest',
    // The server has to reach a listener of ours, on loopback.
    runtimes: ['native'],
    input: {},
    expect,
    ...(expect.kind === 'refused' ? { twin: { principal: 'api-key' } } : {}),
  })),
)

const switchedOff = asked.flatMap((operation) =>
  (['api-key', 'jwt-manage'] as const).map((principal): Case => ({
    id: claim('qdrant', 'rest', principal, forbidden, operation, 'in-scene-without-url-recovery'),
    profile: 'keys-and-jwt',
    rules: ['QDR-SSRF-02'],
    operation,
    principal,
    surface: 'rest',
    runtimes: ['native'],
    input: { scene: 'without-url-recovery' },
    expect: forbidden,
    // The same on the instance, where the switch is as shipped.
    twin: { input: {} },
  })),
)

export const addressCases: readonly Case[] = [...byWhom, ...switchedOff]
