import { announcement } from "../state/announcer.ts";

export function LiveRegion() {
  return (
    <p class="visually-hidden" aria-live="polite" aria-atomic="true" data-announcer>
      {announcement.value}
    </p>
  );
}
