import { clientIds } from '../../containers/keycloak/realm.ts'
import type { OAuthClient } from '../../fixtures/oidc/issuer.ts'
import type { Probe } from '../../src/case.ts'
import type { Scope } from '../../src/driver.ts'
import { text, type Operation } from './operation.ts'
import type { Place } from './place.ts'
import { grantsTo, outcomeOf } from './tokens.ts'

/** The client credentials of each kind of caller. */
function machine(at: Place, probe: Probe, { vault, name }: Scope): OAuthClient {
  const { secret, ...named } = { ...at.client('machine'), authentication: text(probe, 'authentication') === 'basic' ? 'basic' : 'post' } as const
  const right = secret?.reveal() ?? ''
  switch (probe.principal) {
    case 'wrong-secret':
      return { ...named, secret: vault.secret(`wrong-${name}`, 'a wrong client secret') }
    case 'almost-right-secret':
      return { ...named, secret: vault.secret(`${right}x`, 'a secret with one letter more') }
    case 'shortened-secret':
      return { ...named, secret: vault.secret(right.slice(0, -1), 'a secret with one letter less') }
    case 'no-secret':
      return named
    case 'public-client':
      return { id: clientIds.people }
    case 'unknown-client':
      return { ...named, id: 'no-such-client', secret: vault.secret(right, 'client secret') }
    default:
      return { ...named, secret: vault.secret(right, 'client secret') }
  }
}

/** Client credentials: no session, no person; the token is all its effect. */
export const logInAsMachine: Operation<null> = {
  nature: 'read',
  prepare: () => Promise.resolve(null),
  perform: async (at, probe, _, scope) => outcomeOf(await at.issuer.clientCredentials(machine(at, probe, scope), scope), text(probe, 'shows'), at, scope),
  effect: (_probe, _made, { outcome }) => grantsTo({ username: `service-account-${clientIds.machine}`, client: clientIds.machine }, outcome),
}
