import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { helpOf, overviewOf, SCREEN, type Command } from './command.ts'
import { commandNames, commands, everyday } from './commands.ts'
import { bashCompletion, fishCompletion, zshCompletion } from './completion.ts'

const table: Readonly<Record<string, Command>> = Object.fromEntries(
  await Promise.all(Object.entries(commands).map(async ([name, load]) => [name, await load()])),
)

/** What a real bash offers for a line of words, the last of them begun. */
function bashOffers(...words: readonly string[]): readonly string[] {
  const program = `${bashCompletion(table)}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _assay; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', program], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.trim().split('\n')
}

test('a real bash offers the commands, the options of one, and the values of an option', () => {
  expect(bashOffers('assay', 're')).toEqual(expect.arrayContaining(['replay', 'report']))
  expect(bashOffers('assay', 'run', '--ti')).toEqual(['--tier'])
  expect(bashOffers('assay', 'run', '--tier', '')).toEqual(['core', 'full'])
  expect(bashOffers('assay', 'run', '--tier', 'core', '--ba')).toEqual(['--bail'])
})

test.each([
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
])('for %s every option of every command is named, and each quotation mark is closed', (_shell, write) => {
  const text = write(table)
  const missing = Object.entries(table).flatMap(([name, { options }]) =>
    Object.keys(options)
      .filter((option) => !text.includes(option))
      .map((option) => `${name} ${option}`),
  )
  expect(missing).toEqual([])
  // What is used of either shell here, bash can parse too.
  const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
})

/** What is too wide or too long for a screen; one line is for the prompt that follows. */
function tooLarge(text: string): readonly string[] {
  const lines = text.split('\n')
  return [...lines.filter((line) => line.length > SCREEN.columns), ...lines.slice(SCREEN.lines - 1)]
}

test.each(Object.entries(table))('the help of %s fits a screen of 80 by 24', (name, command) => {
  expect(tooLarge(helpOf(name, command))).toEqual([])
})

test('so does the overview, which names every command', () => {
  const text = overviewOf(table, everyday)
  expect(tooLarge(text)).toEqual([])
  expect(commandNames.filter((name) => !text.includes(name))).toEqual([])
})
