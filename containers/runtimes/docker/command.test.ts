import { execa } from 'execa'
import { expect, test } from 'vitest'
import type { DockerRecipe, Launch } from '../../server.ts'
import { commandOf } from './command.ts'

const recipe: DockerRecipe = { repository: 'example/none', folder: '/assay', command: ['server'] }
const launch: Launch = { files: {}, args: ['--port', '1'], env: {}, facts: {} }

test("a recipe's command comes before the launch's arguments, and the image's entry point stays", () => {
  expect(commandOf(recipe, launch, ['/tini', '--'])).toEqual({ command: ['server', '--port', '1'] })
})

test('nothing said leaves the image as it is', () => {
  expect(commandOf({ ...recipe, command: [] }, { ...launch, args: [] }, ['/tini'])).toEqual({})
})

test('what comes before runs first, word for word, and the server only where it worked', async () => {
  const awkward = ['a b', "it's", '$HOME', '']
  const print = { ...recipe, entrypoint: ['printf'], command: ['[%s]'] }
  const { entrypoint = [], command = [] } = commandOf(print, { ...launch, args: ['last'], before: [awkward] }, [])
  expect((await execa(entrypoint[0] ?? '', [...entrypoint.slice(1), ...command])).stdout).toBe("[a b][it's][$HOME][][last]")
  const failing = commandOf({ ...recipe, entrypoint: ['sh', '-c'], command: [] }, { ...launch, args: ['echo reached'], before: [['exit 3']] }, [])
  expect(await execa('/bin/sh', ['-ec', ...(failing.command ?? [])], { reject: false })).toMatchObject({ exitCode: 3, stdout: '' })
})
