declare module 'jsonld' {
  interface Options {
    readonly safe?: boolean
    readonly documentLoader?: (url: string) => Promise<never>
  }
  const jsonld: { expand(document: object, options: Options): Promise<readonly object[]> }
  export default jsonld
}
