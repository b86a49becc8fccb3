/** What `npm start` prints once the server is up. */

/** The port that `hi` expects a store at when nobody tells it another. */
export const defaultPort = 8788;

export interface BannerFacts {
  readonly url: string;
  readonly mode: "live" | "prototype";
  readonly stateDir: string;
}

/** The links, and commands that work as they are printed. */
export function describeServer({ url, mode, stateDir }: BannerFacts): string {
  const isLive = mode === "live";
  const place = url === `http://localhost:${defaultPort}` ? "" : ` --url ${url}`;
  return `
  Hi Stranger is up (${isLive ? "LIVE: D1" : "prototype: KV"})

  Web app        ${url}
  API reference  ${url}/api/docs${isLive ? `\n  Mailbox        ${url}/dev/mailbox` : ""}
  Data           ${stateDir}

  ${isLive ? `A token:       npx hi token create${place}` : "Reads are open; writes take the secret in apps/edge/.dev.vars"}
  Stop:          Ctrl-C
`;
}
