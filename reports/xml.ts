import { visible } from './visible.ts'

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;', '\t': '&#9;' }

/** Text for element content of XML 1.0; what XML cannot carry is shown as pictures. */
export const xmlText = (text: string): string => visible(text).replace(/[&<>]/g, entity)

/** Text for a double-quoted attribute value, with its line feeds kept. */
const xmlAttribute = (text: string): string => visible(text).replace(/[&<>"\n\t]/g, entity)

/** An element; attributes that are `undefined` are left out. `children` are elements or escaped text. */
export function element(name: string, attributes: Readonly<Record<string, string | number | undefined>>, children: readonly string[] = []): string {
  const written = Object.entries(attributes)
    .flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${xmlAttribute(String(value))}"`]))
    .join('')
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`
}

const entity = (character: string): string => entities[character] ?? character
