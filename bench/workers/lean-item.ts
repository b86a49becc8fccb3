/** The least that can answer `GET /?id=…` from D1: no framework, no token, no check. */
export default {
  async fetch(request, env) {
    const id = new URL(request.url).searchParams.get("id");
    const row = await env.DB.prepare("SELECT body FROM profiles WHERE profile_id = ?1")
      .bind(id)
      .first<{ body: string }>();
    if (!row) return new Response(null, { status: 404 });
    return new Response(row.body, { headers: { "Content-Type": "application/json" } });
  },
} satisfies ExportedHandler<{ DB: D1Database }>;
