/** Arrow keys, Home and End in a grid of cards. Tab goes through them as ever. */
export function moveBetweenCards(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const grid = event.currentTarget as HTMLElement;
  const links = [...grid.querySelectorAll<HTMLAnchorElement>(".card-name a")];
  const here = links.indexOf(document.activeElement as HTMLAnchorElement);
  const next = here === -1 ? undefined : links[nextIndex(event.key, here, links)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function nextIndex(key: string, here: number, links: readonly HTMLElement[]): number {
  const [left, right] =
    document.documentElement.dir === "rtl"
      ? ["ArrowRight", "ArrowLeft"]
      : ["ArrowLeft", "ArrowRight"];
  const columns = countColumns(links);
  if (key === right) return here + 1;
  if (key === left) return here - 1;
  if (key === "ArrowDown") return here + columns;
  if (key === "ArrowUp") return here - columns;
  if (key === "Home") return 0;
  if (key === "End") return links.length - 1;
  return -1;
}

/** How many cards stand in the first row. */
function countColumns(links: readonly HTMLElement[]): number {
  const tops = links.map((link) => link.closest("li")?.offsetTop);
  return Math.max(1, tops.filter((top) => top === tops[0]).length);
}
