/** Line icons, drawn on a grid of 24. They are decoration: the text beside them says it. */
const paths = {
  alert:
    "M12 8v5m0 3.5v.01M10.3 3.9 2.4 17.5A2 2 0 0 0 4.1 20.5h15.8a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0Z",
  check: "m5 12.5 4.5 4.5L19 7.5",
  close: "m6 6 12 12M18 6 6 18",
  cloud: "M7 18.5a4.5 4.5 0 0 1-.6-8.96A6 6 0 0 1 17.9 9.1 4.7 4.7 0 0 1 17.5 18.5Z",
  copy: "M9 9h10v11H9zM5 15V4h10",
  device: "M4 5h16v11H4zM2 19.5h20M10 16v3.5M14 16v3.5",
  download: "M12 4v11m-4.5-4L12 15.5 16.5 11M5 20h14",
  edit: "m4 20 1-4.5L16 4.5l3.5 3.5L8.5 19 4 20Zm10-13.5 3.5 3.5",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Zm9.5 2.75a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5Z",
  filter: "M4 6h16M7 12h10M10 18h4",
  offline:
    "m4 4 16 16M8.5 8.6A8.6 8.6 0 0 0 5 11m4.2 3.3a4.4 4.4 0 0 1 5.6 0M12 18.5v.01M12.5 8.1A8.6 8.6 0 0 1 19 11",
  pause: "M9 6v12M15 6v12",
  key: "M15 12.5a4.5 4.5 0 1 0-4-2.4L3.5 17.6V20.5h3v-2.2h2.2v-2.2h2.2l2-2a4.5 4.5 0 0 0 2.1-1.6ZM16 8v.01",
  leave: "M14 4H5v16h9M10 12h10.5m-4-4 4 4-4 4",
  lock: "M6 11h12v9.5H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11",
  mail: "M3.5 5.5h17v13h-17zM4 6.5l8 6.5 8-6.5",
  person: "M12 12.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.6-3.6 3.4-5.5 7.5-5.5s6.9 1.9 7.5 5.5",
  play: "M8 5.5v13l10.5-6.5Z",
  plus: "M12 5v14M5 12h14",
  sliders:
    "M4 8h9m5 0h2M4 16h2m5 0h9M15.5 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm-7 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  trash: "M5 7h14M10 7V4.5h4V7m-7.5 0 1 12.5h9l1-12.5M10.5 10.5v6M13.5 10.5v6",
  twins: "M9 15.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11Zm6 4a5.5 5.5 0 1 0 0-11",
  upload: "M12 15.5v-11M7.5 9 12 4.5 16.5 9M5 20h14",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
