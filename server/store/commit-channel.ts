/**
 * Where a store tells of its commits, for those who measure; costs nothing while nobody listens.
 *
 * Spec: https://nodejs.org/docs/latest-v24.x/api/diagnostics_channel.html
 */
import { type Channel, channel } from 'node:diagnostics_channel';

/** Told at each commit: how many pieces of work shared it. */
export interface CommitMessage {
  readonly size: number;
}

export const COMMITS: Channel = channel('fellesplan.commit');
