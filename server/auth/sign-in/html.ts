/** HTML written with care: whatever is put into a template is escaped, unless it is HTML made by a template. */

/** A piece of HTML that is safe to send. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | readonly Html[] | undefined;

/** A tagged template for HTML: values are escaped, nested templates and lists of them are put in as they are. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const written = parts.map((part) => {
    if (part === undefined) return '';
    if (part instanceof Html) return part.text;
    return Array.isArray(part) ? part.map((piece: Html) => piece.text).join('') : escapeText(String(part));
  });
  return new Html(String.raw({ raw: strings }, ...written));
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
