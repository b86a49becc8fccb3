import type { ComponentChildren } from "preact";
import { Logo } from "./logo.tsx";

interface Props {
  readonly title: string;
  readonly text: string;
  readonly children?: ComponentChildren;
}

/** An empty place says why it is empty and what fills it. */
export function Empty({ title, text, children }: Props) {
  return (
    <div class="empty">
      <Logo />
      <h2>{title}</h2>
      <p>{text}</p>
      {children && <div class="actions">{children}</div>}
    </div>
  );
}
