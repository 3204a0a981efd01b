import type { RefusalClass } from '../../src/outcome.ts'

/** One way in which releases say no: the code as in `Outcome.code`, the start of the message, and which releases do. */
export interface KnownRefusal {
  readonly by: RefusalClass
  readonly code: string
  readonly message: RegExp
  /** A semver range. */
  readonly versions: string
}

/**
 * Every refusal that is recognised; anything else is `broken`. Two generations: up to 2.3.1 the enumeration `error_code`
 * in the answer, from 2.3.2 numbers in `code`; authentication as UNKNOWN up to 2.3.3 and as UNAUTHENTICATED from 2.3.4.
 * Messages carry formatting faults (`%!d(string=32)`), so only their beginnings are compared.
 */
export const knownRefusals: readonly KnownRefusal[] = [
  { by: 'unauthenticated', code: 'grpc 16', message: /^missing authorization in header/, versions: '>=2.3.4' },
  { by: 'unauthenticated', code: 'grpc 16', message: /^invalid token format/, versions: '>=2.3.4' },
  { by: 'unauthenticated', code: 'grpc 16', message: /^auth check failure, please check (api key|username and password)/, versions: '>=2.3.4' },
  { by: 'unauthenticated', code: 'grpc 2', message: /^auth check failure, please check username and password are correct/, versions: '<2.3.4' },
  // Of the check of privileges, which comes later and finds nobody.
  { by: 'unauthenticated', code: 'grpc 2', message: /^fail to get authorization from the md, /, versions: '>=2.2.0' },
  { by: 'unauthenticated', code: '401', message: /^user hasn't authenticated?$/, versions: '>=2.2.0' },
  { by: 'forbidden', code: 'grpc 7', message: /^Privilege\w+: permission deny/, versions: '>=2.2.0' },

  { by: 'invalid', code: 'grpc 0 / 1100', message: /^(username must be not empty|invalid user ?name )/, versions: '>=2.3.2' },
  { by: 'invalid', code: 'grpc 0 / 1100', message: /^invalid password length/, versions: '>=2.3.2' },
  { by: 'invalid', code: 'grpc 0 / 1400', message: /^old password not correct for /, versions: '>=2.3.2' },
  { by: 'invalid', code: 'grpc 0 / 65535', message: /^encrypt password failed: bcrypt: password length exceeds 72 bytes/, versions: '>=2.3.2' },
  { by: 'invalid', code: 'grpc 0 / 65535', message: /^decode (old |new )?password fail/, versions: '>=2.3.2' },
  { by: 'conflict', code: 'grpc 0 / 65535', message: /^user already exists: /, versions: '>=2.3.2' },

  { by: 'invalid', code: 'grpc 0 / 5', message: /^(username should not be empty|Invalid username: )/, versions: '<2.3.2' },
  { by: 'invalid', code: 'grpc 0 / 5', message: /^The length of password must be /, versions: '<2.3.2' },
  { by: 'invalid', code: 'grpc 0 / 30', message: /^old password is not correct:/, versions: '<2.3.2' },
  { by: 'invalid', code: 'grpc 0 / 29', message: /^(encrypt|decode) password fail key:/, versions: '<2.3.2' },
  { by: 'invalid', code: 'grpc 0 / 30', message: /^(encrypt|decode old|decode) password fail when updating:/, versions: '<2.3.2' },
  { by: 'conflict', code: 'grpc 0 / 29', message: /^CreateCredential failed: user already exists: /, versions: '<2.3.2' },
]
