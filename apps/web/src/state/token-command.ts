/** The store that `hi` talks to when nobody names another. */
const defaultOrigin = "http://localhost:8788";

/** The command that makes a token for the server at `origin`, to be run as it is. */
export function tokenCommandFor(origin: string): string {
  const place = origin === defaultOrigin ? "" : ` --url ${origin}`;
  return `npx hi token create --name web --scope read,import,delete${place}`;
}
