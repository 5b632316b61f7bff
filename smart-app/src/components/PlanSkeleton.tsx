/**
 * The shape of the screen while the plan is on its way; who waits long reads what for.
 */
import { Skeleton } from '@mantine/core';
import { useLanguage } from '../i18n/language-context.tsx';

export function PlanSkeleton({ text }: { readonly text?: string }) {
  const { texts } = useLanguage();
  return (
    <div aria-busy="true">
      <p role="status" className="fp-waiting">
        {text ?? texts.app.loading}
      </p>
      <div aria-hidden="true">
        <Skeleton height={28} width="45%" mb="md" />
        <div className="fp-top">
          <Skeleton height={150} />
          <Skeleton height={150} />
        </div>
        <div className="fp-columns">
          <div className="fp-column">
            <Skeleton height={210} />
            <Skeleton height={260} />
          </div>
          <div className="fp-column">
            <Skeleton height={340} />
          </div>
        </div>
      </div>
    </div>
  );
}
