/** A search as a tree, so that it can be judged without being parsed; and as it is written in a URL. */

export type Prefix = '' | 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';

export type Value =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'date' | 'number'; readonly prefix: Prefix; readonly text: string }
  | { readonly is: 'quantity'; readonly prefix: Prefix; readonly text: string; readonly system?: string; readonly code?: string }
  /** `system` undefined: any; null: none. */
  | { readonly is: 'token'; readonly system?: string | null; readonly code?: string }
  | { readonly is: 'of-type'; readonly system: string; readonly code: string; readonly value: string }
  | { readonly is: 'reference'; readonly type?: string; readonly id: string }
  | { readonly is: 'composite'; readonly parts: readonly Value[] };

export type Condition =
  | { readonly is: 'value'; readonly code: string; readonly modifier?: string; readonly values: readonly Value[] }
  | { readonly is: 'missing'; readonly code: string; readonly missing: boolean }
  | { readonly is: 'ids'; readonly ids: readonly string[]; readonly not?: boolean }
  | { readonly is: 'updated'; readonly prefix: Prefix; readonly text: string }
  | { readonly is: 'chain'; readonly code: string; readonly type?: string; readonly rest: Condition }
  | { readonly is: 'has'; readonly type: string; readonly code: string; readonly rest: Condition }
  | { readonly is: 'filter'; readonly filter: Filter }
  /** In the list of this id. */
  | { readonly is: 'list'; readonly id: string }
  /** Some text of the resource has a word that begins with this one. */
  | { readonly is: 'content'; readonly word: string };

export type Filter =
  | { readonly is: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly is: 'not'; readonly filter: Filter }
  /** `negative`: with `ne`, which asks for a value that is another. */
  | { readonly is: 'test'; readonly path: readonly string[]; readonly operator: string; readonly value: Value };

export interface Search {
  /** One type, several (`_type`), or none: all. */
  readonly types: readonly string[];
  readonly conditions: readonly Condition[];
  /** Whose compartment is searched. */
  readonly owner?: { readonly type: string; readonly id: string };
  /** What resources contain is searched, alone or beside them; shown is this, or what contains it. */
  readonly contained?: { readonly which: 'true' | 'both'; readonly as: 'container' | 'contained' };
}

const escaped = (text: string): string => text.replace(/[\\,$|]/g, '\\$&');

/** A value as a search has it, not yet encoded. */
function valueText(value: Value): string {
  switch (value.is) {
    case 'text':
      return escaped(value.text);
    case 'date':
    case 'number':
      return `${value.prefix}${value.text}`;
    case 'quantity': {
      const unit =
        value.system === undefined && value.code === undefined ? '' : `|${escaped(value.system ?? '')}|${escaped(value.code ?? '')}`;
      return `${value.prefix}${value.text}${unit}`;
    }
    case 'token': {
      if (value.system === undefined) return escaped(value.code ?? '');
      return `${escaped(value.system ?? '')}|${escaped(value.code ?? '')}`;
    }
    case 'of-type':
      return [value.system, value.code, value.value].map(escaped).join('|');
    case 'reference':
      return value.type === undefined ? value.id : `${value.type}/${value.id}`;
    case 'composite':
      return value.parts.map(valueText).join('$');
  }
}

/** Name and value of the parameter that says `condition`. */
function parameterOf(condition: Condition): readonly [name: string, value: string] {
  switch (condition.is) {
    case 'value': {
      const { code, modifier, values } = condition;
      return [modifier === undefined ? code : `${code}:${modifier}`, values.map(valueText).join(',')];
    }
    case 'missing':
      return [`${condition.code}:missing`, String(condition.missing)];
    case 'ids':
      return [condition.not === true ? '_id:not' : '_id', condition.ids.join(',')];
    case 'updated':
      return ['_lastUpdated', `${condition.prefix}${condition.text}`];
    case 'chain': {
      const [name, value] = parameterOf(condition.rest);
      return [`${condition.code}${condition.type === undefined ? '' : `:${condition.type}`}.${name}`, value];
    }
    case 'has': {
      const [name, value] = parameterOf(condition.rest);
      return [`_has:${condition.type}:${condition.code}:${name}`, value];
    }
    case 'filter':
      return ['_filter', filterText(condition.filter)];
    case 'list':
      return ['_list', condition.id];
    case 'content':
      return ['_content', condition.word];
  }
}

function filterText(filter: Filter): string {
  switch (filter.is) {
    case 'not':
      return `not (${filterText(filter.filter)})`;
    case 'test': {
      const { value } = filter;
      const text = value.is === 'text' || value.is === 'date' || value.is === 'number' ? value.text : valueText(value);
      return `${filter.path.join('.')} ${filter.operator} "${text.replace(/["\\]/g, '\\$&')}"`;
    }
    default:
      return `(${filterText(filter.left)}) ${filter.is} (${filterText(filter.right)})`;
  }
}

/** Where a search is sent, below the base, and its parameters with further ones behind. */
export function requestOf(
  { types, conditions, owner, contained }: Search,
  more: readonly (readonly [string, string])[] = [],
): { readonly path: string; readonly query: string } {
  const [only, ...others] = types;
  const system = others.length > 0 || only === undefined;
  const kinds: (readonly [string, string])[] = system && types.length > 0 ? [['_type', types.join(',')]] : [];
  const within =
    contained === undefined
      ? []
      : ([
          ['_contained', contained.which],
          ['_containedType', contained.as],
        ] as const);
  const parameters = [...kinds, ...conditions.map(parameterOf), ...within, ...more];
  const query = parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  return { path: [...(owner === undefined ? [] : [owner.type, owner.id]), ...(system ? [] : [only])].join('/'), query };
}
