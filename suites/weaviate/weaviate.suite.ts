import { registerSuite } from '../register.ts'
import { weaviateSuite } from './suite.ts'

registerSuite(weaviateSuite)
