/**
 * The one screen: the person's words and the coordinator first, then what to do when something changes, goals, measures and scores,
 * with the team and what goes on between the services beside them.
 */
import { useState } from 'react';
import { CfsHistory } from '../features/cfs/CfsHistory.tsx';
import { isCfsExpected, readCfs } from '../features/cfs/read-cfs.ts';
import { ChangeList } from '../features/changes/ChangeList.tsx';
import { readChanges, readVersionChange } from '../features/changes/read-changes.ts';
import { CoordinatorCard } from '../features/coordinator/CoordinatorCard.tsx';
import { readCoordinator } from '../features/coordinator/read-coordinator.ts';
import { EmergencyUses } from '../features/emergency-access/EmergencyUses.tsx';
import { readEmergencyUses } from '../features/emergency-access/read-emergency-uses.ts';
import { GoalList } from '../features/goals/GoalList.tsx';
import { readGoals } from '../features/goals/read-goals.ts';
import { MeasureTable } from '../features/measures/MeasureTable.tsx';
import { readMeasures } from '../features/measures/read-measures.ts';
import { NextMeeting } from '../features/meeting/NextMeeting.tsx';
import { readMeetings } from '../features/meeting/read-meeting.ts';
import { MessageList } from '../features/messages/MessageList.tsx';
import { readMessages } from '../features/messages/read-messages.ts';
import { NoPlan } from '../features/no-plan/NoPlan.tsx';
import { readCoordinatingUnits } from '../features/no-plan/read-coordinating-unit.ts';
import { PlanFacts } from '../features/plan-header/PlanFacts.tsx';
import { PlanHeading } from '../features/plan-header/PlanHeading.tsx';
import { orderPlans, partsOf, readPlanHeader } from '../features/plan-header/read-plan-header.ts';
import { PsfsPanel } from '../features/psfs/PsfsPanel.tsx';
import { readPsfs } from '../features/psfs/read-psfs.ts';
import { readSelfCare } from '../features/self-care/read-self-care.ts';
import { SelfCare } from '../features/self-care/SelfCare.tsx';
import { readTeam } from '../features/team/read-team.ts';
import { TeamList } from '../features/team/TeamList.tsx';
import { readWhatMatters } from '../features/what-matters/read-what-matters.ts';
import { WhatMatters } from '../features/what-matters/WhatMatters.tsx';
import { dayOfMs } from '../fhir/dates.ts';
import type { PlanData } from '../fhir/plan-data.ts';

interface PlanScreenProps {
  readonly data: PlanData;
  /** Whether the reader is the person it is about. */
  readonly own: boolean;
}

export function PlanScreen({ data, own }: PlanScreenProps) {
  const [chosen, setChosen] = useState<string>();
  const today = dayOfMs(data.fetchedAtMs);
  const plans = orderPlans(data.plans);
  const plan = plans.find((candidate) => candidate.id === chosen) ?? plans[0];
  const answers = readWhatMatters(data);

  if (plan === undefined) {
    const coordinator = readCoordinator(undefined, data.teams, data, today);
    return (
      <>
        <NoPlan coordinating={readCoordinatingUnits(data)} own={own} />
        {/* A person may have a coordinator, a team and words of their own without a plan. */}
        {coordinator === undefined && answers.length === 0 ? null : (
          <div className="fp-top">
            {answers.length === 0 ? null : <WhatMatters answers={answers} own={own} />}
            {coordinator === undefined ? null : <CoordinatorCard coordinator={coordinator} />}
          </div>
        )}
        {data.teams.length === 0 ? null : <TeamList team={readTeam(data.teams, data, today)} />}
      </>
    );
  }

  const { teams, goals, tasks, nested } = partsOf(plan, data);
  const changes = readChanges(plan, data);
  const headerOf = (one: typeof plan) => readPlanHeader(one, data, today, readVersionChange(one, data));
  return (
    <>
      <PlanHeading
        plan={headerOf(plan)}
        plans={plans.filter((candidate) => candidate.partOf === undefined || candidate.id === plan.id).map(headerOf)}
        onChoose={setChosen}
      />
      <div className="fp-top">
        <WhatMatters answers={answers} own={own} />
        <CoordinatorCard coordinator={readCoordinator(plan, teams, data, today)} />
      </div>
      <SelfCare plans={readSelfCare(plan, data)} />
      <div className="fp-columns">
        <div className="fp-column">
          <GoalList goals={readGoals(goals, tasks, data)} />
          <MeasureTable measures={readMeasures(tasks, goals, data, today)} />
          <PsfsPanel psfs={readPsfs(data)} />
          <CfsHistory ratings={readCfs(data)} expected={isCfsExpected(data, today)} />
          <PlanFacts plan={headerOf(plan)} nested={nested.map(headerOf)} />
        </div>
        <div className="fp-column">
          <EmergencyUses uses={readEmergencyUses(data)} />
          <NextMeeting meetings={readMeetings(data)} />
          <TeamList team={readTeam(teams, data, today)} />
          <MessageList messages={readMessages(data)} />
          <ChangeList changes={changes} />
        </div>
      </div>
    </>
  );
}
