/** A Worker that does nothing: what its neighbours' start is compared with, and the ceiling of the load. */
export default {
  fetch: () => new Response("hello"),
} satisfies ExportedHandler;
