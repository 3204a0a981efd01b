import type { KnownDeviation } from '../../src/deviation.ts'
import type { MilvusRule } from './rules.ts'

type Seen = Omit<KnownDeviation, 'product'> & { readonly rule: MilvusRule }

const both = ['2.2.16', '2.3.5'] as const

/** White space by `unicode.IsSpace`, as the limits' cases name it. */
const blanks = ['u0020', 'u0009', 'u000a', 'u000b', 'u000c', 'u000d', 'u00a0', 'u2028'] as const

/** Before 2.3.4 the refusal of a caller has no code of its own. One entry for each rule that it shows in. */
const unknownStatus = (rule: MilvusRule): Seen => ({
  id: `milvus-2.2-unauthenticated-is-unknown-${rule.toLowerCase().replace('mlv-', '')}`,
  rule,
  class: 'wrong-class',
  code: 'grpc 2',
  messagePrefix: 'auth check failure, please check username and password are correct',
  seenOn: ['2.2.16'],
  says: 'The refusal carries the gRPC status UNKNOWN (2) where UNAUTHENTICATED (16) says what it is: a client cannot tell it from a fault of the server, and may try again.',
  captured: 'grpc 2 UNKNOWN: auth check failure, please check username and password are correct',
})

const seen: readonly Seen[] = [
  ...(['MLV-AUTH-ON-01', 'MLV-AUTH-TOKEN-01', 'MLV-AUTH-PASSWORD-01', 'MLV-USER-DROP-01', 'MLV-PASSWORD-UPDATE-01', 'MLV-TLS-BOTH-01'] as const).map(
    unknownStatus,
  ),
  {
    id: 'milvus-username-leading-white-space',
    rule: 'MLV-USERNAME-FIRST-01',
    class: 'allowed',
    code: 'grpc 0',
    messagePrefix: '',
    seenOn: both,
    cases: blanks.map((blank) => `milvus.grpc.root.may-not.create-user.starting-with-${blank}`),
    says: 'A username may begin with white space: it is cut off for the check and kept in the name. Two users can look the same in every list.',
    captured: 'CreateCredential with username " a0123" → grpc 0 {"errorCode":0,"reason":"","code":0}; ListCredUsers shows " a0123"',
  },
  {
    id: 'milvus-username-trailing-white-space',
    rule: 'MLV-USERNAME-CHARS-01',
    class: 'allowed',
    code: 'grpc 0',
    messagePrefix: '',
    seenOn: both,
    cases: blanks.map((blank) => `milvus.grpc.root.may-not.create-user.with-${blank}-last`),
    says: 'A username may end with white space, line feeds included: it is cut off for the check and kept in the name.',
    captured: 'CreateCredential with username "a0123 " → grpc 0 {"errorCode":0,"reason":"","code":0}; ListCredUsers shows "a0123 "',
  },
  {
    id: 'milvus-password-minimum-in-bytes',
    rule: 'MLV-PASSWORD-SHORT-01',
    class: 'allowed',
    code: 'grpc 0',
    messagePrefix: '',
    seenOn: both,
    cases: [
      '*.password-of-3-characters-of-*',
      '*.password-of-5-characters-of-*',
      '*.password-of-2-characters-of-three-bytes',
      '*.password-of-2-characters-of-four-bytes',
    ],
    says: 'The minimum of 6 characters counts bytes: two emoji are a password.',
    captured: 'CreateCredential with a password of 2 characters of 3 bytes → grpc 0 {"errorCode":0,"reason":"","code":0}; it connects',
  },
  {
    id: 'milvus-password-73-bytes',
    rule: 'MLV-PASSWORD-LONG-01',
    class: 'refused',
    code: 'grpc 0 / 65535',
    messagePrefix: 'encrypt password failed: bcrypt: password length exceeds 72 bytes',
    seenOn: ['2.3.5'],
    says: 'A password of 73 to 256 bytes is refused: the documented maximum is three and a half times what the hash can take.',
    captured: 'grpc 0 {"errorCode":1,"reason":"encrypt password failed: bcrypt: password length exceeds 72 bytes","code":65535}',
  },
  {
    id: 'milvus-2.2-password-73-bytes-create',
    rule: 'MLV-PASSWORD-LONG-01',
    class: 'refused',
    code: 'grpc 0 / 29',
    messagePrefix: 'encrypt password fail key:',
    seenOn: ['2.2.16'],
    says: 'A password of 73 to 256 bytes is refused when a user is made, and the message does not say why.',
    captured: 'grpc 0 {"errorCode":29,"reason":"encrypt password fail key:pw73","code":0}',
  },
  {
    id: 'milvus-2.2-password-73-bytes-update',
    rule: 'MLV-PASSWORD-LONG-01',
    class: 'refused',
    code: 'grpc 0 / 30',
    messagePrefix: 'encrypt password fail when updating:',
    seenOn: ['2.2.16'],
    says: 'A password of 73 to 256 bytes is refused when it is changed, and the message does not say why.',
    captured: 'grpc 0 {"errorCode":30,"reason":"encrypt password fail when updating:uu","code":0}',
  },
  {
    id: 'milvus-password-maximum-in-bytes',
    rule: 'MLV-PASSWORD-LONG-01',
    class: 'refused',
    code: 'grpc 0 / 1100',
    messagePrefix: 'invalid password length: invalid parameter[',
    seenOn: ['2.3.5'],
    cases: ['*-characters-of-two-bytes', '*-characters-of-three-bytes', '*-characters-of-four-bytes'],
    says: 'The maximum of 256 characters counts bytes.',
    captured: 'grpc 0 {"errorCode":5,"reason":"invalid password length: invalid parameter[258 out of range 6 <= value <= 256]","code":1100}',
  },
  {
    id: 'milvus-2.2-password-maximum-in-bytes',
    rule: 'MLV-PASSWORD-LONG-01',
    class: 'refused',
    code: 'grpc 0 / 5',
    messagePrefix: 'The length of password must be great than 6 and less than 256 characters.',
    seenOn: ['2.2.16'],
    cases: ['*-characters-of-two-bytes', '*-characters-of-three-bytes', '*-characters-of-four-bytes'],
    says: 'The maximum of 256 characters counts bytes, and the message says characters.',
    captured: 'grpc 0 {"errorCode":5,"reason":"The length of password must be great than 6 and less than 256 characters.","code":0}',
  },
  {
    id: 'milvus-super-users-with-a-blank',
    rule: 'MLV-SUPER-LISTED-01',
    class: 'refused',
    code: 'grpc 0 / 1400',
    messagePrefix: 'old password not correct for ',
    seenOn: ['2.3.5'],
    cases: ['milvus.grpc.foo.may.update-password.*.where-super-users'],
    says: "Of the documents' own line `superUsers: root, foo` only root becomes a super user: the blank after the comma stays part of the second name.",
    captured: 'grpc 0 {"errorCode":1,"reason":"old password not correct for foo: not authenticated","code":1400}',
  },
  {
    id: 'milvus-2.2-super-users-with-a-blank',
    rule: 'MLV-SUPER-LISTED-01',
    class: 'refused',
    code: 'grpc 0 / 30',
    messagePrefix: 'old password is not correct:',
    seenOn: ['2.2.16'],
    cases: ['milvus.grpc.foo.may.update-password.*.where-super-users'],
    says: "Of the documents' own line `superUsers: root, foo` only root becomes a super user: the blank after the comma stays part of the second name.",
    captured: 'grpc 0 {"errorCode":30,"reason":"old password is not correct:foo","code":0}',
  },
]

/** CVE-2025-64513 in all that it does. */
const forged: readonly Seen[] = [
  {
    id: 'milvus-cve-2025-64513-acts-as-any-user',
    rule: 'MLV-CVE-2025-64513-01',
    class: 'allowed',
    code: 'grpc 0',
    messagePrefix: '',
    seenOn: both,
    says: "With the header sourceid of the server's own parts nobody looks at the password: `root` with any password lists, makes and drops users, grants, reads and writes.",
    captured: 'ListCredUsers with sourceid QEBtaWx2dXMtbWVtYmVyQEA= and authorization base64(root:wrong) → grpc 0 {"usernames":["root",…]}',
  },
  {
    id: 'milvus-cve-2025-64513-stopped-by-privileges',
    rule: 'MLV-CVE-2025-64513-01',
    class: 'wrong-class',
    code: 'grpc 7',
    messagePrefix: 'Privilege',
    seenOn: both,
    cases: ['milvus.grpc.forged-member-as-unknown-user.may-not.*'],
    says: 'With that header a user who does not exist is let in, and stopped only by his lack of privileges.',
    captured: 'grpc 7 PERMISSION_DENIED: PrivilegeSelectOwnership: permission deny to nobody_of_that_name',
  },
  {
    id: 'milvus-cve-2025-64513-stopped-by-a-missing-name',
    rule: 'MLV-CVE-2025-64513-01',
    class: 'wrong-class',
    code: 'grpc 2',
    messagePrefix: 'fail to get authorization from the md, ',
    seenOn: both,
    cases: ['milvus.grpc.forged-member.may-not.*'],
    says: 'With that header alone a caller is let in, and stopped only where the check of privileges looks for a name.',
    captured: 'grpc 2 UNKNOWN: fail to get authorization from the md, authorize:[authorization]',
  },
]

const others: readonly Seen[] = [
  {
    id: 'milvus-cve-2026-26190-side-door',
    rule: 'MLV-CVE-2026-26190-01',
    class: 'allowed',
    code: '200',
    messagePrefix: '',
    seenOn: both,
    says: 'The port for metrics and health lists users and collections, makes and drops users, and from 2.3 runs expressions for whoever knows the default root path, all without a credential.',
    captured: 'GET :9091/api/v1/credential/users → 200 {"status":{},"usernames":["root",…]}; POST :9091/api/v1/credential → 200 {}',
  },
  {
    id: 'milvus-tls-1.0-and-1.1',
    rule: 'MLV-TLS-OLD-01',
    class: 'allowed',
    code: 'tls',
    messagePrefix: '',
    seenOn: both,
    says: 'With tlsMode 1 the server negotiates TLS 1.0 and 1.1, over gRPC and over HTTP.',
    captured: 'TLSv1.1 to the port for gRPC: handshake complete, SETTINGS received',
  },
  {
    id: 'milvus-rest-scheme-in-lower-case',
    rule: 'MLV-REST-SCHEME-01',
    class: 'refused',
    code: '401',
    messagePrefix: "user hasn't authenticate",
    seenOn: both,
    cases: ['milvus.rest.root-by-lower-case-bearer.may.*'],
    says: 'The word bearer in lower case is taken for no credential, though schemes have no case.',
    captured: '401 {"code":1800,"message":"user hasn\'t authenticated"}',
  },
]

/** Each was seen on a real server of the version, by the case that it names. */
export const milvusDeviations: readonly KnownDeviation[] = [...seen, ...forged, ...others].map((deviation) => ({ product: 'milvus', ...deviation }))
