/**
 * The form a story is written in: what a nurse would tell, with days counted from the anchor. The builders beside this
 * file turn it into FHIR, so that every story says the same thing in the same way.
 *
 * Spec: profiles/README.md
 */
import type { Code } from './codes.ts';
import type { OrganizationKey } from './organizations.ts';
import type { StaffKey } from './staff.ts';

/** Somebody who takes part: the patient, kin of this patient by key, an organisation, or an employee. */
export type Who = 'patient' | `kin:${string}` | `org:${OrganizationKey}` | StaffKey;

export type Municipality = 'solvik' | 'granheim' | 'nordvag';

export interface PersonSpec {
  /** The id of the Patient, and the beginning of every other id in the story. */
  readonly id: string;
  readonly given: string;
  readonly family: string;
  readonly gender: 'female' | 'male';
  readonly birthDate: string;
  readonly home: Municipality;
  readonly street: string;
  readonly gp: StaffKey;
  /** The language the story is written in. */
  readonly language?: 'nb' | 'nn';
  /** Another mother tongue, for which an interpreter is offered. */
  readonly interpreter?: readonly [bcp47: string, name: string];
  readonly kin?: readonly KinSpec[];
  readonly whatMatters?: readonly WordsSpec[];
  readonly team?: TeamSpec;
  readonly plans?: readonly PlanSpec[];
  readonly goals?: readonly GoalSpec[];
  readonly measures?: readonly MeasureSpec[];
  readonly psfs?: PsfsSpec;
  readonly cfs?: readonly CfsSpec[];
  readonly consent?: ConsentSpec;
  readonly needs?: readonly NeedSpec[];
  readonly messages?: readonly MessageSpec[];
  readonly meetings?: readonly MeetingSpec[];
}

export interface KinSpec {
  readonly key: string;
  readonly given: string;
  readonly family: string;
  readonly gender: 'female' | 'male';
  /** A code of v3-RoleCode, the kin's role toward the patient. */
  readonly relation: 'MTH' | 'FTH' | 'DAUC' | 'SONC' | 'HUSB' | 'WIFE' | 'SIS' | 'BRO' | 'DOMPART' | 'NIECE' | 'FRND' | 'GRMTH';
  /** In words, in the story's language: `Datter`. */
  readonly text: string;
  /** The id of the Patient that this person is in another story: number and phone are the same. */
  readonly sameAs?: string;
  /** Who has the parental responsibility for a child, of parents only; left out: both. */
  readonly responsibility?: 'felles' | 'mor' | 'far';
  /** Given for kin who log in themselves: they get a national number. */
  readonly birthDate?: string;
}

export interface WordsSpec {
  readonly key: string;
  readonly day: number;
  readonly words: string;
  /** Who said it; the patient unless another is named. */
  readonly by?: 'patient' | `kin:${string}`;
}

export interface TeamSpec {
  readonly name?: string;
  readonly status?: 'proposed' | 'active' | 'inactive';
  readonly since: number;
  /** The municipality or hospital whose coordinating unit answers for the team. */
  readonly managedBy: OrganizationKey;
  readonly members: readonly MemberSpec[];
}

export interface MemberSpec {
  readonly who: Who;
  /** Taken from the employee's usual role when not given. */
  readonly role?: Code<'fp-team-role'>;
  readonly from?: number;
  readonly to?: number;
}

export interface PlanSpec {
  readonly key: string;
  readonly type: Code<'fp-plan-type'>;
  readonly title: string;
  readonly description?: string;
  readonly status?: 'draft' | 'active' | 'on-hold' | 'revoked' | 'completed';
  readonly from: number;
  readonly to?: number;
  readonly review: number;
  readonly author: StaffKey;
  readonly custodian: OrganizationKey;
  readonly contributors?: readonly Who[];
  readonly partOf?: string;
  readonly goals: readonly string[];
  /** Notes on the plan: resources and needs of the person. */
  readonly note?: string;
}

export interface GoalSpec {
  readonly key: string;
  readonly words: string;
  readonly by?: 'patient' | `kin:${string}`;
  readonly from: number;
  readonly status?: 'proposed' | 'accepted' | 'active' | 'on-hold' | 'completed' | 'cancelled';
  readonly achievement?:
    | 'in-progress'
    | 'improving'
    | 'worsening'
    | 'no-change'
    | 'achieved'
    | 'sustaining'
    | 'not-achieved'
    | 'no-progress';
  readonly addresses: string;
  /** The PSFS activity (by its place in `psfs.activities`) and the score aimed at, within so many days. */
  readonly target?: { readonly activity: number; readonly score: number; readonly due: number };
}

export interface MeasureSpec {
  readonly key: string;
  readonly type: Code<'fp-measure-type'>;
  readonly what: string;
  readonly owner: Who;
  readonly goal: string;
  /** The plan it belongs to; the first one when not given. */
  readonly plan?: string;
  readonly status: 'requested' | 'accepted' | 'rejected' | 'in-progress' | 'on-hold' | 'completed' | 'cancelled' | 'failed';
  readonly from: number;
  readonly due?: number;
  readonly done?: number;
  readonly state?: string;
  readonly hph?: Code<'fp-hph-step'>;
  readonly bti?: Code<'fp-bti-level'>;
  /** The measure this one is a step of. */
  readonly partOf?: string;
  readonly note?: string;
}

export interface PsfsSpec {
  /** At most five; `scores` has one score for each conversation. */
  readonly activities: readonly { readonly name: string; readonly goal?: string; readonly scores: readonly number[] }[];
  readonly conversations: readonly { readonly day: number; readonly by: StaffKey }[];
}

export interface CfsSpec {
  /** The day of the rating; the state rated is that of two weeks before. */
  readonly day: number;
  readonly level: Code<'fp-cfs-level'>;
  readonly rater: StaffKey;
  readonly note?: string;
}

export interface ConsentSpec {
  readonly day: number;
  readonly by?: 'patient' | `kin:${string}`;
  /** Organisations of the team are named by themselves; these come on top. */
  readonly alsoFor?: readonly Who[];
  /** The day the consent that others may see was withdrawn. */
  readonly withdrawn?: number;
  readonly blocks?: readonly { readonly who: Who; readonly reason: Code<'fp-blocking-reason'>; readonly from: number }[];
}

export interface NeedSpec {
  readonly key: string;
  readonly type: Code<'fp-need-type'>;
  readonly day: number;
  readonly by: StaffKey;
  readonly to: OrganizationKey;
  readonly reason: string;
  readonly status: 'active' | 'completed' | 'revoked';
}

export interface MessageSpec {
  readonly key: string;
  readonly type: Code<'fp-message-type'>;
  readonly from: OrganizationKey;
  readonly to: OrganizationKey;
  readonly day: number;
  readonly time: string;
  /** Minutes until the receiver had it; undefined when it has not come yet. */
  readonly received?: number;
  readonly about: string;
}

export interface MeetingSpec {
  readonly key: string;
  readonly what: string;
  readonly day: number;
  readonly time: string;
  readonly minutes: number;
  readonly with: readonly Who[];
  readonly status: 'proposed' | 'booked' | 'fulfilled' | 'cancelled' | 'noshow';
  readonly note?: string;
}
