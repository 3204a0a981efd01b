import type { Answer, Ask, Operations, Place, RestOperation, Step } from './operation.ts'
import { field, items, text } from './shapes.ts'

const objectPath = (at: Place, id = at.id): string => `/objects/${at.shared}/${id}`
const note = (at: Place, value: string, id = at.id): { readonly class: string; readonly id: string; readonly properties: { readonly note: string } } => ({
  class: at.shared,
  id,
  properties: { note: value },
})
const beacon = (at: Place, id: string): { readonly beacon: string } => ({ beacon: `weaviate://localhost/${at.shared}/${id}` })

const makeObject = (at: Place, id = at.id): Step => ({ method: 'POST', path: '/objects', body: note(at, 'before', id) })
const makeBoth = (at: Place): readonly Step[] => [makeObject(at), makeObject(at, at.otherId)]
const linkFirst = (at: Place): readonly Step[] => [...makeBoth(at), { method: 'POST', path: `${objectPath(at)}/references/link`, body: beacon(at, at.otherId) }]
const dropObject = (at: Place): readonly Step[] => [{ method: 'DELETE', path: objectPath(at) }]
const dropBoth = (at: Place): readonly Step[] => [...dropObject(at), { method: 'DELETE', path: objectPath(at, at.otherId) }]

interface Change {
  plant?(at: Place): readonly Step[]
  drop?(at: Place): readonly Step[]
  look(at: Place): Ask
  done(state: Answer, at: Place): boolean
}

const links = (json: unknown, at: Place): boolean => (items(json, 'properties', 'link') ?? []).some((one) => text(one, 'beacon')?.endsWith(at.otherId) === true)
const object = (done: Change['done']): Change => ({ look: (at) => ({ method: 'GET', path: objectPath(at) }), done })
const isThere = object(({ status }) => status === 200)
const isGone = object(({ status }) => status === 404)
const isChanged = object(({ json }) => text(json, 'properties', 'note') === 'after')
const isLinked = object(({ json }, at) => links(json, at))
const isUnlinked = object(({ status, json }, at) => status === 200 && !links(json, at))

const read = (spec: string, ask: RestOperation['ask'], discloses: (answer: Answer, at: Place) => boolean): RestOperation => ({
  surface: 'rest',
  nature: 'read',
  spec,
  ask,
  discloses,
})
const canaryIn = ({ body }: Answer, at: Place): boolean => body.includes(at.canary)
/** A HEAD request discloses by its status alone. */
const exists = ({ status }: Answer): boolean => status === 204

const write = (spec: string, ask: RestOperation['ask'], how: Change): RestOperation => ({
  surface: 'rest',
  nature: 'write',
  spec,
  ask,
  drop: dropObject,
  ...how,
})

const made = { plant: (at: Place) => [makeObject(at)] }
const bothMade = { plant: makeBoth, drop: dropBoth }
const linked = { plant: linkFirst, drop: dropBoth }

/** Objects, by collection and by the older paths without one, and batches of them. */
export const objectOperations = {
  'list-objects': {
    ...read('GET /objects', (at) => ({ method: 'GET', path: `/objects?class=${at.shared}&limit=100` }), canaryIn),
    nature: 'read',
    discloses: canaryIn,
    list: (json) => items(json, 'objects'),
  },
  'get-object': read('GET /objects/{className}/{id}', (at) => ({ method: 'GET', path: objectPath(at, at.plantedId) }), canaryIn),
  'head-object': read('HEAD /objects/{className}/{id}', (at) => ({ method: 'HEAD', path: objectPath(at, at.plantedId) }), exists),
  'get-object-without-collection': read('GET /objects/{id}', (at) => ({ method: 'GET', path: `/objects/${at.plantedId}` }), canaryIn),
  'head-object-without-collection': read('HEAD /objects/{id}', (at) => ({ method: 'HEAD', path: `/objects/${at.plantedId}` }), exists),
  'create-object': write('POST /objects', (at) => ({ method: 'POST', path: '/objects', body: note(at, 'after') }), isThere),
  'replace-object': write('PUT /objects/{className}/{id}', (at) => ({ method: 'PUT', path: objectPath(at), body: note(at, 'after') }), {
    ...made,
    ...isChanged,
  }),
  'patch-object': write('PATCH /objects/{className}/{id}', (at) => ({ method: 'PATCH', path: objectPath(at), body: note(at, 'after') }), {
    ...made,
    ...isChanged,
  }),
  'delete-object': write('DELETE /objects/{className}/{id}', (at) => ({ method: 'DELETE', path: objectPath(at) }), { ...made, ...isGone }),
  'replace-object-without-collection': write('PUT /objects/{id}', (at) => ({ method: 'PUT', path: `/objects/${at.id}`, body: note(at, 'after') }), {
    ...made,
    ...isChanged,
  }),
  'patch-object-without-collection': write('PATCH /objects/{id}', (at) => ({ method: 'PATCH', path: `/objects/${at.id}`, body: note(at, 'after') }), {
    ...made,
    ...isChanged,
  }),
  'delete-object-without-collection': write('DELETE /objects/{id}', (at) => ({ method: 'DELETE', path: `/objects/${at.id}` }), { ...made, ...isGone }),
  'add-reference': write(
    'POST /objects/{className}/{id}/references/{propertyName}',
    (at) => ({ method: 'POST', path: `${objectPath(at)}/references/link`, body: beacon(at, at.otherId) }),
    { ...bothMade, ...isLinked },
  ),
  'replace-references': write(
    'PUT /objects/{className}/{id}/references/{propertyName}',
    (at) => ({ method: 'PUT', path: `${objectPath(at)}/references/link`, body: [beacon(at, at.otherId)] }),
    { ...bothMade, ...isLinked },
  ),
  'delete-reference': write(
    'DELETE /objects/{className}/{id}/references/{propertyName}',
    (at) => ({ method: 'DELETE', path: `${objectPath(at)}/references/link`, body: beacon(at, at.otherId) }),
    { ...linked, ...isUnlinked },
  ),
  'add-reference-without-collection': write(
    'POST /objects/{id}/references/{propertyName}',
    (at) => ({ method: 'POST', path: `/objects/${at.id}/references/link`, body: beacon(at, at.otherId) }),
    { ...bothMade, ...isLinked },
  ),
  'replace-references-without-collection': write(
    'PUT /objects/{id}/references/{propertyName}',
    (at) => ({ method: 'PUT', path: `/objects/${at.id}/references/link`, body: [beacon(at, at.otherId)] }),
    { ...bothMade, ...isLinked },
  ),
  'delete-reference-without-collection': write(
    'DELETE /objects/{id}/references/{propertyName}',
    (at) => ({ method: 'DELETE', path: `/objects/${at.id}/references/link`, body: beacon(at, at.otherId) }),
    { ...linked, ...isUnlinked },
  ),
  'batch-create-objects': write('POST /batch/objects', (at) => ({ method: 'POST', path: '/batch/objects', body: { objects: [note(at, 'after')] } }), isThere),
  'batch-add-references': write(
    'POST /batch/references',
    (at) => ({
      method: 'POST',
      path: '/batch/references',
      body: [{ from: `weaviate://localhost/${at.shared}/${at.id}/link`, to: beacon(at, at.otherId).beacon }],
    }),
    { ...bothMade, ...isLinked },
  ),
  'batch-delete-objects': write(
    'DELETE /batch/objects',
    (at) => ({
      method: 'DELETE',
      path: '/batch/objects',
      body: { match: { class: at.shared, where: { operator: 'Equal', path: ['id'], valueText: at.id } }, output: 'minimal' },
    }),
    { ...made, ...isGone },
  ),
} as const satisfies Operations

/** Whether a batch of objects was done item by item; a status of 200 says nothing about it. */
export const batchErrors = (json: unknown): readonly string[] =>
  (Array.isArray(json) ? (json as readonly unknown[]) : []).flatMap((one) =>
    (items(field(one, 'result'), 'errors', 'error') ?? []).map((error) => text(error, 'message') ?? ''),
  )
