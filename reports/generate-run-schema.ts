import { writeFile } from 'node:fs/promises'
import { runJsonSchema } from './run-schema.ts'

await writeFile(new URL('run.schema.json', import.meta.url), runJsonSchema())
