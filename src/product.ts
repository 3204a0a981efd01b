import type { Case } from './case.ts'
import type { Inventory } from './census.ts'
import type { KnownDeviation } from './deviation.ts'
import type { Clock, Driver } from './driver.ts'
import type { InstanceInfo } from './instance.ts'
import type { ProductName, Rules, Statement } from './rule.ts'
import type { Vault } from './secret.ts'

/** What is promised of one product, and how it is probed: data, and one driver. */
export interface Suite<Product extends string = ProductName> {
  readonly product: Product
  readonly rules: Rules<Product>
  readonly statements: readonly Statement[]
  /** Tables by title, in the order in which they run. */
  readonly tables: Readonly<Record<string, readonly Case[]>>
  readonly deviations: readonly KnownDeviation<Product>[]
  /** What is known of the product as a whole, so that what a server has beside that is noticed. */
  readonly inventory?: Inventory
  /**
   * With `observing` its driver plants nothing, in no case: `prepare` throws `NotHere` where a probe is about something planted.
   */
  connect(instance: InstanceInfo<Product>, tools: DriverTools): Promise<Driver>
}

export interface DriverTools {
  readonly vault: Vault
  readonly clock: Clock
  readonly observing?: boolean
}

export const casesOf = (suite: Pick<Suite, 'tables'>): readonly Case[] => Object.values(suite.tables).flat()
