/** `GET /dev/mailbox`: the mails of a local server, as a page or as JSON. Deployments have no such route. */
import { jsonAnswer } from "../http/answers.ts";
import { escapeHtml } from "../http/escape-html.ts";
import type { Outbox } from "../mail/outbox.ts";

export const mailboxPath = "/dev/mailbox";

type Delivered = ReturnType<Outbox["list"]>[number];

/** Answers JSON to those who ask for it, else the page. Newest first. */
export function answerMailbox(request: Request, outbox: Outbox): Response {
  const mails = outbox.list();
  if ((request.headers.get("Accept") ?? "").includes("application/json")) {
    const listed = mails.map(({ to, subject, link, token, at }) => ({
      to,
      subject,
      link,
      token,
      at,
    }));
    return jsonAnswer(listed);
  }
  const nonce = crypto.randomUUID();
  return new Response(renderPage(mails, nonce), {
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    },
  });
}

function renderPage(mails: readonly Delivered[], nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Mailbox · Hi Stranger</title>
<style nonce="${nonce}">body{font:1rem/1.5 system-ui,sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem}article{border-top:1px solid;padding:1rem 0}p{overflow-wrap:anywhere;white-space:pre-line}</style>
</head>
<body>
<main>
<h1>Mailbox</h1>
<p>What this local server would have sent, in memory until it stops.</p>
${mails.length === 0 ? "<p>No mail yet.</p>" : mails.map(renderMail).join("\n")}
</main>
</body>
</html>
`;
}

function renderMail({ to, subject, text, link, at }: Delivered): string {
  return `<article>
<h2>${escapeHtml(subject)}</h2>
<p>To ${escapeHtml(to)}, <time datetime="${at}">${at}</time></p>
<p>${escapeHtml(text)}</p>
<p><a href="${escapeHtml(link)}">Open the link</a></p>
</article>`;
}
