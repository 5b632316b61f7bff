/**
 * The tokens of a FHIRPath expression.
 *
 * Spec: https://hl7.org/fhirpath/#grammar
 */
import { Unsupported } from './values.ts';

export interface Token {
  readonly kind: 'name' | 'quoted' | 'string' | 'number' | 'variable' | 'mark';
  readonly text: string;
}

const TOKEN =
  /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|`([^`]*)`|'((?:[^'\\]|\\.)*)'|(\d+(?:\.\d+)?)|(%[A-Za-z][A-Za-z0-9]*)|(\$this|<=|>=|!=|[-+*=<>()[\]{},.|&]))/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' };

/**
 * The tokens in order.
 * @throws Unsupported at anything else.
 */
export function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  const text = expression.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) throw new Unsupported();
    const [, name, quoted, string, number, variable, mark] = match;
    if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted });
    else if (string !== undefined) tokens.push({ kind: 'string', text: unescaped(string) });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (variable !== undefined) tokens.push({ kind: 'variable', text: variable });
    else tokens.push({ kind: 'mark', text: mark! });
  }
  return tokens;
}

function unescaped(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_whole, mark: string) => {
    if (mark.length > 1) return String.fromCharCode(Number.parseInt(mark.slice(1), 16));
    return ESCAPES[mark] ?? mark;
  });
}
