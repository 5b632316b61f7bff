/** The access log as the tests of attacks read it: one line for each AuditEvent. */
import type { ResourceStore } from '../../server/store/resource-store.ts';

export interface LoggedEvent {
  readonly id: string;
  /** `outcome who what why whose`, as far as the event says: `8 app-a launch invalid_grant`. */
  readonly line: string;
  readonly outcome: string;
  readonly json: string;
}

interface AuditEvent {
  readonly id: string;
  readonly outcome: string;
  readonly outcomeDesc?: string;
  readonly agent: readonly { readonly who?: { readonly reference?: string; readonly display?: string } }[];
  readonly entity?: readonly {
    readonly what?: { readonly reference: string };
    readonly role?: { readonly code: string };
    readonly detail?: readonly { readonly type: string; readonly valueString: string }[];
  }[];
}

const AT_MOST = 5000;

/** All AuditEvents but the seals, in the order of writing. */
export async function loggedEvents(store: ResourceStore): Promise<readonly LoggedEvent[]> {
  const page = await store.search({ types: ['AuditEvent'], where: { op: 'all' }, sort: [], limit: AT_MOST, total: 'none' });
  return page.matches.flatMap(({ json }) => {
    const event = JSON.parse(json) as AuditEvent;
    const { id, outcome, entity = [] } = event;
    const interactions = entity.flatMap(({ detail = [] }) => detail.filter(({ type }) => type === 'interaction'));
    if (interactions.length === 0) return [];
    const [who] = event.agent;
    const patients = entity.flatMap(({ what, role }) => (role?.code === '1' && what !== undefined ? [what.reference] : []));
    const what = [...new Set(interactions.map(({ valueString }) => valueString))].join('+');
    const parts = [outcome, who?.who?.reference ?? who?.who?.display, what, event.outcomeDesc, ...patients];
    return [{ id, outcome, json, line: parts.filter((part) => part !== undefined).join(' ') }];
  });
}
