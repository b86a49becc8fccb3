/** A Worker of Hono and one route. */
import { Hono } from "hono";

const app = new Hono();
app.get("/api/ping", (c) => c.text("hello"));

export default app satisfies ExportedHandler;
