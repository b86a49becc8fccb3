/** Which persona a person acts as. */

/**
 * The persona that the header `HS-Persona` names, or the only one there is; null when it names none
 * and there isn't just one. `undefined` when it names one that is not the person's.
 */
export function chooseActingPersona(
  personas: readonly string[],
  named: string | null,
): string | null | undefined {
  if (named !== null) return personas.includes(named) ? named : undefined;
  const [only = null, ...others] = personas;
  return others.length === 0 ? only : null;
}
