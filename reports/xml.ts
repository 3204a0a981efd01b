import { visible } from './visible.ts'

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;', '\t': '&#9;' }

/** Text for element content of XML 1.0; what XML cannot carry is shown as pictures. */
export const xmlText = (text: string): string => visible(text).replace(/[&<>]/g, entity)

/** Text for a double-quoted attribute value, with its line feeds kept. */
const xmlAttribute = (text: string): string => visible(text).replace(/[&<>"\n\t]/g, entity)

type Attributes = Readonly<Record<string, string | number | undefined>>

/** An element; attributes that are `undefined` are left out. `children` are elements or escaped text. */
export function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  return children.length === 0 ? `<${name}${written(attributes)}/>` : `${openTag(name, attributes)}${children.join('')}</${name}>`
}

/** The start of an element whose children follow. */
export const openTag = (name: string, attributes: Attributes): string => `<${name}${written(attributes)}>`

const written = (attributes: Attributes): string =>
  Object.entries(attributes)
    .flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${xmlAttribute(String(value))}"`]))
    .join('')

const entity = (character: string): string => entities[character] ?? character
