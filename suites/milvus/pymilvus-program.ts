/**
 * A user's program in Python: takes a question a line on its input, answers a line on its output. Each opens a connection and closes it,
 * as the page of 2.1 advises after a change of the password. Runs with both releases.
 */
export const pymilvusProgram = `
import json, sys
import grpc
from pymilvus import connections, utility
from pymilvus.exceptions import MilvusException
try:
    from pymilvus import MilvusClient
except ImportError:
    MilvusClient = None

def orm(method, config, args):
    connections.connect(alias='asked', **config)
    try:
        answer = getattr(utility, method)(*args, using='asked')
        return {'users': list(answer)} if method == 'list_cred_users' else {}
    finally:
        connections.disconnect('asked')

def client(method, config, args):
    opened = MilvusClient(**config)
    try:
        if method == 'connect':
            return {'build_tags': opened._get_connection().get_server_version()}
        answer = getattr(opened, method)(*args)
        if method == 'list_users':
            return {'users': list(answer)}
        if method == 'describe_user':
            return {'roles': list(answer['roles']), 'user': {'name': answer['user_name']}} if answer else {}
        return {}
    finally:
        opened.close()

for line in sys.stdin:
    asked = json.loads(line)
    told = {'id': asked['id'], 'kind': 'answered'}
    try:
        told['answer'] = (orm if asked['orm'] else client)(asked['method'], asked['config'], asked['args'])
    except MilvusException as error:
        told.update(kind='refused', code=int(error.code), details=str(error.message))
    except grpc.RpcError as error:
        told.update(kind='failed', code=error.code().value[0], details=str(error.details()))
    except Exception as error:
        told.update(kind='failed', details=type(error).__name__ + ': ' + str(error))
    print(json.dumps(told, separators=(',', ':')), flush=True)
`
