import type { DockerRecipe, Launch } from '../../server.ts'

/** What the container runs; where a part is absent, the image's own holds. */
export interface ContainerCommand {
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
}

/** The recipe's command and then the launch's arguments; commands that come before it make it a shell's errand. */
export function commandOf(recipe: DockerRecipe, launch: Launch, imageEntrypoint: readonly string[]): ContainerCommand {
  const command = [...recipe.command, ...launch.args]
  if (launch.before === undefined || launch.before.length === 0) {
    return { ...(recipe.entrypoint === undefined ? {} : { entrypoint: recipe.entrypoint }), ...(command.length === 0 ? {} : { command }) }
  }
  const program = [...(recipe.entrypoint ?? imageEntrypoint), ...recipe.command]
  const lines = [...launch.before.map((args) => shellLine([...program, ...args])), `exec ${shellLine([...program, ...launch.args])}`]
  return { entrypoint: ['/bin/sh', '-ec'], command: [lines.join('\n')] }
}

const shellLine = (words: readonly string[]): string => words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
