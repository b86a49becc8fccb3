/** The frame of every screen: its title, for the tab and for the reader, and where focus goes. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { announce } from "../state/announcer.ts";

interface Props {
  readonly title: string;
  /** What the heading shows when that is more than the title. */
  readonly heading?: ComponentChildren;
  readonly lead?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly width?: "narrow" | "wide";
  readonly children: ComponentChildren;
}

/** The page's own load leaves focus where the browser puts it. */
let isFirstScreen = true;

export function Screen({ title, heading, lead, actions, width = "wide", children }: Props) {
  const headingRef = useRef<HTMLHeadingElement>(null);
  const hasMoved = useRef(false);

  useLayoutEffect(() => {
    document.title = `${title} · Hi Stranger`;
    if (!isFirstScreen) announce(title);
    if (!isFirstScreen && !hasMoved.current) headingRef.current?.focus({ preventScroll: true });
    isFirstScreen = false;
    hasMoved.current = true;
  }, [title]);

  return (
    <div class={`screen screen-${width}`}>
      <header class="screen-head">
        <div class="screen-title">
          <h1 ref={headingRef} tabIndex={-1}>
            {heading ?? title}
          </h1>
          {lead && <p class="lead">{lead}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
