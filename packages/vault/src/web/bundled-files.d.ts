/** What the bundler answers with for an import that asks for an address. */

declare module "*.wasm?url&no-inline" {
  const address: string;
  export default address;
}

declare module "*?worker&url" {
  const address: string;
  export default address;
}
