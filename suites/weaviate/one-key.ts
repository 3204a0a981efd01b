/** Settings of servers that live for one case: none of the values is a credential of anything that stays. */
export const off = { AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: 'false' }
export const keysOn = { ...off, AUTHENTICATION_APIKEY_ENABLED: 'true' }
export const oneKey = { ...keysOn, AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'key-of-one', AUTHENTICATION_APIKEY_USERS: 'one' }
