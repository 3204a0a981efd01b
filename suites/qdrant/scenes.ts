import { randomCredential } from '../../src/naming.ts'
import type { Settings } from './scene-settings.ts'

/** What a scene's server knows or knew; none of them is any other server's. */
export interface SceneKeys {
  readonly 'api-key': string
  readonly 'read-only-key': string
  /** The API key that it had before, or that its file has. */
  readonly 'previous-key': string
}

/** A server of our own and what happened to it before the case asks. */
export interface Scene {
  /** Absent: `served` from the start. */
  readonly planted?: (keys: SceneKeys) => Settings
  /** The credential that plants, where it is not the API key. */
  readonly plantedWith?: keyof SceneKeys
  readonly served: (keys: SceneKeys) => Settings
}

export const sceneKeys = (): SceneKeys => ({ 'api-key': randomCredential(), 'read-only-key': randomCredential(), 'previous-key': randomCredential() })

const noKeys = { 'service.api_key': null, 'service.read_only_api_key': null, 'service.jwt_rbac': null } as const
const API_KEY = 'QDRANT__SERVICE__API_KEY'
const READ_ONLY_KEY = 'QDRANT__SERVICE__READ_ONLY_API_KEY'
const JWT_RBAC = 'QDRANT__SERVICE__JWT_RBAC'

/** Each server is started once and asked by all cases of its scene. */
const scenes = {
  'keys-by-environment': {
    served: (keys) => ({ file: noKeys, env: { [API_KEY]: keys['api-key'], [READ_ONLY_KEY]: keys['read-only-key'], [JWT_RBAC]: 'true' } }),
  },
  'api-key-by-environment': { served: (keys) => ({ file: noKeys, env: { [API_KEY]: keys['api-key'] } }) },
  'environment-over-file': {
    served: (keys) => ({ file: { 'service.api_key': keys['previous-key'] }, env: { [API_KEY]: keys['api-key'] } }),
  },
  'after-a-key-change': {
    planted: (keys) => ({ file: { 'service.api_key': keys['previous-key'] }, facts: { readyWith: 'previous-key' } }),
    plantedWith: 'previous-key',
    served: () => ({}),
  },
  'only-a-read-only-key': {
    planted: () => ({}),
    served: () => ({ file: { 'service.api_key': null }, facts: { readyWith: 'read-only-key' } }),
  },
  'only-a-read-only-key-by-environment': {
    planted: () => ({}),
    served: (keys) => ({ file: noKeys, env: { [READ_ONLY_KEY]: keys['read-only-key'] }, facts: { readyWith: 'read-only-key' } }),
  },
  'with-an-empty-key': {
    planted: () => ({}),
    served: () => ({ file: { 'service.api_key': '' }, facts: { readyWith: 'read-only-key' } }),
  },
  'as-shipped': {
    planted: () => ({}),
    served: () => ({
      file: { ...noKeys, 'service.enable_tls': null, 'service.verify_https_client_certificate': null, tls: null },
      facts: { plain: true, apiKey: false, readOnlyApiKey: false, jwtRbac: false },
    }),
  },
  'with-an-audit-log': { served: () => ({ file: { 'audit.enabled': true } }) },
  'without-url-recovery': { served: () => ({ file: { 'service.enable_snapshot_url_recovery': false } }) },
} as const satisfies Readonly<Record<string, Scene>>

export type SceneName = keyof typeof scenes
export const sceneNames = Object.keys(scenes) as [SceneName, ...SceneName[]]
export const sceneNamed = (name: SceneName): Scene => scenes[name]
