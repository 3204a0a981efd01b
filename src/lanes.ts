/** A few things that do work, each one piece at a time: whoever comes first gets the first that is free. */
export class Lanes<Worker> {
  readonly #free: Worker[]
  readonly #waiting: ((worker: Worker) => void)[] = []

  constructor(workers: readonly Worker[]) {
    this.#free = [...workers]
  }

  /** Waits for a free worker, and gives it back whatever became of the work. */
  async use<Result>(work: (worker: Worker) => Promise<Result>): Promise<Result> {
    const worker = this.#free.shift() ?? (await new Promise<Worker>((resolve) => this.#waiting.push(resolve)))
    try {
      return await work(worker)
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free.push(worker)
      else next(worker)
    }
  }
}
