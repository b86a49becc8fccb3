/** The reference page at `/api/docs`: the contract as plain HTML, without a script. */
import { type ActionRule, type Reach, ruleOf } from "@hi-stranger/core/contract/actions";
import { commonErrors, errorsOf, mayNeedCsrf } from "@hi-stranger/core/contract/openapi";
import { headersOf, tellRepeat } from "@hi-stranger/core/contract/idempotency";
import type { Route } from "@hi-stranger/core/contract/route";
import { errorKindsByCode } from "@hi-stranger/core/errors";
import { version } from "@hi-stranger/core/version";
import { escapeHtml } from "./escape-html.ts";

interface FieldSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
}

/** Renders `routes`. `nonce` lets the page's own style through its Content-Security-Policy. */
export function renderReference(routes: readonly Route[], nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>API reference · Hi Stranger</title>
<style nonce="${nonce}">${styles}</style>
</head>
<body>
<header>
<h1>Hi Stranger API</h1>
<p>Version ${version}. The same as data: <a href="/api/openapi.json">OpenAPI 3.1</a>. The record: <a href="/schemas/user_profile.v1.schema.json">user_profile.v1</a>.</p>
<nav aria-label="Endpoints"><ul>${routes.map(renderLink).join("")}<li><a href="#problems">Problems</a></li></ul></nav>
</header>
<main>
${routes.map(renderRoute).join("\n")}
<section aria-labelledby="problems">
<h2 id="problems">Problems</h2>
<p>Errors are <code>application/problem+json</code> (RFC 9457) with a stable <code>code</code>. Any endpoint may answer ${commonErrors.map(renderCode).join(", ")}; an unknown method gets 405 with <code>Allow</code>.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="problems"><table>
<thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Meaning</th></tr></thead>
<tbody>${Object.entries(errorKindsByCode)
    .map(
      ([code, { status, title }]) =>
        `<tr id="problem-${code}"><th scope="row"><code>${code}</code></th><td>${status}</td><td>${escapeHtml(title)}</td></tr>`,
    )
    .join("")}</tbody>
</table></div>
</section>
</main>
</body>
</html>
`;
}

function renderLink(route: Route): string {
  return `<li><a href="#${route.id}"><b>${route.method}</b> ${escapeHtml(route.path)}</a></li>`;
}

function renderRoute(route: Route): string {
  const fields = [
    ...renderFields("path", route.params),
    ...renderFields("query", route.query),
    ...renderFields("header", headersOf(route)),
  ];
  const answers = Object.entries(route.answers).map(
    ([status, { description }]) => `<li><b>${status}</b> ${renderText(description)}</li>`,
  );
  return `<section aria-labelledby="${route.id}">
<h2 id="${route.id}"><b>${route.method}</b> ${escapeHtml(route.path)}</h2>
<p>${renderText(route.summary)}. ${renderText(route.description ?? "")}</p>
${route.aliases ? `<p>Also at ${route.aliases.map(renderCode).join(", ")}.</p>` : ""}
<p>${renderAccess(route)}${renderBody(route)} ${renderText(tellRepeat(route) ?? "")}</p>
${fields.length > 0 ? `<dl>${fields.join("")}</dl>` : ""}
<ul>${answers.join("")}</ul>
<p>Problems: ${errorsOf(route).map(renderProblemLink).join(", ")}.</p>
</section>`;
}

function renderAccess(route: Route): string {
  const rule = ruleOf(route.action);
  if (rule.isOpen) return "Open to all.";
  const exception = rule.isOpenInPrototype ? " The local prototype asks for none." : "";
  const csrf = mayNeedCsrf(route) ? ` People send ${renderCode("X-CSRF-Token")} with it.` : "";
  return `Needs ${waysIn(rule).join(", or ")}.${csrf}${exception}`;
}

function waysIn({ scope, operator, person, admin }: ActionRule): string[] {
  const forOwn = (reach: Reach | undefined) => (reach === "own" ? " for what is their own" : "");
  return [
    ...(scope === undefined ? [] : [`a token with the scope ${renderCode(scope)}`]),
    ...(operator ? ["the operator's secret"] : []),
    ...(person === undefined ? [] : [`a person who is signed in${forOwn(person)}`]),
    ...(admin === undefined || person === "any" ? [] : ["an admin"]),
  ];
}

function renderBody({ body }: Route): string {
  if (!body) return "";
  const unpacked =
    body.maxUnpackedBytes === undefined ? "" : `, ${body.maxUnpackedBytes / 1e6} MB unpacked`;
  const size = body.maxBytes < 1e6 ? `${body.maxBytes} bytes` : `${body.maxBytes / 1e6} MB`;
  return ` Takes ${body.contentTypes.map(renderCode).join(" or ")}, ${size} at most${unpacked}.`;
}

function renderFields(place: string, schema: Route["query"]): string[] {
  if (!schema) return [];
  const required = new Set<string>(schema.required ?? []);
  return Object.entries(schema.properties as Record<string, FieldSchema>).map(([name, field]) => {
    const facts = [place, ...(required.has(name) ? ["required"] : []), ...factsOf(field)];
    return `<dt><code>${escapeHtml(name)}</code> <small>${escapeHtml(facts.join(", "))}</small></dt><dd>${renderText(field.description ?? "")}</dd>`;
  });
}

function factsOf(field: FieldSchema): string[] {
  const facts: string[] = [];
  if (field.enum) facts.push(field.enum.join(" | "));
  else if (field.type !== undefined) facts.push(field.type);
  if (field.minimum !== undefined && field.maximum !== undefined) {
    facts.push(`${field.minimum} to ${field.maximum}`);
  }
  if (field.default !== undefined) facts.push(`default ${JSON.stringify(field.default)}`);
  return facts;
}

function renderProblemLink(code: string): string {
  return `<a href="#problem-${code}"><code>${code}</code></a>`;
}

function renderCode(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}

/** Text in which backquotes mark code. */
function renderText(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

const styles = `
:root { color-scheme: light dark; font: 1rem/1.55 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; color: light-dark(#1c1b22, #ecebf2); background: light-dark(#fbfaf8, #17161c); }
a { color: light-dark(#3b3f9e, #b7baff); }
h2 { margin-top: 3rem; font-size: 1.15rem; font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
h2 b, nav b { color: light-dark(#8a3b12, #ffb38a); }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
nav ul { list-style: none; padding: 0; columns: 20rem; }
nav a { display: inline-block; min-height: 2.75rem; }
dt { margin-top: .6rem; } dd { margin-left: 1.25rem; }
table { border-collapse: collapse; } th, td { text-align: start; padding: .35rem .75rem; border-bottom: 1px solid light-dark(#dcd9e2, #3a3844); }
.scroll { overflow-x: auto; }
:focus-visible { outline: 3px solid light-dark(#3b3f9e, #b7baff); outline-offset: 2px; }
tr:target { background: light-dark(#fff0c9, #4a3d10); }
`;
