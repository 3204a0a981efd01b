import { registerSuite } from '../register.ts'
import { qdrantSuite } from './suite.ts'

registerSuite(qdrantSuite)
