/** The plan's version in words: its number, and when and by whom it was last changed. */
import type { Texts } from '../../i18n/nb.ts';
import type { PlanHeader } from './read-plan-header.ts';

/** @returns `4 – sist endret 18. nov. 2026 av Kari Nes`, as far as is known; empty without a version. */
export function versionText(plan: PlanHeader, texts: Texts, day: (value: string) => string): string {
  const { version, lastUpdated, changedBy } = plan;
  if (version === undefined || lastUpdated === undefined) return version ?? '';
  const changed = texts.plan.versionOf(version, day(lastUpdated));
  return changedBy === undefined ? changed : texts.plan.changedBy(changed, changedBy);
}
