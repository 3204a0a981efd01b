import type { Statement } from '../../src/rule.ts'
import { kubernetesOnly, otherProduct, prose, rules, statementsOf } from '../statement.ts'

/** The page of Milvus 2.1. */
const milvus21Authenticate = statementsOf('milvus-2.1-authenticate.html', {
  'Authenticate User Access': [
    ['001', '54792a93b1804b6b', 'What the topic covers.', prose('introduces the page')],
    [
      '002',
      'd68debd2bb42d11e',
      'Access is authenticated by user name and password.',
      rules('MLV-AUTH-ON-01', 'MLV-AUTH-PASSWORD-01', 'MLV-AUTH-TOKEN-01', 'MLV-REST-ON-01', 'MLV-REST-PASSWORD-01'),
    ],
  ],
  'Enable user authentication': [
    ['003', '995fb81aca007b8e', 'The page has a part for Compose and one for Helm.', prose('navigation of the page')],
    [
      '004',
      'e3f405a40e4b3c0b',
      'common.security.authorizationEnabled set to true turns authentication on.',
      rules('MLV-AUTH-ON-01', 'MLV-REST-ON-01', 'MLV-AUTH-OFF-01'),
    ],
    ['005', '102ce6d01db5032d', 'Helm: an example follows.', kubernetesOnly("it stands under the page's Helm tab")],
    ['006', '243412aa155f2f62', 'authorization.enabled set to true, the printed lines, turns authentication on.', rules('MLV-AUTH-PRINTED-01')],
  ],
  'Create an authenticated user': [
    ['007', '7f5a919101b55d02', 'root exists from the start with the password Milvus.', rules('MLV-ROOT-DEFAULT-01')],
    ['008', '170f087075150cf4', "root's password should be changed at the first start.", rules('MLV-ROOT-CHANGED-01')],
    ['009', 'e6297afa2ecd1c73', 'root can make users.', rules('MLV-USER-CREATE-01', 'MLV-USER-CREATE-02', 'MLV-USER-CREATE-03')],
    ['010', '0455026abc43b888', 'A user is made of a name and a password.', rules('MLV-USER-CREATE-01')],
    ['011', '1f60c6637d58c8ef', 'create_credential makes a user.', rules('MLV-USER-CREATE-01')],
    ['012', 'bdb37502d5e1ab43', 'The name of the user that is made.', rules('MLV-USER-CREATE-01')],
    ['013', '6a2dcd7c03c22777', 'The password of the user that is made.', rules('MLV-USER-CREATE-01')],
    ['014', '46c0c6d1780978c6', "The server's alias in the client.", otherProduct('a name inside the client library')],
  ],
  'Connect Milvus with an authenticated user': [
    ['015', '3ce9ddd2533e1c9a', 'An existing user connects.', rules('MLV-USER-CONNECT-01')],
    ['016', 'f626d37966d125e1', 'connect takes host, port, user and password.', rules('MLV-USER-CONNECT-01')],
    ['017', 'e12ac9ada54fef66', 'The alias of the connection.', otherProduct('a name inside the client library')],
    ['018', '89a8b5023df0da06', 'The address to connect to.', otherProduct('an argument of the client library; every case connects by address')],
    ['019', '6814abc11c0dc93c', 'The port to connect to.', otherProduct('an argument of the client library; every case connects by port')],
    ['020', '1485c613c0b44c12', 'The user that connects.', rules('MLV-USER-CONNECT-01')],
    ['021', '3aefa8926570caeb', 'The password that connects.', rules('MLV-USER-CONNECT-01')],
    ['022', 'f4351bb26e744e14', 'Changing to another user, or to none, takes a new connection.', rules('MLV-CHANNEL-OWN-01', 'MLV-CHANNEL-SERVED-01')],
  ],
  'Reset password': [
    ['023', 'b06668c4c9484990', 'A password can be changed, and the connection is made anew.', rules('MLV-PASSWORD-UPDATE-01', 'MLV-CHANNEL-SERVED-01')],
    ['024', '57ee7d61307abca1', 'reset_password takes the user, the old and the new password.', rules('MLV-PASSWORD-UPDATE-01', 'MLV-PASSWORD-UPDATE-02')],
    ['025', '61c132d397babf4e', 'The user whose password changes.', rules('MLV-PASSWORD-UPDATE-01')],
    ['026', 'c1f5c01d89adeea6', 'The new password.', rules('MLV-PASSWORD-UPDATE-01')],
    ['027', '4f13fe5933e23dcc', "The server's alias in the client.", otherProduct('a name inside the client library')],
  ],
  'Delete a user': [
    ['028', 'a93d3dc8015cb71b', 'A user can be deleted.', rules('MLV-USER-DROP-01', 'MLV-USER-DROP-02')],
    ['029', 'f24de4a2dd831f93', 'The example has words in the place of code.', prose('no code where the example should be')],
    ['030', '306e11c5662d92c5', 'The user that is deleted.', rules('MLV-USER-DROP-01', 'MLV-USER-DROP-02')],
  ],
  'List all users': [
    ['031', '59c905c6d8f60c46', 'All users can be listed.', rules('MLV-USER-LIST-01', 'MLV-USER-LIST-02')],
    ['032', 'b8aa7eb56ce24f03', 'list_cred_users returns them.', rules('MLV-USER-LIST-01', 'MLV-USER-LIST-02')],
  ],
  Limitations: [
    ['033', 'b3f44029cb774200', 'A user name has 1 to 32 characters.', rules('MLV-USERNAME-EMPTY-01', 'MLV-USERNAME-LENGTH-01')],
    [
      '034',
      'c4216d9404a20861',
      'A user name begins with a letter and has only letters, digits and underscores.',
      rules('MLV-USERNAME-FIRST-01', 'MLV-USERNAME-CHARS-01', 'MLV-USERNAME-ASCII-01'),
    ],
    [
      '035',
      '7c2c5aaef358ddd7',
      'A password has 6 to 256 characters.',
      rules('MLV-PASSWORD-SHORT-01', 'MLV-PASSWORD-LONG-01', 'MLV-PASSWORD-LONG-02', 'MLV-PASSWORD-CHARS-01'),
    ],
  ],
  'What’s next': [
    ['036', 'c813752b623f973f', 'Related pages follow.', prose('points to other pages')],
    ['037', '46959908f8226a05', 'A page about scaling.', prose('points to another page')],
    ['038', 'e7550cfc2fa0d355', 'Pages about clouds follow.', prose('points to other pages')],
    ['039', '1e3bd267396dd07c', 'A page about AWS.', otherProduct('deployment on a cloud by Terraform and Ansible')],
    ['040', '2d1a7fe8d8d9b930', 'A page about Amazon EKS.', kubernetesOnly('deployment on a cloud')],
    ['041', '3d23c79500dfd702', 'A page about GCP.', kubernetesOnly('deployment on a cloud')],
    ['042', '06a3909df2bf2ee4', 'A page about Azure.', kubernetesOnly('deployment on a cloud')],
  ],
})

/** The newer page, which knows super users: its text without its marks. */
const milvusAuthenticate = statementsOf('milvus-authenticate.md', {
  'Authenticate User Access': [
    ['001', 'ef74511f6f94c47b', 'What the guide covers.', prose('introduces the page')],
    [
      '002',
      'ba99bfd76f8fe040',
      'Neither TLS nor authentication depends on the other.',
      rules('MLV-TLS-ON-01', 'MLV-TLS-BOTH-01', 'MLV-AUTH-ON-01', 'MLV-TLS-FILES-01', 'MLV-TLS-MODE-01', 'MLV-TLS-APART-01'),
    ],
    ['003', 'f8d89073ed50d613', 'With both on, a client needs a user name, a password and certificate paths.', rules('MLV-TLS-BOTH-01')],
    ['004', '3f45ee7b6773a5f0', 'TLS has a page of its own.', prose('points to another page')],
    ['005', '6f2cd8f444f36a88', 'The examples use the Python client.', prose('about the examples')],
    ['006', '0bd19a12ba500b29', 'Clients of other languages will follow.', otherProduct('a promise about client libraries')],
  ],
  'Enable user authentication': [
    [
      '007',
      '0850169927914014',
      'common.security.authorizationEnabled set to true turns authentication on.',
      rules('MLV-AUTH-ON-01', 'MLV-REST-ON-01', 'MLV-AUTH-OFF-01'),
    ],
    ['008', 'fd15fefc25b1f5e5', 'The configuration by Docker Compose has a page of its own.', prose('points to another page')],
    ['009', '41519a524b40925d', 'authorizationEnabled: true turns authentication on.', rules('MLV-AUTH-ON-01', 'MLV-REST-ON-01', 'MLV-AUTH-OFF-01')],
    ['010', '495848d87b606c98', 'The Helm values file takes the same setting.', kubernetesOnly('the Helm chart')],
    ['011', '82d299dc23165a0d', 'The Helm chart has a page of its own.', prose('points to another page')],
    ['012', 'b51cd3c5e78f10bc', 'The custom resource takes the same setting.', kubernetesOnly("the operator's custom resource")],
    ['013', 'e20a6f9d408f169f', 'The operator has a page of its own.', prose('points to another page')],
    ['014', 'd49bbb65901fd548', 'The custom resource has an API version.', kubernetesOnly("the operator's custom resource")],
    ['015', '016c917b81e6c61a', 'The custom resource has a kind.', kubernetesOnly("the operator's custom resource")],
    ['016', '21b6fe5f33c3bd5e', 'The custom resource has a name.', kubernetesOnly("the operator's custom resource")],
    ['017', '30204a11d0328047', 'The custom resource has a label.', kubernetesOnly("the operator's custom resource")],
    ['018', '93767a5a95645c81', 'The example leaves fields out.', prose('about the example')],
  ],
  'Connect to Milvus with authentication': [
    [
      '019',
      '1b58c0f9d26b2d62',
      'With authentication on, connecting takes a user name and a password.',
      rules(
        'MLV-AUTH-ON-01',
        'MLV-AUTH-PASSWORD-01',
        'MLV-AUTH-TOKEN-01',
        'MLV-REST-ON-01',
        'MLV-REST-PASSWORD-01',
        'MLV-CHANNEL-OWN-01',
        'MLV-SECRET-ANSWER-01',
        'MLV-SECRET-LOG-01',
      ),
    ],
    ['020', '460cbb3aee0d2532', 'root exists from the start with the password Milvus.', rules('MLV-ROOT-DEFAULT-01')],
    ['021', 'b79bd52e1fce6d82', 'An example with root follows.', prose('leads to the example below')],
    ['022', 'c084d3974aaa0713', 'The token root:Milvus connects.', rules('MLV-ROOT-DEFAULT-01')],
  ],
  'Create a new user': [
    [
      '023',
      'cab75c6c77ce46e0',
      'root can make users, who can then authenticate.',
      rules('MLV-USER-CREATE-01', 'MLV-USER-CREATE-02', 'MLV-USER-CREATE-03', 'MLV-RESTART-KEPT-01'),
    ],
    ['024', '65cda039bcacaa29', 'A user is created with a password and then described, without roles.', rules('MLV-USER-CREATE-01', 'MLV-USER-DESCRIBE-01')],
    ['025', '5c20558ae7d57595', 'The client documents create_user.', otherProduct('reference of a client library')],
  ],
  'Connect to Milvus with a new user': [
    ['026', '2cf13c61d1487909', "The new user's credentials connect.", rules('MLV-USER-CONNECT-01')],
    ['027', '730360069e552337', 'The token user:password connects the new user.', rules('MLV-USER-CONNECT-01', 'MLV-PASSWORD-WHOLE-01')],
  ],
  'Update user password': [
    [
      '028',
      '18d74b6910abb50f',
      "A user's password can be changed.",
      rules('MLV-PASSWORD-UPDATE-01', 'MLV-RESTART-GONE-01', 'MLV-CHANNEL-DEAD-01', 'MLV-PASSWORD-UPDATE-03'),
    ],
    ['029', 'fe25ecf25602861f', 'The change takes the name, the old and the new password.', rules('MLV-PASSWORD-UPDATE-01', 'MLV-PASSWORD-UPDATE-02')],
    ['030', 'cd4ae7d19502866c', 'The client documents update_password.', otherProduct('reference of a client library')],
    ['031', 'ddb05c92f67de5e7', 'The configuration can name super users, for forgotten passwords.', rules('MLV-SUPER-LISTED-01', 'MLV-SUPER-OTHERS-01')],
    ['032', 'a37bb0ba4d894b54', "A super user's change needs no old password.", rules('MLV-SUPER-LISTED-01', 'MLV-SUPER-OTHERS-01')],
    ['033', 'a0315daecdb0a43a', 'superUsers is empty as shipped: every change needs the old password.', rules('MLV-SUPER-EMPTY-01', 'MLV-PASSWORD-UPDATE-02')],
    [
      '034',
      '71404d7f72d49360',
      'Users in the list change passwords without the old one.',
      rules('MLV-SUPER-LISTED-01', 'MLV-SUPER-OTHERS-01', 'MLV-SUPER-ABSENT-01'),
    ],
    ['035', '7bf960d61f9771c2', 'The example lists root and foo.', rules('MLV-SUPER-LISTED-01')],
    ['036', 'd449db357a209653', "The setting goes into the server's configuration file.", rules('MLV-SUPER-LISTED-01', 'MLV-SUPER-OTHERS-01')],
    ['037', 'b29993ba3d693b31', 'common.security.superUsers takes names separated by commas.', rules('MLV-SUPER-LISTED-01')],
  ],
  'Drop a user': [
    [
      '038',
      '22d3eabe7aae9398',
      'drop_user removes a user.',
      rules('MLV-USER-DROP-01', 'MLV-USER-DROP-02', 'MLV-RESTART-GONE-01', 'MLV-CHANNEL-DEAD-01', 'MLV-USER-AGAIN-01'),
    ],
    ['039', '6739b0a273356262', 'drop_user takes the name.', rules('MLV-USER-DROP-01', 'MLV-USER-DROP-02')],
  ],
  'List all users': [
    ['040', '82767d08a96bb35e', 'The users can be listed.', rules('MLV-USER-LIST-01', 'MLV-USER-LIST-02')],
    ['041', 'b44c15414a60112a', 'list_users returns them.', rules('MLV-USER-LIST-01', 'MLV-USER-LIST-02')],
  ],
  Limitations: [
    ['042', 'b3f44029cb774200', 'A user name has 1 to 32 characters.', rules('MLV-USERNAME-EMPTY-01', 'MLV-USERNAME-LENGTH-01')],
    [
      '043',
      'c4216d9404a20861',
      'A user name begins with a letter and has only letters, digits and underscores.',
      rules('MLV-USERNAME-FIRST-01', 'MLV-USERNAME-CHARS-01', 'MLV-USERNAME-ASCII-01'),
    ],
    [
      '044',
      '7c2c5aaef358ddd7',
      'A password has 6 to 256 characters.',
      rules('MLV-PASSWORD-SHORT-01', 'MLV-PASSWORD-LONG-01', 'MLV-PASSWORD-LONG-02', 'MLV-PASSWORD-CHARS-01'),
    ],
  ],
  'What’s next': [
    ['045', 'c813752b623f973f', 'Related pages follow.', prose('points to other pages')],
    ['046', 'e7550cfc2fa0d355', 'Pages about clouds follow.', prose('points to other pages')],
    ['047', '2d1a7fe8d8d9b930', 'A page about Amazon EKS.', kubernetesOnly('deployment on a cloud')],
    ['048', '3d23c79500dfd702', 'A page about GCP.', kubernetesOnly('deployment on a cloud')],
    ['049', '06a3909df2bf2ee4', 'A page about Azure.', kubernetesOnly('deployment on a cloud')],
  ],
})

export const milvusStatements: readonly Statement[] = [...milvus21Authenticate, ...milvusAuthenticate]
