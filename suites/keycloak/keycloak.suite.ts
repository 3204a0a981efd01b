import { registerSuite } from '../register.ts'
import { keycloakSuite } from './suite.ts'

registerSuite(keycloakSuite)
