/**
 * What a person can press on an HTML page without scripts: buttons of forms, and links. Pages are read well enough for
 * that, and for nothing else.
 *
 * Spec: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm
 */

type Fields = readonly (readonly [name: string, value: string])[];

export interface Pressable {
  readonly label: string;
  readonly url: string;
  /** The form that is sent; left out for a link. */
  readonly form?: Fields;
  /** Boxes of the form that are not checked. */
  readonly unchecked?: Fields;
  readonly method: 'GET' | 'POST';
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Buttons and links of a page, in order; of checkboxes those are sent that are checked. */
export function pressables(page: string, pageUrl: string): readonly Pressable[] {
  const links = [...page.matchAll(/<a\b([^>]*)>([\s\S]*?)<\/a>/gi)].flatMap(([, tag, content]) => {
    const url = URL.parse(attribute(tag!, 'href') ?? '', pageUrl);
    return url === null ? [] : [{ label: textOf(content!), url: url.href, method: 'GET' as const }];
  });
  return [...formButtons(page, pageUrl), ...links];
}

/** Every address a page leads to or shows: links, frames, and what it refreshes to. */
export function addresses(page: string, pageUrl: string): readonly URL[] {
  const found = [...page.matchAll(/<(?:a|iframe|frame|form|meta)\b([^>]*)>/gi)].flatMap(([, tag]) => [
    attribute(tag!, 'href'),
    attribute(tag!, 'src'),
    /url=(.+)$/i.exec(attribute(tag!, 'content') ?? '')?.[1],
  ]);
  return found.flatMap((address) => {
    const url = address === undefined ? null : URL.parse(address, pageUrl);
    return url === null ? [] : [url];
  });
}

function formButtons(page: string, pageUrl: string): readonly Pressable[] {
  return [...page.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].flatMap(([, tag, content]) => {
    const url = URL.parse(attribute(tag!, 'action') ?? '', pageUrl)?.href ?? pageUrl;
    const method = attribute(tag!, 'method')?.toUpperCase() === 'POST' ? ('POST' as const) : ('GET' as const);
    const { fields, unchecked } = fieldsOf(content!);
    return buttonsOf(content!).map(({ label, own }) => ({
      label,
      url,
      method,
      form: [...fields, ...own],
      ...(unchecked.length === 0 ? {} : { unchecked }),
    }));
  });
}

function fieldsOf(form: string): { readonly fields: Fields; readonly unchecked: Fields } {
  const inputs = [...form.matchAll(/<input\b([^>]*)>/gi)].flatMap(([, tag]) => {
    const name = attribute(tag!, 'name');
    const type = (attribute(tag!, 'type') ?? 'text').toLowerCase();
    if (name === undefined || ['submit', 'button', 'image', 'reset', 'file'].includes(type)) return [];
    const isBox = type === 'checkbox' || type === 'radio';
    const isSent = !isBox || attribute(tag!, 'checked') !== undefined;
    return [{ isSent, field: [name, attribute(tag!, 'value') ?? (isBox ? 'on' : '')] as const }];
  });
  const those = (sent: boolean) => inputs.filter(({ isSent }) => isSent === sent).map(({ field }) => field);
  return { fields: those(true), unchecked: those(false) };
}

function buttonsOf(form: string): readonly { readonly label: string; readonly own: readonly (readonly [string, string])[] }[] {
  const own = (tag: string) => {
    const name = attribute(tag, 'name');
    return name === undefined ? [] : [[name, attribute(tag, 'value') ?? ''] as const];
  };
  const buttons = [...form.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/gi)].map(([, tag, content]) => ({
    label: textOf(content!),
    own: own(tag!),
  }));
  const inputs = [...form.matchAll(/<input\b([^>]*)>/gi)]
    .filter(([, tag]) => attribute(tag!, 'type')?.toLowerCase() === 'submit')
    .map(([, tag]) => ({ label: attribute(tag!, 'value') ?? '', own: own(tag!) }));
  return [...buttons, ...inputs];
}

/** The value of an attribute; an empty text when it has none; undefined when it is not there. */
function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}(?:\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+)))?(?=\\s|/|$)`, 'i').exec(tag);
  return found === null ? undefined : decode(found[1] ?? found[2] ?? found[3] ?? '');
}

function textOf(content: string): string {
  return decode(content.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return ENTITIES[String(name).toLowerCase()] ?? whole;
  });
}
