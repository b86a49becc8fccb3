/**
 * Whether two byte strings are equal, in a time that depends on their length alone. JavaScript gives
 * no stronger promise than that no branch and no index depends on a value.
 */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index++) {
    difference |= (left[index] ?? 0) ^ (right[index] ?? 0);
  }
  return difference === 0;
}
