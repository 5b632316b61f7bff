/** A small server of app state, as SMART has it, that can be wrong in single things: none of ours keeps any. */
import type { Message, Reply, Spoiler } from './front.ts';

interface Basic {
  id: string;
  meta: { versionId: string };
  subject?: { reference: string };
  code: { coding: readonly { system: string; code: string }[] };
  [element: string]: unknown;
}

export const STATE_CODE = { system: 'https://app.example', code: 'preferences' };

/** What it does wrong. */
export interface Wrong {
  readonly changesWhatIsSent?: boolean;
  readonly keepsNothingLarge?: boolean;
  readonly oneId?: boolean;
  readonly findsNothing?: boolean;
  readonly findsAll?: boolean;
  readonly noVersions?: boolean;
  readonly changesWithoutMatch?: boolean;
  readonly changesAnything?: boolean;
  readonly keepsWhatIsRemoved?: boolean;
  readonly asksNobody?: boolean;
  readonly takesAnyCode?: boolean;
}

/** Answers at `/app-state`, which is announced as an associated endpoint. */
export function appStateServer(origin: string, wrong: Wrong = {}): Spoiler {
  const kept = new Map<string, Basic>();
  let count = 0;
  const version = () => {
    count += 1;
    return wrong.noVersions === true ? 'v' : `v${count}`;
  };
  const reply = (status: number, body?: object, etag?: string): Reply => ({
    status,
    headers: { 'content-type': 'application/fhir+json', ...(etag === undefined ? {} : { etag: `W/"${etag}"` }) },
    body: body === undefined ? '' : JSON.stringify(body),
  });
  const isOwn = ({ code }: Basic) => code.coding.length === 1 && code.coding[0]?.system === STATE_CODE.system;

  function create(sent: Basic): Reply {
    if (!isOwn(sent) && wrong.takesAnyCode !== true) return reply(403);
    if (wrong.keepsNothingLarge === true && JSON.stringify(sent).length > 10_000) return reply(413);
    const state = {
      ...sent,
      ...(wrong.changesWhatIsSent === true ? { extension: [] } : {}),
      id: wrong.oneId === true ? 'one' : `s${count}`,
      meta: { versionId: version() },
    };
    kept.set(state.id, state);
    return reply(201, state, state.meta.versionId);
  }

  function find(query: URLSearchParams): Reply {
    const [system, code] = (query.get('code') ?? '').split('|');
    const isMeant = (state: Basic) =>
      wrong.findsAll === true ||
      (state.code.coding.some((each) => each.system === system && each.code === code) &&
        (query.get('subject:missing') === 'true' ? state.subject === undefined : state.subject?.reference === query.get('subject')));
    const resources = wrong.findsNothing === true ? [] : [...kept.values()].filter(isMeant);
    return reply(200, { resourceType: 'Bundle', type: 'searchset', entry: resources.map((resource) => ({ resource })) });
  }

  function update(id: string, message: Message): Reply {
    const before = kept.get(id);
    const refused = matching(before, message);
    if (refused !== undefined || before === undefined) return refused ?? reply(412);
    const sent = JSON.parse(message.body) as Basic;
    const isSame = JSON.stringify([sent.subject, sent.code]) === JSON.stringify([before.subject, before.code]);
    if (!isSame && wrong.changesAnything !== true) return reply(412);
    const state = { ...sent, meta: { versionId: version() } };
    kept.set(id, state);
    return reply(200, state, state.meta.versionId);
  }

  function remove(id: string, message: Message): Reply {
    const refused = matching(kept.get(id), message);
    if (refused !== undefined) return refused;
    if (wrong.keepsWhatIsRemoved !== true) kept.delete(id);
    return reply(204);
  }

  /** A refusal unless the version is the one that is kept. */
  function matching(state: Basic | undefined, { headers }: Message): Reply | undefined {
    if (wrong.changesWithoutMatch === true && state !== undefined) return undefined;
    if (headers['if-match'] === undefined) return reply(428);
    return state !== undefined && headers['if-match'] === `W/"${state.meta.versionId}"` ? undefined : reply(412);
  }

  return {
    answer(message) {
      const { pathname, searchParams } = new URL(message.path, 'http://x');
      if (!pathname.startsWith('/app-state/Basic')) return undefined;
      if (message.headers.authorization === undefined && wrong.asksNobody !== true) return reply(401);
      const id = pathname.split('/')[3];
      if (message.method === 'POST') return create(JSON.parse(message.body) as Basic);
      if (id === undefined) return find(searchParams);
      return message.method === 'PUT' ? update(id, message) : remove(id, message);
    },
    reply(answer, sent) {
      if (!sent.path.endsWith('/smart-configuration')) return;
      const endpoints = [{ url: `${origin}/app-state`, capabilities: ['smart-app-state'] }];
      answer.body = JSON.stringify({ ...JSON.parse(answer.body), associated_endpoints: endpoints });
    },
  };
}
