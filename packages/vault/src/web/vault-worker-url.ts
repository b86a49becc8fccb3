/** Where the bundler puts the worker's script: as `assets/vault-worker-<hash>.js`. */
// eslint-disable-next-line import/default -- The bundler answers with the address of what it built.
import url from "./vault-worker.ts?worker&url";

export const vaultWorkerUrl: string = url;
