/** Where the bundler puts the measuring worker's script. */
// eslint-disable-next-line import/default -- The bundler answers with the address of what it built.
import url from "../worker/vault-worker-bench.ts?worker&url";

export const benchWorkerUrl: string = url;
