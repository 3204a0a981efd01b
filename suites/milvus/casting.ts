import type { Scope } from '../../src/driver.ts'
import type { Vault } from '../../src/secret.ts'
import { base64, type Admin } from './admin.ts'
import { passwordOf } from './inputs.ts'
import type { Account, Cast } from './principals.ts'

const ADD_USER_TO_ROLE = 0

export type Planted = Pick<Cast, 'user' | 'admin' | 'dropped' | 'outdated' | 'remade' | 'remade-before'> & {
  /** Only ever read: who sees this name has seen the list of users. */
  readonly canary: Account
  /** To whom roles are given and from whom they are taken. */
  readonly grantee: Account
}

/** The users that no case changes, made once and shared by all cases. */
export class Casting {
  readonly #admin: Admin
  readonly #vault: Vault
  #planted: Promise<Planted> | undefined
  #foo: Promise<Account> | undefined

  /** @param vault the run's: what is shared must be redacted in every case */
  constructor(admin: Admin, vault: Vault) {
    this.#admin = admin
    this.#vault = vault
  }

  /** A failure is not kept for the next case. */
  planted(scope: Scope): Promise<Planted> {
    this.#planted ??= this.#plant(scope).catch((thrown: unknown) => {
      this.#planted = undefined
      throw thrown
    })
    return this.#planted
  }

  foo(scope: Scope): Promise<Account> {
    this.#foo ??= this.#withRoleAdmin({ ...this.#account('foo', scope), username: 'foo' }, scope).catch((thrown: unknown) => {
      this.#foo = undefined
      throw thrown
    })
    return this.#foo
  }

  /** Foo as no user: who never was, or who is no more. The name is free afterwards. */
  async fooGone(state: 'never-there' | 'dropped', scope: Scope): Promise<Account> {
    const foo = { ...this.#account('foo', scope), username: 'foo' }
    if (state === 'dropped' && !(await this.#admin.isListed('foo', scope))) await this.#admin.createUser(foo, scope)
    await this.dropFoo(scope)
    if (state === 'dropped') await this.#admin.isForgotten(foo, scope)
    return foo
  }

  /** Whatever became of foo: the next case gets a new one. */
  async dropFoo(scope: Scope): Promise<void> {
    this.#foo = undefined
    await this.#admin.dropUser('foo', scope)
  }

  async #plant(scope: Scope): Promise<Planted> {
    const names = ['canary', 'grantee', 'user', 'dropped', 'outdated'] as const
    const [canary, grantee, user, dropped, outdated] = names.map((role) => this.#account(role, scope)) as [Account, Account, Account, Account, Account]
    for (const account of [canary, grantee, user, dropped, outdated]) await this.#admin.createUser(account, scope)
    const admin = await this.#withRoleAdmin(this.#account('admin', scope), scope)
    await this.#admin.dropUser(dropped.username, scope)
    await this.#changePassword(outdated, scope)
    return { canary, grantee, user, admin, dropped, outdated, ...(await this.#remade(scope)) }
  }

  async #remade(scope: Scope): Promise<Pick<Planted, 'remade' | 'remade-before'>> {
    const before = await this.#withRoleAdmin(this.#account('remade', scope), scope)
    const remade = { ...before, password: this.#vault.secret(passwordOf(undefined, `${before.username} again`), 'the password of the user made again') }
    await this.#admin.dropUser(before.username, scope)
    await this.#admin.createUser(remade, scope)
    return { remade, 'remade-before': before }
  }

  async #withRoleAdmin(account: Account, scope: Scope): Promise<Account> {
    await this.#admin.createUser(account, scope)
    await this.#admin.must('OperateUserRole', { username: account.username, roleName: 'admin', type: ADD_USER_TO_ROLE }, scope)
    return account
  }

  async #changePassword({ username, password }: Account, scope: Scope): Promise<void> {
    const next = this.#vault.secret(passwordOf(undefined, `${username} next`), `the newer password of ${username}`)
    await this.#admin.must('UpdateCredential', { username, oldPassword: base64(password.reveal()), newPassword: base64(next.reveal()) }, scope)
  }

  #account(role: string, scope: Scope): Account {
    const username = `${scope.name}${role}`
    return { username, password: this.#vault.secret(passwordOf(undefined, username), `the password of the ${role}`) }
  }
}
