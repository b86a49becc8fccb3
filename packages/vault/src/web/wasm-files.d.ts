/** The address of a file of WebAssembly, which the bundler puts out as a file of its own. */
declare module "*.wasm?url&no-inline" {
  const address: string;
  export default address;
}
