/** Where the person was before they connected or signed in: an address of ours, or else `fallback`. */
export function nextUrl(next: string | undefined, fallback: string): string {
  const isOurs = next !== undefined && /^\/(?![/\\])/.test(next);
  return isOurs && !/^\/(?:connect|sign-in)\b/.test(next) ? next : fallback;
}
