/**
 * The status of a Task goes the way of FHIR's state machine: what is finished stays finished, nothing goes back to being
 * asked for. A system that does not use a status passes over it, so that several steps may be one change.
 *
 * Spec: https://hl7.org/fhir/R4/task.html#statemachine · https://hl7.org/fhir/R4/valueset-task-status.html
 */
import type { BusinessRule } from './business-rule.ts';
import { ruleBroken } from './rule-broken.ts';

/** Of a Task that was entered in error nothing else is ever true; and any may turn out to be. */
const ERROR = 'entered-in-error';
const ENDS = ['completed', 'failed', 'cancelled'];
const WORK = ['in-progress', 'on-hold', ...ENDS];

/** What may follow each status, besides itself and `entered-in-error`. `ready` stands in place of requested, received and accepted. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  draft: ['requested', 'ready', 'cancelled'],
  requested: ['received', 'accepted', 'rejected', 'ready', ...WORK],
  received: ['accepted', 'rejected', 'ready', ...WORK],
  accepted: ['rejected', 'ready', ...WORK],
  ready: ['rejected', ...WORK],
  'in-progress': WORK,
  'on-hold': WORK,
  completed: [],
  failed: [],
  cancelled: [],
  rejected: [],
  [ERROR]: [],
};

/** True when a Task with the status `from` may get the status `to`. */
export function mayFollow(from: string, to: string): boolean {
  return from === to || to === ERROR || NEXT[from]?.includes(to) !== false;
}

export const taskStatus: BusinessRule = {
  types: ['Task'],
  check({ before, after }, { ctx }) {
    const [from, to] = [before?.status, after?.status];
    if (typeof from !== 'string' || typeof to !== 'string' || mayFollow(from, to)) return;
    const next = [...(NEXT[from] ?? []), ...(from === ERROR ? [] : [ERROR])].join(', ');
    const wanted = to.slice(0, 32);
    const words = {
      en: `A Task that is ${from} does not become ${wanted}: ${next === '' ? 'no other status follows' : `what may follow is ${next}`}`,
      nb: `Et tiltak som er ${from}, blir ikke ${wanted}: ${next === '' ? 'ingen annen status følger' : `det som kan følge, er ${next}`}`,
      nn: `Eit tiltak som er ${from}, blir ikkje ${wanted}: ${next === '' ? 'ingen annan status følgjer' : `det som kan følgje, er ${next}`}`,
    };
    throw ruleBroken(words, ctx.language, 'Task.status');
  },
};
