import { registerSuite } from '../register.ts'
import { milvusSuite } from './suite.ts'

registerSuite(milvusSuite)
