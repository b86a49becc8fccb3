/** How many code points `text` has, as the schema counts; core's own counter would bring the schema along. */
export function codePointCountOf(text: string): number {
  return [...text].length;
}
