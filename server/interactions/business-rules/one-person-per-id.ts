/**
 * An id stays with the person it was given to. Roles, teams and consents name people by their ids, and go on doing so when
 * a record is deleted: whoever wrote another person under the same id would give them all of it. Administration, which
 * deletes, may take a deletion back.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#delete (a deleted resource may be brought back by an update)
 */
import { isUnbound } from '../../auth/access-rule/actor.ts';
import type { BusinessRule } from './business-rule.ts';
import { ruleBroken } from './rule-broken.ts';

export const onePersonPerId: BusinessRule = {
  types: ['Patient', 'Practitioner', 'RelatedPerson'],
  check(change, { ctx }) {
    const { type, versionId, after } = change;
    if (versionId === 1 || after === undefined || ctx.access.writeRule === undefined || isUnbound(ctx.principal)) return;
    if (change.before !== undefined) return;
    const words = {
      en: `This id belonged to a ${type} that has been deleted, and may still be named elsewhere. Another person gets an id of their own; whoever runs the service takes a deletion back.`,
      nb: `Denne id-en hørte til en ${type} som er slettet, og kan fortsatt være nevnt andre steder. En annen person får en egen id; de som drifter tjenesten, gjør om en sletting.`,
      nn: `Denne id-en høyrde til ein ${type} som er sletta, og kan framleis vere nemnd andre stader. Ein annan person får ein eigen id; dei som driftar tenesta, gjer om ei sletting.`,
    };
    throw ruleBroken(words, ctx.language, `${type}.id`);
  },
};
