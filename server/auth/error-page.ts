/**
 * The page shown when an authorization request cannot be answered with a redirect (unknown client, wrong redirect URI).
 * It says what is wrong in words of OAuth for the one who integrates, and in Norwegian for the one who reads it.
 */
import type { KoaContext } from 'oidc-provider';

/** Writes the error as a small HTML page; the library has set the status. */
export async function renderErrorPage(ctx: KoaContext, out: { error: string; error_description?: string }): Promise<void> {
  ctx.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
  ctx.type = 'html';
  ctx.body = `<!doctype html>
<html lang="nb">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Appen kunne ikke åpnes</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; color: #16232e; background: #fff; margin: 2rem; max-width: 40rem } code { font-size: .95rem }</style>
<main>
<h1>Appen kunne ikke åpnes</h1>
<p>Åpne appen på nytt fra journalsystemet. Skjer det igjen, gi teksten under til den som drifter systemet.</p>
<p lang="en"><code>${escapeHtml(out.error)}</code>: ${escapeHtml(out.error_description ?? '')}</p>
</main>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
