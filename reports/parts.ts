/** A text as a writer makes it: whole, or in parts, so that nobody holds all of it. */
export type Content = string | Iterable<string> | AsyncIterable<string>

const CHARACTERS_AT_ONCE = 1 << 18

/** The same text in parts that are worth a call to the file system. */
export async function* batches(content: Content): AsyncGenerator<string> {
  if (typeof content === 'string') return yield content
  let waiting = ''
  for await (const part of content) {
    waiting += part
    if (waiting.length < CHARACTERS_AT_ONCE) continue
    yield waiting
    waiting = ''
  }
  yield waiting
}

export async function whole(content: Content): Promise<string> {
  let text = ''
  for await (const part of batches(content)) text += part
  return text
}
