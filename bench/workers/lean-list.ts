/** The least that can answer `GET /?after=…` with a page from D1: no framework, no token, no check. */
const limit = 100;

export default {
  async fetch(request, env) {
    const after = new URL(request.url).searchParams.get("after") ?? "";
    const { results } = await env.DB.prepare(
      "SELECT profile_id, body FROM profiles WHERE profile_id > ?1 ORDER BY profile_id LIMIT ?2",
    )
      .bind(after, limit + 1)
      .all<{ profile_id: string; body: string }>();
    const page = results.slice(0, limit);
    const next = results.length > limit ? page.at(-1)?.profile_id : null;
    const items = page.map(({ body }) => body).join(",");
    return new Response(`{"items":[${items}],"next":${JSON.stringify(next)}}`, {
      headers: { "Content-Type": "application/json" },
    });
  },
} satisfies ExportedHandler<{ DB: D1Database }>;
