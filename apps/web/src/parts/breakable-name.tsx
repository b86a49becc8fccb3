/** A name that, where it must break, breaks before its number rather than inside it. */
export function BreakableName({ name }: { readonly name: string }) {
  const [first, ...rest] = name.split(/(?<=\p{L})(?=\d)/u);
  return (
    <>
      {first}
      {rest.map((part, index) => (
        <span key={index}>
          <wbr />
          {part}
        </span>
      ))}
    </>
  );
}
