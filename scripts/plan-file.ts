import { z } from 'zod'
import { runtimeKinds } from '../src/instance.ts'
import { productNames } from '../src/rule.ts'
import { readYamlFile } from '../src/yaml-file.ts'

const patterns = z.array(z.string().min(1)).min(1)

const planFileSchema = z.strictObject({
  /** Versions by product; an empty list takes the default version. */
  products: z.partialRecord(z.enum(productNames), z.array(z.string().regex(/^\d+\.\d+\.\d+$/, 'a version has three numbers')).readonly()).optional(),
  runtime: z.enum(['auto', ...runtimeKinds]).optional(),
  images: z.partialRecord(z.enum(productNames), z.string().min(1)).optional(),
  rules: patterns.optional(),
  cases: patterns.optional(),
  profiles: patterns.optional(),
})

export type PlanFile = z.infer<typeof planFileSchema>

/**
 * Reads a plan: YAML with `products`, `runtime`, `images`, `rules`, `cases`, `profiles`.
 *
 * @throws HarnessError `CONFIG_INVALID` with file, line and what is wrong
 */
export const readPlanFile = (path: string): PlanFile =>
  readYamlFile(path, planFileSchema, { code: 'CONFIG_INVALID', what: 'the plan', hint: 'a plan has products, runtime, images, rules, cases, profiles' }).value
